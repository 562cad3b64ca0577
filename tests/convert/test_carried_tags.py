"""What a file says of the music is said of its conversion too."""

import numpy as np

from melgan_vc.audio.files import AudioReader, AudioWriter
from melgan_vc.convert.stream import convert_file


def test_a_conversion_keeps_title_and_artist(identity_model, vocoder, tmp_path):
    tags = {"title": "Für Elise", "artist": "Beethoven"}
    with AudioWriter(tmp_path / "in.flac", rate=8000, channels=1, tags=tags) as out:
        out.write(0.1 * np.random.default_rng(0).standard_normal(4000))
    for name in ("out.wav", "out.mp3"):
        convert_file(tmp_path / "in.flac", tmp_path / name, model=identity_model, vocoder=vocoder)
        with AudioReader(tmp_path / name) as reader:
            assert reader.tags == tags
