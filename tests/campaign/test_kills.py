"""Killed at a random moment, again and again: what was done is kept, and the end is that of a run without a break."""

import csv
import json
import shutil
import signal
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

SIGNALS = {
    "KILL": [signal.SIGKILL],
    "TERM": [signal.SIGTERM],
    "HUP": [signal.SIGHUP],
    "INT": [signal.SIGINT],
    "INT twice": [signal.SIGINT, signal.SIGINT],
}


def stop(process: subprocess.Popen, signals: list[int], after: float) -> str:
    """Send signals to a process after so many seconds, unless it has ended; what it said on standard error."""
    try:
        process.communicate(timeout=after)
    except subprocess.TimeoutExpired:
        for number in signals:
            process.send_signal(number)
            time.sleep(0.05)
    _, errors = process.communicate(timeout=120)
    return errors


def require_no_traceback(errors: str) -> None:
    """Python's own, of Ctrl-C while it loads a program that has not begun, is none of ours."""
    before_it_begins = errors.rstrip().endswith("KeyboardInterrupt") and ", in main\n" not in errors
    assert "Traceback" not in errors or before_it_begins, errors.strip().splitlines()[-1]


def last_state(run: Path) -> tuple[str, str, dict]:
    (place,) = sorted(run.glob("checkpoints/step-*"))[-1:]
    with np.load(place / "state.npz") as saved:
        return place.name, json.loads((place / "progress.json").read_text())["batches"], dict(saved)


def require_same_training(run: Path, straight: Path) -> None:
    """The last checkpoints hold the same numbers, and the tables of figures have the same steps."""
    name, batches, arrays = last_state(run)
    name_wanted, batches_wanted, wanted = last_state(straight)
    assert (name, batches) == (name_wanted, batches_wanted) and arrays.keys() == wanted.keys()
    for key, array in arrays.items():
        np.testing.assert_allclose(array, wanted[key], rtol=0, atol=1e-6, err_msg=key)
    steps = [[row["step"] for row in csv.DictReader(open(place / "metrics.csv"))] for place in (run, straight)]
    assert steps[0] == steps[1], f"metrics.csv has steps {steps[0]}"


def left_over(folder: Path) -> list[str]:
    """What a killed process has left half-written."""
    return [path.name for path in folder.rglob(".*")]


def test_a_training_that_is_killed_again_and_again_ends_as_one_without_a_break(
    needs_campaign, small_training, start, ended, tries, chance, tmp_path
):
    def arguments(run):
        if (run / "config.json").exists():
            return "train_cli.py", "travelgan", "--run", run, "--resume", "--cache", tmp_path / "cache"
        return "train_cli.py", *small_training, "--run", run, "--cache", tmp_path / "cache"

    straight, began = tmp_path / "straight", time.monotonic()
    ended(start(*arguments(straight)), {0})
    whole = time.monotonic() - began
    with tries("kills, training") as one:
        for number in range(4):
            run = tmp_path / f"run {number}"
            for name, signals in chance.sample(sorted(SIGNALS.items()), 4):
                if (run / "checkpoints" / "step-00000040").exists():
                    break
                with one(f"{name}, chain {number}"):
                    require_no_traceback(stop(start(*arguments(run)), signals, chance.uniform(0.3, 1.1) * whole))
            with one(f"the end of chain {number}"):
                if not (run / "checkpoints" / "step-00000040").exists():
                    ended(start(*arguments(run)), {0})
                require_same_training(run, straight)
                assert not left_over(run), left_over(run)


PREPARING = """
import json, sys
from pathlib import Path
from melgan_vc.config.corpus import CorpusConfig
from melgan_vc.config.mel import MelConfig
from melgan_vc.corpus.prepare import prepare
domain = prepare(Path(sys.argv[1]), mel=MelConfig(), corpus=CorpusConfig(), cache=Path(sys.argv[2]), needs=("pitch",))
print(json.dumps(domain.report.to_json()))
print(sum(float(domain.train.crop(i, 0, 50).sum()) for i in range(len(domain.train))))
"""


@pytest.fixture
def many_songs(tmp_path) -> Path:
    """Sixty recordings of one second."""
    draw = np.random.default_rng(1)
    (tmp_path / "songs").mkdir()
    for number in range(60):
        soundfile.write(tmp_path / "songs" / f"{number}.wav", 0.1 * draw.standard_normal(22050), 22050)
    return tmp_path / "songs"


def test_a_preparation_that_is_killed_again_and_again_ends_as_one_without_a_break(
    needs_campaign, many_songs, start, tries, chance, tmp_path
):
    def begin(cache):
        return start("-c", PREPARING, many_songs, cache)

    began = time.monotonic()
    straight, errors = begin(tmp_path / "straight").communicate()
    whole = time.monotonic() - began
    assert straight, errors
    with tries("kills, preparation") as one:
        for number in range(6):
            cache = tmp_path / f"cache {number}"
            for name, signals in chance.sample(sorted(SIGNALS.items()), 4):
                with one(f"{name}, chain {number}"):
                    process = begin(cache)
                    stop(process, signals, chance.uniform(0.3, 1.0) * whole)
            with one(f"the end of chain {number}"):
                out, errors = begin(cache).communicate(timeout=120)
                assert out == straight, errors


