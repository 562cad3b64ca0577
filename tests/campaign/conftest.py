"""A campaign of kills, cuts, full disks and hostile files: some tries in the suite, many with ``make campaign``.

Its counts go to docs/reliability.md, where the whole of it was run.
"""

import contextlib
import os
import random
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
import soundfile
from typer.testing import CliRunner

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]
LARGE = bool(os.environ.get("MELGAN_VC_CAMPAIGN"))
PAGE = REPOSITORY / "docs" / "reliability.md"

sys.path.insert(0, str(HERE))


@dataclass
class Row:
    """The tries of one kind: how many, and what went wrong in which."""

    tries: int = 0
    failures: list[str] = field(default_factory=list)


_ROWS: dict[str, Row] = {}


@pytest.fixture
def tries() -> Callable[[str], contextlib.AbstractContextManager]:
    """``with tries("what") as one:`` counts what is tried in it ``with one("how"):``.

    A try that fails is no end to the others; the test fails after the last.
    """

    @contextlib.contextmanager
    def of(what: str) -> Iterator[Callable]:
        row = _ROWS.setdefault(what, Row())
        before = len(row.failures)

        @contextlib.contextmanager
        def one(how: str) -> Iterator[None]:
            row.tries += 1
            try:
                yield
            except Exception as error:
                lines = str(error).strip().splitlines() or [""]
                row.failures.append(f"{how}: {type(error).__name__}: {lines[0]}")

        yield one
        failures = row.failures[before:]
        shown = "\n".join(failures[:20])
        assert not failures, f"{what}: {len(failures)} of {row.tries} tries failed\n{shown}"

    return of


@pytest.fixture
def chance(request) -> random.Random:
    """Random choices, the same in every run, and of each test its own."""
    return random.Random(request.node.name)


@pytest.fixture
def size() -> Callable[[int, int], int]:
    """``size(small, large)``: how many tries, in the suite and in a campaign."""
    return lambda small, large: large if LARGE else small


@pytest.fixture
def some(chance, size):
    """``some(sequence, small)``: so many of it in the suite, and all of it in a campaign."""

    def pick(sequence, small: int) -> list:
        everything = list(sequence)
        return chance.sample(everything, min(size(small, len(everything)), len(everything)))

    return pick


@pytest.fixture
def mounted(tmp_path):
    """``mounted(size="1m")`` mounts a file system in memory of that size, for as long as the test runs."""
    places = []

    def mount(**options) -> Path:
        place = tmp_path / f"disk {len(places)}"
        place.mkdir()
        listed = ",".join(f"{name}={value}" for name, value in options.items())
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", listed, "none", place], capture_output=True, text=True)
        if done.returncode:
            pytest.skip(f"needs the right to mount: {done.stderr.strip()}")
        places.append(place)
        return place

    if not _may_mount():
        pytest.skip("needs the right to mount a file system")
    yield mount
    for place in places:
        subprocess.run(["umount", "--lazy", place], check=True)


def _may_mount() -> bool:
    return sys.platform == "linux" and os.geteuid() == 0


@pytest.fixture
def needs_campaign() -> None:
    """Leaves out, in the suite, what takes minutes."""
    if not LARGE:
        pytest.skip("takes minutes: make campaign")


@pytest.fixture
def start():
    """``start("train_cli.py", *arguments, **environment)`` starts a program of ours as a process of its own."""
    started = []

    def call(program, *arguments, prefix=(), stdout=subprocess.PIPE, stdin=None, **environment) -> subprocess.Popen:
        run = ["-c", "from melgan_vc.cli.app import main; main()"] if program == "melgan-vc" else [program]
        process = subprocess.Popen(
            [str(part) for part in (*prefix, sys.executable, *run, *arguments)],
            cwd=REPOSITORY,
            env=os.environ | {"PYTHONPATH": str(REPOSITORY)} | environment,
            stdin=stdin,
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
        )
        started.append(process)
        return process

    yield call
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.fixture
def ended():
    """``ended(process, codes={0, 2})`` waits for a process and returns what it printed: no traceback, no signal."""

    def check(process: subprocess.Popen, codes=frozenset({0, 2}), seconds: float = 300) -> str:
        out, errors = process.communicate(timeout=seconds)
        assert "Traceback" not in errors, errors.strip().splitlines()[-1]
        last = (errors.strip().splitlines() or ["nothing"])[-1]
        assert process.returncode in codes, f"exit code {process.returncode}: {last}"
        return (out or "") + errors

    return check


def _table() -> str:
    """The counts so far, in Markdown."""
    lines = ["| what | tries | failed |", "|---|---|---|"]
    lines += [f"| {what} | {row.tries} | {len(row.failures)} |" for what, row in sorted(_ROWS.items())]
    tried, failed = sum(row.tries for row in _ROWS.values()), sum(len(row.failures) for row in _ROWS.values())
    return "\n".join([*lines, f"| together | {tried} | {failed} |"])


def pytest_terminal_summary(terminalreporter) -> None:
    """The counts of a campaign."""
    if LARGE:
        terminalreporter.write_line(_table())
        for what, row in _ROWS.items():
            for failure in row.failures:
                terminalreporter.write_line(f"{what}: {failure}")


def pytest_sessionfinish(session) -> None:
    """The counts of a campaign that was run whole go to docs/reliability.md."""
    if LARGE and session.config.args == ["tests/campaign"] and not session.config.option.keyword:
        text = PAGE.read_text(encoding="utf-8")
        table = f"<!-- counts -->\n{_table()}\n<!-- end of counts -->"
        PAGE.write_text(re.sub(r"<!-- counts -->.*<!-- end of counts -->", lambda _: table, text, flags=re.DOTALL))


@pytest.fixture(scope="session")
def folders(tmp_path_factory) -> dict[str, Path]:
    """Folders ``source`` and ``target``, five recordings of 1.5 s each."""
    root, draw, time = tmp_path_factory.mktemp("audio"), np.random.default_rng(0), np.arange(12000) / 8000
    for domain, pitch in (("source", 200), ("target", 500)):
        (root / domain).mkdir()
        for number in range(5):
            tone = np.sin(2 * np.pi * pitch * (1 + 0.1 * number) * time) * (1 + np.sin(6 * time)) / 2
            wave = 0.2 * tone + 0.02 * draw.standard_normal(len(time))
            soundfile.write(root / domain / f"{domain} {number}.wav", wave, 8000)
    return {name: root / name for name in ("source", "target")}


@pytest.fixture(scope="session")
def small_training(folders) -> list:
    """The arguments of ``train_cli.py`` for 40 steps on them, but for ``--run`` and ``--cache``."""
    settings = ("training.checkpoint_every=5", "training.report_every=5", "training.sample_every=20")
    named = [f"--{name}={folder}" for name, folder in folders.items()]
    return ["travelgan", *named, "--preset", "debug", "--steps", "40", *(f"--set={text}" for text in settings)]


@pytest.fixture
def command():
    """``command(app, *arguments)`` runs a command in this process and returns click's result."""

    def call(app, *arguments):
        return CliRunner().invoke(app, [str(part) for part in arguments])

    return call


@pytest.fixture
def refused(command):
    """``refused(app, *arguments)``: the sentence on standard error of a command that ends with code 1 or 2."""

    def call(app, *arguments) -> str:
        result = command(app, *arguments)
        assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
        assert result.exit_code in (1, 2), f"exit code {result.exit_code}: {result.output}"
        errors = [line for line in result.stderr.splitlines() if line.startswith("Error: ")]
        assert errors and "Traceback" not in result.output, result.output
        return errors[-1]

    return call
