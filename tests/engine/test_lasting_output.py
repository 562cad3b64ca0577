"""Printing goes on when nobody reads any more."""

import io
import os

import pytest
from rich.console import Console

from melgan_vc.engine.lasting_output import LastingOutput, lasting


@pytest.fixture
def pipe():
    """Both ends of a pipe, as text files."""
    reader, writer = (open(end, mode) for end, mode in zip(os.pipe(), "rw", strict=True))
    yield reader, writer
    reader.close()
    writer.close()


def test_what_nobody_reads_is_dropped(pipe):
    reader, writer = pipe
    console = lasting(Console(file=writer))
    console.print("step 1")
    assert reader.readline() == "step 1\n"
    reader.close()
    for _ in range(3):
        console.print("step 2")
    writer.write("what Python writes when it exits")
    writer.flush()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_log_on_a_full_disk_stops_nothing():
    with open("/dev/full", "w") as log:
        console = lasting(Console(file=log))
        for _ in range(3):
            console.print("step 1")


def test_a_file_that_was_closed_stops_nothing():
    log = io.StringIO()
    console = lasting(Console(file=log))
    log.close()
    console.print("step 1")


def test_all_else_is_as_it_was(pipe):
    _, writer = pipe
    stream = LastingOutput(writer)
    assert (stream.fileno(), stream.encoding, stream.isatty()) == (writer.fileno(), writer.encoding, False)
    console = Console(file=io.StringIO())
    assert lasting(lasting(console)) is console and console.file.getvalue() == ""


def test_what_cannot_be_encoded_is_an_error_as_before(tmp_path):
    with open(tmp_path / "log", "w", encoding="ascii") as log, pytest.raises(UnicodeEncodeError):
        LastingOutput(log).write("ä")
