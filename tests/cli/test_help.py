"""Help is instant: nothing heavy is imported for it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
SETTINGS = "melgan_vc.config.section"
"""What the settings of every method, and of a run, stand on."""

HEAVY = {"keras", "tensorflow", "jax", "numpy", "scipy", "librosa", "matplotlib", "soundfile", "av"}
APP = ["-c", "from melgan_vc.cli.app import main; main()"]


@pytest.mark.parametrize(
    "program, words",
    [
        (
            ["convert_cli.py"],
            [
                "--model",
                "--to",
                "--like",
                "--semitones",
                "--pitch-range",
                "--retrieval",
                "--force",
                "--output",
                "--device",
                "standard input",
            ],
        ),
        (["train_cli.py"], ["travelgan", "cyclegan", "stargan", "autoencoder"]),
        (
            ["train_cli.py", "travelgan"],
            ["--source", "--target", "--run", "--resume", "--preset", "--minutes", "--set"],
        ),
        (["train_cli.py", "cyclegan"], ["--source", "--target", "--run", "--resume", "--preset", "--panel-every"]),
        (["train_cli.py", "stargan"], ["--domain", "--run", "--resume", "--preset", "--panel-every"]),
        (APP, ["train", "convert", "inspect", "tune", "evaluate-vocoder"]),
        ([*APP, "evaluate-vocoder"], ["--data", "--unseen", "--iterations", "--force"]),
        (["-c", APP[1], "tune"], ["--space", "--trials", "--minutes-per-trial", "--tuner", "--resume"]),
    ],
    ids=["convert_cli", "train_cli", "travelgan", "cyclegan", "stargan", "melgan-vc", "evaluate-vocoder", "tune"],
)
def test_help(program, words):
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *program, "--help"], cwd=REPOSITORY, capture_output=True, text=True
    )
    assert done.returncode == 0
    assert all(word in done.stdout for word in words)
    modules = {line.split("|")[-1].strip() for line in done.stderr.splitlines() if "|" in line}
    imported = {module.split(".")[0] for module in modules}
    assert "typer" in imported and not imported & HEAVY
    assert "melgan_vc.errors" in modules and SETTINGS not in modules, "help needs no settings, which are slow to load"


def test_commands_of_all_methods_share_their_options_but_for_the_folders(command):
    travelgan, cyclegan, stargan, autoencoder = (
        set(re.findall(r"│[ *]+(--[a-z-]+)", command("train", method, "--help").output))
        for method in ("travelgan", "cyclegan", "stargan", "autoencoder")
    )
    assert travelgan == cyclegan and len(travelgan) > 12
    assert travelgan - stargan == {"--source", "--target"} and stargan - travelgan == {"--domain"}
    assert travelgan - autoencoder == {"--match-voices"}
    assert autoencoder - travelgan == {"--voice", "--polish"}


@pytest.mark.parametrize("name", ["convert", "train", "melgan-vc"])
def test_a_command_alone_shows_its_help(command, name):
    result = command(name)
    assert "Usage" in result.output and "Traceback" not in result.output


def test_a_command_names_the_presets_of_its_method(command):
    """Its column is narrow: lines are broken anywhere."""
    told = {
        method: " ".join(re.sub(r"[│╭╮╰╯─]", " ", command("train", method, "--help").output).split())
        for method in ("travelgan", "autoencoder")
    }
    assert "voice, music, paper or debug; voice if none is named." in told["travelgan"]
    known = "voice, recognizer, voices, student, autovc, adain, adversarial, music, note_student or debug"
    assert f"{known}; voice if none is named." in told["autoencoder"]
