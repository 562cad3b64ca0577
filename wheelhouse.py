"""Gather what a machine without the internet needs beside JAX, as wheels: ``make wheelhouse``.

The project's own wheel in there requires everything but TensorFlow, so that pip installs what is missing and leaves
alone what JAX has brought. ``python wheelhouse.py --help`` lists the options.
"""

import argparse
import configparser
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent

LINUX = ("1", "2010", "2014", *(f"_2_{minor}" for minor in (5, 12, 17, 24, 26, 27, 28)))
"""Names of the glibc that wheels are built for; pip takes wheels of exactly the names that it is told."""


def requirements(setup: Path = REPOSITORY / "setup.cfg") -> list[str]:
    """The lines of ``install_requires`` but for TensorFlow's own."""
    parser = configparser.ConfigParser()
    parser.read(setup, encoding="utf-8")
    lines = parser["options"]["install_requires"].strip().splitlines()
    return [line for line in lines if not line.startswith(("#", "tensorflow"))]


def platform_tags(names: list[str]) -> list[str]:
    """Tags of wheels for platforms: ``linux_x86_64`` stands for the manylinux tags up to glibc 2.28."""
    tags = []
    for name in names:
        system, _, machine = name.partition("_")
        tags += [f"manylinux{glibc}_{machine}" for glibc in LINUX] if system == "linux" else [name]
    return tags


def gather(folder: Path, *, python_version: str = "", platforms: list[str] = (), without: list[str] = ()) -> None:
    """Fill a folder, which is emptied first, with wheels.

    Parameters
    ----------
    folder : Path
        Where to.
    python_version : str
        Of the other machine, such as ``3.12``; this Python's by default.
    platforms : list of str
        Of the other machine, see `platform_tags`; this machine's by default.
    without : list of str
        Packages that the other machine has already.
    """
    shutil.rmtree(folder, ignore_errors=True)
    options = ["--python-version", python_version] if python_version else []
    options += [part for tag in platform_tags(platforms) for part in ("--platform", tag)]
    constraints = ["--constraint", REPOSITORY / "constraints.txt"]
    _pip("download", "--only-binary=:all:", "--dest", folder, *constraints, *options, *requirements())
    for wheel in folder.glob("*.whl"):
        if _canonical(wheel.name.split("-")[0]) in map(_canonical, without):
            wheel.unlink()
    with tempfile.TemporaryDirectory() as name:
        _pip("wheel", "--no-deps", "--wheel-dir", folder, _without_tensorflow(Path(name)))


def _without_tensorflow(folder: Path) -> Path:
    """A copy of what the project's wheel is built of, whose metadata do not require TensorFlow."""
    for file in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(REPOSITORY / file, folder)
    shutil.copytree(REPOSITORY / "melgan_vc", folder / "melgan_vc", ignore=shutil.ignore_patterns("__pycache__"))
    setup = (REPOSITORY / "setup.cfg").read_text(encoding="utf-8")
    (folder / "setup.cfg").write_text(re.sub(r"(?m)^ +tensorflow.*\n", "", setup), encoding="utf-8")
    return folder


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _pip(*arguments) -> None:
    subprocess.run([sys.executable, "-m", "pip", "--quiet", *map(str, arguments)], check=True)


def main() -> None:
    """What ``make wheelhouse`` runs."""
    parser = argparse.ArgumentParser(description="Gather what a machine without the internet needs beside JAX.")
    parser.add_argument("folder", type=Path, nargs="?", default=Path("wheelhouse"))
    parser.add_argument("--python-version", default="", help="of the other machine, such as 3.12")
    parser.add_argument("--platform", default="", help="of the other machine: linux_x86_64, or tags of wheels")
    parser.add_argument("--without", default="", help="packages that the other machine has already")
    given = parser.parse_args()
    gather(
        given.folder,
        python_version=given.python_version,
        platforms=given.platform.split(),
        without=given.without.split(),
    )
    wheels = sorted(given.folder.glob("*.whl"))
    size = sum(wheel.stat().st_size for wheel in wheels) / 2**20
    print(f"{len(wheels)} wheels, {size:.0f} MiB, in {given.folder}. Carry the folder to a machine with JAX; there:")
    print(f"  python -m pip install --no-index --find-links {given.folder} melgan_vc")
    print("  KERAS_BACKEND=jax python train_cli.py travelgan --source DIR --target DIR --run DIR")


if __name__ == "__main__":
    main()
