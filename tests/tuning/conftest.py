"""Two small folders of audio, a judge that needs no package, and a training that takes no time."""

import json
import math
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile

from melgan_vc.methods.presets import preset
from melgan_vc.runs.run_folder import RunFolder
from melgan_vc.training.train import Outcome
from melgan_vc.tuning import hypermodel
from melgan_vc.tuning.plan import SearchPlan
from melgan_vc.tuning.search import search

SPACE = """
def identity(hp):
    return {"method.identity": hp.Float("identity", 0.1, 10.0, sampling="log")}
"""


@pytest.fixture(scope="session")
def corpus(tmp_path_factory) -> dict[str, Path]:
    """Folders ``source`` and ``target``, and a ``cache`` for their features."""
    root = tmp_path_factory.mktemp("corpus")
    draw = np.random.default_rng(0)
    for domain in ("source", "target"):
        (root / domain).mkdir()
        for number in range(2):
            soundfile.write(root / domain / f"{number}.wav", 0.1 * draw.standard_normal(12000), 8000)
    return {name: root / name for name in ("source", "target", "cache")}


@pytest.fixture
def space_file(tmp_path) -> Path:
    """A file with a search space of one hyperparameter, ``identity``."""
    path = tmp_path / "my_space.py"
    path.write_text(SPACE)
    return path


@pytest.fixture
def plan(corpus, space_file):
    """``plan(**others)``: a plan of three random trials of two steps."""

    def make(*settings, **others):
        options = {"space": f"{space_file}:identity", "tuner": "random", "trials": 3, "steps": 2}
        config = preset("debug").with_overrides(list(settings))
        return SearchPlan(config, corpus["source"], corpus["target"], **options | others)

    return make


def closeness(config):
    """Judges a run by its settings: the best identity is 1."""
    return lambda weights: {"loudness": 0.5, "score": -abs(math.log10(config.method.identity))}


@pytest.fixture
def find(corpus, tmp_path):
    """``find(plan, judge_of=closeness, resume=False)``: a search's records; what it said is in ``find.said``."""

    def call(plan, *, judge_of=closeness, resume=False):
        call.said = []
        return search(
            plan, call.folder, cache=corpus["cache"], judge_of=judge_of, resume=resume, say=call.said.append
        )

    call.folder = tmp_path / "search"
    return call


@pytest.fixture
def instant(monkeypatch):
    """Replaces the training by one that only leaves its traces in the run folder; returns what it was asked for."""
    calls = []

    def train(config, folders, run, *, cache, resume, minutes, console):
        folder, trained = RunFolder(run), run / "steps.json"
        before = json.loads(trained.read_text()) if resume else 0
        calls.append({"run": run.name, "steps": config.training.steps, "minutes": minutes, "before": before})
        folder.save_config(config)
        trained.write_text(json.dumps(config.training.steps))
        return Outcome(config.training.steps, 1.0, None)

    monkeypatch.setattr(hypermodel, "train", train)
    monkeypatch.setattr(hypermodel, "free_memory", lambda: None)
    monkeypatch.setattr(hypermodel, "load_network", lambda folder: (None, SimpleNamespace(get_weights=list)))
    return calls
