"""One file through a model: length, rate, channels and level are the input's."""

import errno
import io
import tracemalloc
import types

import numpy as np
import pytest
import soundfile

from melgan_vc.audio import encoders, writer
from melgan_vc.audio.chunks import ChunkedPass, Reach
from melgan_vc.audio.files import AudioReader
from melgan_vc.convert.stream import convert_file
from melgan_vc.errors import MelganVcError
from melgan_vc.methods.presets import preset
from melgan_vc.vocoders.griffin_lim import GriffinLim


class Counting:
    """A model that counts the frames it translates."""

    def __init__(self, model):
        self.config, self.features, self.prepares = model.config, (), False
        self.model, self.frames = model, 0

    def in_chunks(self, prepared=None):
        chunks = self.model.in_chunks(prepared)
        run = chunks._run

        def counted(frames):
            self.frames += frames.shape[0] * frames.shape[1]
            return run(frames)

        chunks._run = counted
        return chunks


@pytest.fixture
def convert(identity_model, vocoder, tmp_path):
    """``convert(path)`` gives the converted waveform ``(frames, channels)`` and its rate."""

    def call(path, *, model=identity_model, target="out.wav"):
        convert_file(path, tmp_path / target, model=model, vocoder=vocoder, overwrite=True)
        return soundfile.read(tmp_path / target, always_2d=True)

    return call


def noise(frames, channels=1, level=0.1, seed=0):
    return level * np.random.default_rng(seed).standard_normal((frames, channels))


def decibels(wave):
    return 10 * np.log10(np.mean(np.square(wave)))


@pytest.mark.parametrize("rate", [8000, 16000, 22050, 44100, 48000])
@pytest.mark.parametrize("frames", [3, 999, 12_347])
def test_the_length_is_the_inputs_to_the_sample(convert, record, rate, frames):
    wave, found = convert(record("in.wav", noise(frames), rate=rate))
    assert (wave.shape, found) == ((frames, 1), rate)


@pytest.mark.parametrize("channels", [1, 2, 6])
@pytest.mark.parametrize("rate", [8000, 44100])
def test_channels_and_rate_are_the_inputs(convert, record, channels, rate):
    wave, found = convert(record("in.wav", noise(70_001, channels), rate=rate))
    assert (wave.shape, found) == ((70_001, channels), rate), "more than one block, the channels in step"
    lost = 10 * np.log10(8000 / rate)  # of white noise, what the model's rate cannot hold
    for channel in wave.T:
        assert decibels(channel) == pytest.approx(-20 + lost, abs=1.5)


def test_each_channel_is_converted_for_itself(convert, record):
    time = np.arange(16_000) / 8000
    pitches = (300.0, 1000.0)
    tones = 0.1 * np.stack([np.sin(2 * np.pi * pitch * time) for pitch in pitches], axis=1)
    wave, _ = convert(record("in.wav", tones))
    for channel, pitch in zip(wave.T, pitches, strict=True):
        loudest = np.argmax(np.abs(np.fft.rfft(channel))) / 2
        assert loudest == pytest.approx(pitch, rel=0.05)


def test_identical_channels_are_converted_once(convert, record, identity_model):
    one, two, different = (Counting(identity_model) for _ in range(3))
    mono, stereo = noise(16_001), noise(16_001, 2)
    convert(record("mono.wav", mono), model=one)
    twice, _ = convert(record("twice.wav", np.repeat(mono, 2, axis=1)), model=two)
    convert(record("stereo.wav", stereo), model=different)
    assert two.frames == one.frames and different.frames == 2 * one.frames
    np.testing.assert_array_equal(twice[:, 0], twice[:, 1])


@pytest.mark.parametrize("level_db", [-78, -60, -40, -26, -12])
def test_the_level_comes_back(convert, record, level_db):
    wave = noise(16_000, level=10 ** (level_db / 20))
    converted, _ = convert(record("in.wav", wave, subtype="FLOAT"))
    assert decibels(converted) == pytest.approx(level_db, abs=1.0)


