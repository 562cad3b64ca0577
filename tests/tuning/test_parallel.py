"""keras-tuner's own parallel mode: a chief hands out the trials, workers train them."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from melgan_vc.errors import MelganVcError
from melgan_vc.tuning.record import records_of
from melgan_vc.tuning.search import role

REPOSITORY = Path(__file__).parents[2]

# A judge waits until every worker has a trial, so that none of them takes all. The chief looks around more often than
# every 20 s. A training is no more than its run folder.
DRIVER = """
import os, sys, time
from pathlib import Path
from types import SimpleNamespace
from melgan_vc.methods.presets import preset
from melgan_vc.runs.run_folder import RunFolder
from melgan_vc.training.train import Outcome
from melgan_vc.tuning import hypermodel
from melgan_vc.tuning.plan import SearchPlan
from melgan_vc.tuning.search import search

def train(config, folders, run, **options):
    RunFolder(run).save_config(config)
    return Outcome(config.training.steps, 1.0, None)

hypermodel.train = train
hypermodel.load_network = lambda folder: (None, SimpleNamespace(get_weights=list))
source, target, cache, folder = map(Path, sys.argv[1:])
sleep, time.sleep = time.sleep, lambda seconds: sleep(min(seconds, 0.2))

def judge_of(config):
    def judge(weights):
        end = time.monotonic() + 600
        while len(list(folder.glob("trial-*"))) < 2 and time.monotonic() < end:
            sleep(0.1)
        return {"process": os.getpid(), "score": config.method.identity}
    return judge

plan = SearchPlan(preset("debug"), source, target, space="default", tuner="random", trials=2, steps=1)
records = search(plan, folder, cache=cache, judge_of=judge_of, say=lambda line: print(line, flush=True))
print("found", len(records))
"""


@pytest.fixture
def start(corpus, tmp_path):
    """``start(name)`` starts a process of a search by its name: ``chief``, or any other for a worker."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    started = []

    def call(name):
        names = {"ORACLE_IP": "127.0.0.1", "ORACLE_PORT": str(port), "TUNER_ID": name}
        process = subprocess.Popen(
            [sys.executable, "-c", DRIVER, *map(str, corpus.values()), str(tmp_path / "search")],
            cwd=REPOSITORY,
            env=os.environ | {f"KERASTUNER_{key}": value for key, value in names.items()} | {"no_proxy": "127.0.0.1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield call
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def test_a_chief_and_two_workers_share_the_trials(start, tmp_path):
    processes = {name: start(name) for name in ("worker-1", "worker-2", "chief")}
    printed = {name: process.communicate(timeout=900) for name, process in processes.items()}
    assert {name: process.returncode for name, process in processes.items()} == dict.fromkeys(processes, 0), printed
    records = records_of(tmp_path / "search")
    assert {record.number for record in records} == {1, 2} and not any(record.failure for record in records)
    assert {record.figures["process"] for record in records} == {processes[f"worker-{n}"].pid for n in (1, 2)}
    assert printed["chief"][0] == "found 2\n"
    for name in ("worker-1", "worker-2"):
        assert printed[name][0].count("score") == 1


def test_half_of_the_variables_are_refused(monkeypatch):
    assert role() == "alone"
    monkeypatch.setenv("KERASTUNER_ORACLE_IP", "127.0.0.1")
    monkeypatch.setenv("KERASTUNER_TUNER_ID", "chief")
    with pytest.raises(MelganVcError, match="Expected KERASTUNER_ORACLE_PORT in the environment"):
        role()
    monkeypatch.setenv("KERASTUNER_ORACLE_PORT", "8000")
    assert role() == "chief"
    monkeypatch.setenv("KERASTUNER_TUNER_ID", "tuner1")
    assert role() == "worker"


def test_a_port_that_is_taken(plan, find, instant, monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        for key, value in {"ORACLE_IP": "127.0.0.1", "ORACLE_PORT": port, "TUNER_ID": "chief"}.items():
            monkeypatch.setenv(f"KERASTUNER_{key}", value)
        with pytest.raises(MelganVcError, match=f"Expected an address to listen at, received: 127.0.0.1:{port}"):
            find(plan())
