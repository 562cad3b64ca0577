"""TensorBoard event files with scalars, pictures and audio, written without TensorFlow.

Keras's own TensorBoard callback writes through TensorFlow, which must not be imported when JAX is the engine, and
has no audio.
"""

import io
import os
import time
from pathlib import Path

import numpy as np
import soundfile
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata
from tensorboard.summary.writer.record_writer import RecordWriter


class TensorboardLog:
    """Appends to one event file in a folder; several files in a folder are read as one log.

    Parameters
    ----------
    folder : Path
        Created where it does not exist.
    """

    def __init__(self, folder: Path):
        folder.mkdir(parents=True, exist_ok=True)
        name = f"events.out.tfevents.{time.time_ns()}.{os.getpid()}"
        self._file = open(folder / name, "wb")
        self._records = RecordWriter(self._file)
        self._write(Event(wall_time=time.time(), file_version="brain.Event:2"))

    def scalars(self, values: dict[str, float], *, step: int) -> None:
        """One point on each named curve."""
        self._add(step, *(Summary.Value(tag=name, simple_value=value) for name, value in values.items()))

    def image(self, name: str, png: bytes, *, step: int) -> None:
        """A picture, as the bytes of a PNG file."""
        # Width and height are in the PNG's header: two big-endian words from byte 16.
        width, height = (int.from_bytes(png[at : at + 4], "big") for at in (16, 20))
        picture = Summary.Image(encoded_image_string=png, width=width, height=height, colorspace=4)
        self._add(step, Summary.Value(tag=name, image=picture))

    def audio(self, name: str, wave: np.ndarray, *, rate: int, step: int) -> None:
        """A waveform ``(samples,)`` in [-1, 1], stored as 16-bit WAV."""
        encoded = io.BytesIO()
        soundfile.write(encoded, np.clip(wave, -1.0, 1.0), rate, format="WAV", subtype="PCM_16")
        sound = Summary.Audio(
            encoded_audio_string=encoded.getvalue(),
            sample_rate=rate,
            num_channels=1,
            length_frames=len(wave),
            content_type="audio/wav",
        )
        metadata = SummaryMetadata(plugin_data=SummaryMetadata.PluginData(plugin_name="audio"))
        self._add(step, Summary.Value(tag=name, audio=sound, metadata=metadata))

    def close(self) -> None:
        """Write what is buffered and close the file."""
        self._file.close()

    def _add(self, step: int, *values: Summary.Value) -> None:
        self._write(Event(wall_time=time.time(), step=step, summary=Summary(value=values)))

    def _write(self, event: Event) -> None:
        self._records.write(event.SerializeToString())
        self._file.flush()
