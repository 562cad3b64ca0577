"""A config.json from anybody: it is read, or refused with one sentence, soon and in little memory."""

import copy
import json
import os
import resource
import signal
from pathlib import Path

import pytest

from melgan_vc.config.method_folders import method_names
from melgan_vc.config.run import load_config
from melgan_vc.errors import MelganVcError
from melgan_vc.methods.presets import preset

SECONDS, MEGABYTES = 5, 500


@pytest.fixture
def refused_or_read():
    """``refused_or_read(path)`` loads a config; fails if it takes long, much memory, or raises another error."""

    def too_long(number, frame):
        raise TimeoutError(f"more than {SECONDS} s")

    before, limits = signal.signal(signal.SIGALRM, too_long), resource.getrlimit(resource.RLIMIT_AS)

    def call(path) -> str | None:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        most = pages * resource.getpagesize() + MEGABYTES * 2**20
        resource.setrlimit(resource.RLIMIT_AS, (most, limits[1]))
        signal.alarm(SECONDS)
        try:
            load_config(path)
            return None
        except MelganVcError as error:
            message = str(error)
            assert "\n" not in message and len(message) < 2000, f"not one sentence: {len(message)} characters"
            message.encode("utf-8")
            return message
        finally:
            signal.alarm(0)
            resource.setrlimit(resource.RLIMIT_AS, limits)

    yield call
    signal.signal(signal.SIGALRM, before)


def _nested(depth: int, opening: str, closing: str) -> bytes:
    return (opening * depth + "1" + closing * depth).encode()


def _with(path: str, literal: str) -> bytes:
    """A config in which one setting is written so."""
    values = preset("debug").model_dump()
    *sections, last = path.split(".")
    place = values
    for section in sections:
        place = place[section]
    place[last] = "@"
    return json.dumps(values).replace('"@"', literal).encode()


CONTENTS = {
    "nothing": b"",
    "one byte": b"{",
    "words": b"these are only words",
    "no UTF-8": b"\xff\xfe\x00{",
    "a NUL": b'{"preset": "\x00"}',
    "half a surrogate as key": rb'{"\ud800": 1}',
    "a list": b"[]",
    "a number": b"7",
    "null": b"null",
    "100,000 lists": _nested(100_000, "[", "]"),
    "100,000 sections": _nested(100_000, '{"method":', "}"),
    "500 sections": _nested(500, '{"method":', "}"),
    "5,000 digits": _with("training.seed", "9" * 5000),
    "5,000 digits as name": b'{"preset": ' + b"9" * 5000 + b"}",
    "a number beyond floats": _with("training.report_every", "1e999"),
    "not a number": _with("mel.fmin", "NaN"),
    "minus infinity": _with("mel.fmin", "-Infinity"),
    "a section as number": _with("training.steps", "{}"),
    "a list as name": _with("method.name", "[]"),
    "a module as name": _with("method.name", '"os.system"'),
    "a path as name": _with("method.name", '"../../../etc"'),
    "10 MB of text as preset": b'{"preset": "' + b"x" * 10_000_000 + b'"}',
    "10 MB of unknown keys": json.dumps({f"key{number}": number for number in range(600_000)}).encode(),
    "an FFT of 4 billion": _with("mel.n_fft", str(2**32)),
    "a million mel bands": _with("mel.n_mels", "1000000"),
    "a rate of a terahertz": _with("mel.rate", str(10**12)),
    "batches of a billion": _with("training.batch_size", str(10**9)),
    "a billion channels": _with("method.generator.channels", str(10**9)),
}


@pytest.mark.parametrize("what", CONTENTS)
def test_a_hostile_config_is_refused_in_one_sentence(refused_or_read, tries, tmp_path, what):
    (tmp_path / "config.json").write_bytes(CONTENTS[what])
    with tries("hostile config.json") as one, one(what):
        message = refused_or_read(tmp_path / "config.json")
        assert message is not None, "it was taken"
        assert str(tmp_path / "config.json") in message


@pytest.mark.parametrize("what", ["FIFO", "device that has no end", "folder", "link to itself", "link to nothing"])
def test_what_is_no_regular_file_is_refused_at_once(refused_or_read, tries, tmp_path, what):
    place = tmp_path / "config.json"
    make = {
        "FIFO": os.mkfifo,
        "device that has no end": lambda place: place.symlink_to("/dev/zero"),
        "folder": os.mkdir,
        "link to itself": lambda place: place.symlink_to(place),
        "link to nothing": lambda place: place.symlink_to(place.with_name("nothing")),
    }
    make[what](place)
    with tries("hostile config.json") as one, one(what):
        assert refused_or_read(place) is not None


NUMBERS = [-1, 0, 1, 2**31, 2**63, 10**30, 1e308, -0.0]
VALUES = [None, True, *NUMBERS, "", "x", "../..", "\u202e", [], [1], {}, {"name": 1}]


def test_a_config_changed_at_random_is_read_or_refused(refused_or_read, tries, chance, size, tmp_path):
    base = {method: preset("debug", method).model_dump() for method in method_names()}
    with tries("config.json changed at random") as one:
        for number in range(size(40, 600)):
            values = copy.deepcopy(base[chance.choice(list(base))])
            for _ in range(chance.randint(1, 3)):
                _change(values, chance)
            text = json.dumps(values).encode()
            if chance.random() < 0.3:
                at = chance.randrange(len(text))
                text = text[:at] + chance.randbytes(chance.randint(0, 3)) + text[at + chance.randint(0, 4) :]
            (tmp_path / "config.json").write_bytes(text)
            with one(f"config {number}"):
                refused_or_read(tmp_path / "config.json")


def _change(values: dict, chance) -> None:
    """Change, add or take away one setting."""
    place = values
    while True:
        key = chance.choice(list(place))
        if not isinstance(place[key], dict) or not place[key] or chance.random() < 0.2:
            break
        place = place[key]
    what = chance.random()
    if what < 0.1:
        del place[key]
    elif what < 0.2:
        place[key + chance.choice("x. /")] = chance.choice(VALUES)
    else:
        place[key] = chance.choice(VALUES)
    if not values:
        values["preset"] = "debug"