@pytest.mark.parametrize("rate", [8000, 44100])
@pytest.mark.parametrize("at", [0.25, 1.5])
def test_nothing_is_shifted_in_time(convert, record, rate, at):
    wave = noise(2 * rate, level=1e-4)
    position = int(at * rate)
    wave[position : position + rate // 100] += noise(rate // 100, level=0.3, seed=1)
    converted, _ = convert(record("in.wav", wave, rate=rate, subtype="FLOAT"))
    power = np.square(converted[:, 0])
    centre = np.average(np.arange(len(power)), weights=power) / rate
    assert centre == pytest.approx(at + 0.005, abs=0.01)


def test_silence_stays_silent(convert, record):
    wave, _ = convert(record("in.wav", np.zeros((10_001, 2))))
    assert wave.shape == (10_001, 2) and np.abs(wave).max() < 2e-4


def test_one_sample(convert, record):
    wave, rate = convert(record("in.wav", np.full((1, 2), 0.5)))
    assert wave.shape == (1, 2) and rate == 8000
    with pytest.raises(MelganVcError, match=r"it holds 1 frames at 44100 Hz, which is no sound at 8000 Hz"):
        convert(record("in.wav", np.full((1, 2), 0.5), rate=44100))


def test_the_same_settings_are_asked_of_the_vocoder(identity_model, record, tmp_path):
    other = GriffinLim(preset("voice").mel)
    with pytest.raises(MelganVcError, match=r"rate is 8000 in the model and 16000 in the vocoder"):
        convert_file(record("in.wav", noise(99)), tmp_path / "out.wav", model=identity_model, vocoder=other)


def test_to_a_stream(identity_model, vocoder, record):
    stream = io.BytesIO()
    done = convert_file(record("in.flac", noise(8001, 2)), stream, model=identity_model, vocoder=vocoder)
    wave, rate = soundfile.read(io.BytesIO(stream.getvalue()))
    assert (wave.shape, rate) == ((8001, 2), 8000)
    assert (done.seconds, done.channels) == (8001 / 8000, 2)


@pytest.mark.parametrize("name", ["naïve 音楽 [live] 'q'.wav", "-leading dash.wav", "two  spaces .wav"])
def test_names_of_any_kind(convert, record, name):
    wave, _ = convert(record(name, noise(999)), target=f"converted {name}")
    assert len(wave) == 999


def test_it_never_writes_over_its_input(identity_model, vocoder, record, tmp_path):
    source = record("in.wav", noise(999))
    before = source.read_bytes()
    (tmp_path / "link.wav").symlink_to(source)
    for target in (source, tmp_path / "x" / ".." / "in.wav", tmp_path / "link.wav"):
        (tmp_path / "x").mkdir(exist_ok=True)
        with pytest.raises(MelganVcError, match="Expected an output other than the input"):
            convert_file(source, target, model=identity_model, vocoder=vocoder, overwrite=True)
    assert source.read_bytes() == before


def test_an_existing_file_is_kept(identity_model, vocoder, record, tmp_path):
    (tmp_path / "out.wav").write_text("precious")
    with pytest.raises(MelganVcError, match=r"Expected a new file, received: .*out.wav"):
        convert_file(record("in.wav", noise(999)), tmp_path / "out.wav", model=identity_model, vocoder=vocoder)
    assert (tmp_path / "out.wav").read_text() == "precious"


def zero_samples(path):
    soundfile.write(path, np.zeros((0, 1)), 8000)


def not_a_number(path):
    soundfile.write(path, np.where(np.arange(8000) == 4000, np.nan, 0.1), 8000, subtype="FLOAT")


BAD_FILES = {
    "missing.wav": (lambda path: None, "it does not exist"),
    "empty.wav": (lambda path: path.write_bytes(b""), "empty"),
    "words.wav": (lambda path: path.write_text("no sound " * 999), "words.wav"),
    "header.wav": (lambda path: path.write_bytes(b"RIFF\x24\0\0\0WAVEfmt "), "header.wav"),
    "zero.wav": (zero_samples, "it holds no sound"),
    "nan.wav": (not_a_number, r"nan in channel 1 at 0\.500 s"),
    "folder.wav": (lambda path: path.mkdir(), "it is a folder"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_gets_a_sentence_and_leaves_nothing(identity_model, vocoder, tmp_path, name):
    make, message = BAD_FILES[name]
    make(tmp_path / name)
    with pytest.raises(MelganVcError, match=message) as caught:
        convert_file(tmp_path / name, tmp_path / "out" / "out.wav", model=identity_model, vocoder=vocoder)
    assert "\n" not in str(caught.value) and name in str(caught.value)
    assert not list(tmp_path.glob("out/*"))


def test_no_permission_to_read(identity_model, vocoder, record, tmp_path, monkeypatch):
    source, usual_open = record("secret.wav", noise(99)), open

    def guarded(path, *arguments, **options):
        if str(path) == str(source):
            raise PermissionError(errno.EACCES, "Permission denied")
        return usual_open(path, *arguments, **options)

    monkeypatch.setattr("builtins.open", guarded)
    with pytest.raises(MelganVcError, match=r"secret.wav \(there is no permission to read it\)"):
        convert_file(source, tmp_path / "out.wav", model=identity_model, vocoder=vocoder)


@pytest.mark.parametrize("length", [0, 0x7FFFFFF0])
def test_a_header_that_lies_about_its_length(convert, record, length):
    path = record("in.wav", noise(8001))
    content = bytearray(path.read_bytes())
    content[40:44] = length.to_bytes(4, "little")
    path.write_bytes(content)
    with AudioReader(path) as reader:
        frames = sum(len(block) for block in reader.blocks())
    wave, _ = convert(path)
    assert len(wave) == frames == 8001


def test_a_truncated_file_gives_what_is_there(convert, record):
    path = record("in.wav", noise(8001))
    path.write_bytes(path.read_bytes()[: 44 + 2 * 5000])
    wave, _ = convert(path)
    assert len(wave) == 5000


def test_a_full_disk_leaves_nothing_behind(identity_model, vocoder, record, tmp_path, monkeypatch):
    class FullDisk(io.FileIO):
        def write(self, data):
            if self.tell() + len(data) > 20_000:
                raise OSError(errno.ENOSPC, "No space left on device")
            return super().write(data)

    class FileOnFullDisk(encoders.RecordingFile, FullDisk):
        pass

    monkeypatch.setattr(writer, "RecordingFile", FileOnFullDisk)
    source = record("in.wav", noise(100_000))
    with pytest.raises(MelganVcError, match=r"Could not write .*the disk is full.*half-written file was removed"):
        convert_file(source, tmp_path / "out" / "out.wav", model=identity_model, vocoder=vocoder)
    assert not list(tmp_path.glob("out/*")) and not list(tmp_path.glob("out/.*"))


def test_memory_does_not_grow_with_the_length(tmp_path):
    config = preset("debug")
    hop = config.mel.hop_length

    def in_chunks(prepared):
        reach, silence = Reach(8, 8), np.full(config.mel.n_mels, -1.0)
        return ChunkedPass(lambda mels: mels, reach=reach, silence=silence, batch=4)

    model = types.SimpleNamespace(config=config, features=(), prepares=False, in_chunks=in_chunks)
    stub = types.SimpleNamespace(
        config=config.mel,
        stream=lambda mels: (np.repeat(mel[:, 0], hop).astype(np.float32) for mel in mels),
    )

    def peak(minutes):
        with soundfile.SoundFile(tmp_path / "in.wav", "w", 8000, 2) as file:
            for number in range(minutes):
                file.write(noise(8000 * 60, 2, seed=number))
        tracemalloc.start()
        convert_file(tmp_path / "in.wav", tmp_path / "out.wav", model=model, vocoder=stub, overwrite=True)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert soundfile.info(tmp_path / "out.wav").frames == 8000 * 60 * minutes
        return most

    few = peak(2)
    assert peak(5) < 1.1 * few < 60e6
