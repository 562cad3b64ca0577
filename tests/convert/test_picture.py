"""A picture of source and result."""

import pytest

from melgan_vc.convert.picture import draw_conversion
from melgan_vc.errors import MelganVcError
from melgan_vc.methods.presets import preset


@pytest.fixture
def files(record, draw):
    """A stereo source and a mono result, of other rates than the model's and longer than is drawn."""
    source = record("source.wav", 0.1 * draw.standard_normal((66_150, 2)), rate=22050)
    return source, record("result.flac", 0.1 * draw.standard_normal(48_000), rate=16000)


def size(png):
    content = png.read_bytes()
    assert content.startswith(b"\x89PNG")
    return tuple(int.from_bytes(content[at : at + 4], "big") for at in (16, 20))


def test_it_lies_beside_the_result(files, tmp_path):
    place = draw_conversion(*files, preset("debug").mel, seconds=2.0)
    assert place == tmp_path / "result.png"
    width, height = size(place)
    assert width >= 600 and height == 480


def test_an_existing_picture_is_kept(files, tmp_path):
    (tmp_path / "result.png").write_text("precious")
    with pytest.raises(MelganVcError, match="result.png .it exists; --force replaces it"):
        draw_conversion(*files, preset("debug").mel)
    assert (tmp_path / "result.png").read_text() == "precious"
    draw_conversion(*files, preset("debug").mel, overwrite=True)
    assert size(tmp_path / "result.png")
