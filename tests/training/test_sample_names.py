"""What clips that are made again and again are called."""

import os
from pathlib import Path

import pytest

from melgan_vc.methods.samples import clip_name
from melgan_vc.training.log.tensorboard import TensorboardLog


@pytest.mark.parametrize("stem", [os.fsdecode(b"caf\xe9"), "a\x1b[31mb", "\u00e9" * 120, "x" * 250, "plain [live]"])
def test_a_clip_can_be_logged_and_written(stem, tmp_path):
    name = clip_name(Path("songs", f"{stem}.wav"))
    assert name.isprintable() and (name == stem or stem != "plain [live]")
    board = TensorboardLog(tmp_path / "logs")
    board.scalars({f"clips/{name}": 1.0}, step=1)
    board.close()
    (tmp_path / f".partial-1234567-{name}-converted.flac").touch()