def test_a_conversion_that_is_killed_leaves_whole_files_and_no_others(
    needs_campaign, many_songs, start, ended, tries, chance, tmp_path
):
    for number in range(10, 60):
        (many_songs / f"{number}.wav").unlink()

    def begin(out):
        return start("convert_cli.py", many_songs, "--model", "jazz2classical", "-o", out, "--force")

    straight, began = tmp_path / "straight", time.monotonic()
    ended(begin(straight), {0})
    whole = time.monotonic() - began
    with tries("kills, conversion") as one:
        for number in range(6):
            out = tmp_path / f"out {number}"
            for name, signals in chance.sample(sorted(SIGNALS.items()), 2):
                with one(f"{name}, chain {number}"):
                    errors = stop(begin(out), signals, chance.uniform(0.5, 1.1) * whole)
                    require_no_traceback(errors)
                    require_whole(out, straight)
                    assert name == "KILL" or not left_over(out), f"left over: {left_over(out)}"
            with one(f"the end of chain {number}"):
                ended(begin(out), {0})
                require_whole(out, straight, every=True)
                assert not left_over(out), f"left over: {left_over(out)}"
            shutil.rmtree(out)


def require_whole(out: Path, straight: Path, *, every: bool = False) -> None:
    """Every file that has a name is what an undisturbed conversion has made."""
    for made in sorted(straight.iterdir()):
        if every or (out / made.name).exists():
            assert (out / made.name).read_bytes() == made.read_bytes(), f"{made.name} is not whole"


JUDGED_BY_NOTHING = """
import sys
from melgan_vc.evaluate import panel
class Judge:
    @classmethod
    def of_folders(cls, config, source, target):
        return cls()
    def for_config(self, config):
        return lambda weights: {"likeness": 0.25, "score": -abs(config.method.identity - 1.0)}
panel.Judge = Judge
from melgan_vc.cli.app import main
main()
"""


def test_a_search_that_is_killed_again_and_again_ends_with_all_its_trials(
    needs_campaign, folders, start, ended, tries, chance, tmp_path
):
    def begin(run, *more):
        named = [f"--{name}={folder}" for name, folder in folders.items()]
        options = ["--preset", "debug", "--steps-per-trial", "6", "--trials", "3", "--run", run]
        return start("-c", JUDGED_BY_NOTHING, "tune", *named, *options, "--cache", tmp_path / "cache", *more)

    began = time.monotonic()
    ended(begin(tmp_path / "straight"), {0})
    whole = time.monotonic() - began
    with tries("kills, tune") as one:
        for number in range(2):
            run = tmp_path / f"search {number}"
            for name, signals in chance.sample(sorted(SIGNALS.items()), 2):
                with one(f"{name}, chain {number}"):
                    require_no_traceback(stop(begin(run, *_resume(run)), signals, chance.uniform(0.3, 0.9) * whole))
            with one(f"the end of chain {number}"):
                ended(begin(run, *_resume(run)), {0})
                assert (run / "best.json").is_file()


def _resume(run: Path) -> list[str]:
    return ["--resume"] if (run / "search.json").exists() else []


DEMO = Path(__file__).parents[2] / "datasets" / "demo"


def test_an_evaluation_that_is_killed_leaves_a_whole_report_or_none(
    needs_campaign, start, ended, tries, chance, tmp_path
):
    def begin(out, *more):
        folders = ["--source", DEMO / "jazz", "--target", DEMO / "classical"]
        clips = ["--clips", "2", "--examples", "2", "--seconds", "3"]
        return start("melgan-vc", "evaluate", "--model", "jazz2classical", *folders, *clips, "-o", out, *more)

    began = time.monotonic()
    ended(begin(tmp_path / "straight"), {0})
    whole = time.monotonic() - began
    names = sorted(path.name for path in (tmp_path / "straight").iterdir())
    with tries("kills, evaluate") as one:
        for number in range(1):
            out = tmp_path / f"report {number}"
            for name, signals in chance.sample(sorted(SIGNALS.items()), 3):
                with one(f"{name}, chain {number}"):
                    errors = stop(begin(out, "--force"), signals, chance.uniform(0.3, 1.0) * whole)
                    require_no_traceback(errors)
                    left = sorted(path.name for path in out.iterdir()) if out.exists() else []
                    assert name == "KILL" or left in ([], names), f"left over: {left}"
            with one(f"the end of chain {number}"):
                ended(begin(out, "--force"), {0})
                assert sorted(path.name for path in out.iterdir()) == names
