"""What a machine without the internet is given: the list that `make wheelhouse` fetches, and the own wheel."""

import configparser
import importlib.util
import re
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheelhouse():
    spec = importlib.util.spec_from_file_location("wheelhouse", REPOSITORY / "wheelhouse.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def names(lines) -> set[str]:
    return {re.match(r"[\w-]+", line)[0] for line in lines}


def test_the_list_is_all_that_the_package_requires_but_tensorflow(wheelhouse):
    setup = configparser.ConfigParser()
    setup.read(REPOSITORY / "setup.cfg")
    wanted = names(line for line in setup["options"]["install_requires"].split("\n") if line and line[0] != "#")
    listed = names(wheelhouse.requirements())
    assert "keras" in listed
    assert listed == wanted - {"tensorflow", "tensorflow-io"}


def test_what_is_listed_has_a_version_that_is_tested(wheelhouse):
    pinned = {line.split("==")[0].lower() for line in (REPOSITORY / "constraints.txt").read_text().split()}
    assert names(wheelhouse.requirements()) <= pinned


def test_the_wheel_is_built_of_the_package_and_requires_no_tensorflow(wheelhouse, tmp_path):
    place = wheelhouse._without_tensorflow(tmp_path)
    setup = (place / "setup.cfg").read_text()
    install_requires = setup.split("install_requires =")[1].split("\n\n")[0]
    assert "tensorflow" not in install_requires and "keras>=" in install_requires
    assert "[options.entry_points]" in setup and "melgan_vc.pretrained =" in setup, "the rest is as it was"
    assert (place / "melgan_vc" / "cli" / "train.py").is_file()


def test_a_platform_is_many_tags(wheelhouse):
    tags = wheelhouse.platform_tags(["linux_aarch64", "macosx_14_0_arm64"])
    assert {"manylinux2014_aarch64", "manylinux_2_17_aarch64", "manylinux_2_28_aarch64", "macosx_14_0_arm64"} <= set(
        tags
    )
    assert not any(tag.startswith("linux") for tag in tags), "pip finds no wheels for that name"


def test_make_passes_the_other_machine_on():
    command = [
        "make",
        "--dry-run",
        "wheelhouse",
        "PYTHON_VERSION=3.12",
        "PLATFORM=linux_x86_64",
        "WITHOUT=numpy scipy",
    ]
    printed = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout
    assert '--python-version "3.12" --platform "linux_x86_64" --without "numpy scipy"' in printed


def test_git_ignores_the_wheels():
    assert "wheelhouse/" in (REPOSITORY / ".gitignore").read_text().splitlines()
