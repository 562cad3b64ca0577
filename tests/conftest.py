"""What every test shares: a quiet TensorFlow, the default backend, fixed seeds."""

import os
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

# Read when TensorFlow is first imported, so set before any test module is.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
# A test takes a few steps: XLA's compilation is what takes its time, and not how fast the code is in the end.
os.environ.setdefault("XLA_FLAGS", "--xla_backend_optimization_level=0")
if find_spec("jaxlib") and int(version("jaxlib").split(".")[1]) >= 10:  # one that knows no such flags would exit
    os.environ["XLA_FLAGS"] += " --xla_cpu_use_fusion_emitters=false --xla_cpu_parallel_codegen_split_count=1"

# librosa's numba functions are compiled once and kept. numba numbers what it keeps without a lock: where two
# processes compile at a time, as on a fresh install, one may get the machine code for the other's types, and crash.
if worker := os.environ.get("PYTEST_XDIST_WORKER"):
    compiled = os.environ.get("NUMBA_CACHE_DIR") or Path(__file__).parents[1] / ".pytest_cache" / "numba"
    os.environ["NUMBA_CACHE_DIR"] = str(Path(compiled) / worker)
    os.environ.setdefault("NUMBA_OPT", "1")
    # The workers are as many as the cores: more threads would wait for each other.
    os.environ |= {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1", "OMP_NUM_THREADS": "1"}

import fcntl
import gc
import json
import random
import re
import shutil
import subprocess
import sys

import numpy as np
import pytest

from . import quick_trainings

REPOSITORY = Path(__file__).parents[1]

# One look through all graphs for rubbish took up to two minutes. So what is there when a file of tests ends stays for
# good and is not looked at again; what the file has left is looked through at once, if that is much.
quick_trainings.collect_garbage_rarely()
_MUCH_MEMORY = 1e9  # bytes
_resident = 0


LONGEST_FIRST = [
    "training/test_steps",
    "test_notebooks",
    "training/test_resume",
    "training/test_jax",
    "training/test_run_folder",
    "cli/test_evaluate_cli",
    "benchmarks/test_gpu",
    "evaluate/test_panel",
    "test_api",
    "tuning/test_search",
    "methods/test_content_terms",
    "methods/stargan/test_stargan",
    "cli/test_tune_cli",
    "methods/test_conversion",
    "export/test_strip",
    "cli/test_convert_cli",
    "training/test_content_terms",
    "cli/test_train_vocoder_cli",
    "evaluate/metrics/test_music_bad_input",
    "methods/cyclegan/test_cyclegan",
    "nets/test_every_network",
    "tuning/test_parallel",
    "methods/test_add_a_method",
    "features/test_add_a_feature",
    "features/test_every_feature",
    "training/test_safety",
    "training/test_perturbation",
    "cli/test_match_voices",
]
"""Files that take more than ten seconds: with these begun first, all processes end at about the same time."""


def pytest_collection_modifyitems(items):
    """Long files first; within a file the order stays."""
    rank = {(REPOSITORY / "tests" / f"{name}.py"): number for number, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: rank.get(item.path, len(rank)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    """After each file of tests."""
    global _resident
    yield
    if nextitem is None or nextitem.path != item.path:
        if _memory() > _resident + _MUCH_MEMORY:
            gc.collect()
            _resident = _memory()
        gc.freeze()


def _memory() -> int:
    """Bytes that this process has in memory; 0 where that is not told."""
    pages = int(Path("/proc/self/statm").read_text().split()[1]) if sys.platform == "linux" else 0
    return pages * os.sysconf("SC_PAGE_SIZE") if pages else 0


def pytest_runtest_setup(item):
    """The weights of a new network are the same in every run: Keras draws their seeds from Python's own generator.

    Trainings of this process are quick, see `quick_trainings`, once there are any.
    """
    random.seed(0)
    if "melgan_vc.training.train" in sys.modules:
        quick_trainings.make_trainings_quick()


@pytest.fixture(scope="session")
def made_once(tmp_path_factory):
    """``made_once(name, make)``: a folder of that name, as ``make(folder)`` left it; look, but do not touch.

    Each process of pytest-xdist has a session of its own. What takes a training is made by the first that asks for
    it; one that asks meanwhile makes its own, because waiting would take as long.
    """
    root = tmp_path_factory.getbasetemp()
    root = (root.parent if "PYTEST_XDIST_WORKER" in os.environ else root) / "made-once"
    root.mkdir(exist_ok=True)
    own = {}

    def call(name, make) -> Path:
        if name in own:
            return own[name]
        folder, done = root / name, root / f"{name}.done"
        with open(root / f"{name}.lock", "w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                own[name] = tmp_path_factory.mktemp(name)
                make(own[name])
                return own[name]
            if not done.exists():
                shutil.rmtree(folder, ignore_errors=True)  # the rest of a process that failed
                folder.mkdir()
                make(folder)
                done.touch()
        own[name] = folder
        return folder

    return call


@pytest.fixture
def draw() -> np.random.Generator:
    """Random numbers, the same in every run."""
    return np.random.default_rng(0)


@pytest.fixture
def random_mel(draw):
    """``random_mel(batch, frames, n_mels)``: log-mels uniform in [-1, 1], float32."""

    def make(*shape: int) -> np.ndarray:
        return draw.uniform(-1.0, 1.0, shape).astype(np.float32)

    return make


def _demo_speech(name: str) -> np.ndarray:
    import soundfile

    wave, rate = soundfile.read(Path(__file__).parents[1] / "datasets" / "demo" / name, dtype="float32")
    assert rate == 16000
    wave = wave[: 6 * rate]
    wave.setflags(write=False)
    return wave


@pytest.fixture(scope="session")
def female_voice() -> np.ndarray:
    """Six seconds ``(samples,)`` of the female speaker of the demo corpus at 16 kHz."""
    return _demo_speech("female_ru/demo-echotest.ogg")


@pytest.fixture(scope="session")
def male_voice() -> np.ndarray:
    """Six seconds ``(samples,)`` of its male speaker at 16 kHz."""
    return _demo_speech("male_ru/ru_0002.ogg")


@pytest.fixture(scope="session")
def held_out_female() -> np.ndarray:
    """Six other seconds of the female speaker."""
    return _demo_speech("held_out/female_ru/confbridge-mute-extended.ogg")


@pytest.fixture(scope="session")
def held_out_male() -> np.ndarray:
    """Six other seconds of the male speaker."""
    return _demo_speech("held_out/male_ru/ru_0100.ogg")


@pytest.fixture(scope="session")
def sing():
    """``sing(hertz, rate=16000)``: a buzz of ten harmonics that follows a pitch ``(samples,)`` in Hz."""

    def make(hertz: np.ndarray, rate: int = 16000) -> np.ndarray:
        phase = 2 * np.pi * np.cumsum(hertz) / rate
        return sum(np.sin(k * phase) / k for k in range(1, 11)).astype(np.float32) / 3

    return make


@pytest.fixture(scope="session")
def play_keys():
    """``play_keys(keys, partials=3)``: half a second of each MIDI key, dying away, at 22050 Hz."""

    def make(keys, partials: int = 3) -> np.ndarray:
        time = np.arange(22050 // 2) / 22050
        notes = [
            sum(np.sin(2 * np.pi * 440.0 * 2.0 ** ((key - 69) / 12) * n * time) / n for n in range(1, partials + 1))
            for key in keys
        ]
        return (0.2 * np.concatenate([note * np.exp(-3.0 * time) for note in notes])).astype(np.float32)

    return make


@pytest.fixture(scope="session")
def save_run():
    """``save_run(path, *settings, method="travelgan", random=True)`` writes a run folder as far as conversion goes.

    Its generator has random weights, so that it edits its input; with ``random=False`` it gives its input back.
    """
    import keras

    from melgan_vc.methods.presets import preset
    from melgan_vc.methods.registry import build_network
    from melgan_vc.runs.run_folder import RunFolder

    def call(path, *settings, method="travelgan", random=True):
        folder, config = RunFolder(path), preset("debug", method).with_overrides(list(settings))
        keras.utils.set_random_seed(0)  # whatever other tests have drawn before
        network, draw = build_network(config), np.random.default_rng(1)
        for variable in network.trainable_variables if random else []:
            variable.assign(variable + 0.1 * draw.standard_normal(variable.shape))
        folder.save_config(config)
        network.save_weights(folder.weights_file)
        return folder.path

    return call


@pytest.fixture(scope="session")
def identity_run(save_run, tmp_path_factory):
    """A run of an untrained generator, which is the identity."""
    return save_run(tmp_path_factory.mktemp("runs") / "identity", random=False)


@pytest.fixture(scope="session")
def identity_model(identity_run):
    """Its conversion is copy synthesis: what comes out is the input as far as the vocoder can tell."""
    from melgan_vc.methods.loading import load_conversion

    return load_conversion(identity_run)


@pytest.fixture(scope="session")
def residual_run(save_run, tmp_path_factory):
    return save_run(tmp_path_factory.mktemp("runs") / "residual")


@pytest.fixture(scope="session")
def paper_run(save_run, tmp_path_factory):
    settings = ("method.generator.architecture=paper", "method.generator.channels=32")
    return save_run(tmp_path_factory.mktemp("runs") / "paper", *settings)


@pytest.fixture(scope="session")
def cyclegan_run(save_run, tmp_path_factory):
    settings = ("method.generator.architecture=two_one_two", "method.generator.channels=8")
    return save_run(tmp_path_factory.mktemp("runs") / "cyclegan", *settings, method="cyclegan")


@pytest.fixture(scope="session")
def stargan_run(save_run, tmp_path_factory):
    return save_run(tmp_path_factory.mktemp("runs") / "stargan", method="stargan")


@pytest.fixture(scope="session")
def save_run_with_card(save_run):
    """As `save_run`, with all that a training leaves beside the weights."""

    from melgan_vc.corpus.prepare import Domain
    from melgan_vc.corpus.report import FolderReport
    from melgan_vc.runs.run_folder import RunFolder
    from melgan_vc.training.log.model_card import model_card
    from melgan_vc.training.progress import Progress

    def call(path, *settings, method="travelgan"):
        folder = RunFolder(save_run(path, *settings, method=method))
        config = folder.load_config()
        names = ("rock", "jazz", "old folk") if method == "stargan" else ("rock", "jazz")
        reports = [FolderReport(f"/audio/{name}", 8000, 4000.0, ()) for name in names]
        domains = [Domain(name, report.folder, None, (), report) for name, report in zip(names, reports, strict=True)]
        progress = Progress(step=20, batches=20, steps=20)
        folder.card.write_text(model_card(config, domains, progress, folder.path), encoding="utf-8")
        folder.corpus_report.write_text(json.dumps([report.to_json() for report in reports]))
        folder.metrics_file.write_text("step\n20\n")
        folder.checkpoints.mkdir()
        return folder.path

    return call


_ONE_AFTER_THE_OTHER = """
import json, runpy, sys
quick = runpy.run_path(sys.argv.pop(1))
quick["collect_garbage_rarely"]()
quick["make_trainings_quick"]()
for command in json.loads(sys.argv[1]):
    sys.argv = [str(part) for part in command]
    try:
        runpy.run_path(sys.argv[0], run_name="__main__")
    except SystemExit as end:
        if end.code:
            raise
"""


@pytest.fixture
def follow_page(tmp_path):
    """``follow_page("add-a-method.md")`` makes the files of a page of the docs in a copy of the package.

    The file of a block of Python is the last one that was named before it, and none of them may exist already. It
    returns ``run(*commands)`` and the files. What it runs there, lists as of ``python SCRIPT ...``, is run in one
    process, because engines are slow to start; it returns what they printed.
    """

    def follow(page):
        shutil.copytree(REPOSITORY / "melgan_vc", tmp_path / "melgan_vc", ignore=shutil.ignore_patterns("*.h5"))
        for name in ("train_cli.py", "convert_cli.py"):
            shutil.copy(REPOSITORY / name, tmp_path)
        text, file, made = (REPOSITORY / "docs" / page).read_text(encoding="utf-8"), None, []
        for path, code in re.findall(r"`(melgan_vc/[\w/]+\.py)`|```python\n(.*?)```", text, re.DOTALL):
            file = path or file
            if code:
                assert not (tmp_path / file).exists()
                (tmp_path / file).parent.mkdir(exist_ok=True)
                (tmp_path / file).write_text(code)
                made.append(file)

        def run(*commands):
            arguments = [quick_trainings.__file__, json.dumps(commands, default=str)]
            done = subprocess.run(
                [sys.executable, "-c", _ONE_AFTER_THE_OTHER, *arguments],
                cwd=tmp_path,
                env=os.environ | {"PYTHONPATH": str(tmp_path), "MELGAN_VC_CACHE": str(tmp_path / "cache")},
                capture_output=True,
                text=True,
            )
            assert done.returncode == 0, done.stderr
            return done.stdout

        return run, made

    return follow
