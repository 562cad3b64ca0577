"""Help is instant: nothing heavy is imported for it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
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
    imported = {line.split("|")[-1].strip().split(".")[0] for line in done.stderr.splitlines() if "|" in line}
    assert "typer" in imported and not imported & HEAVY


def test_commands_of_all_methods_share_their_options_but_for_the_folders(command):
    travelgan, cyclegan, stargan, autoencoder = (
        set(re.findall(r"│[ *]+(--[a-z-]+)", command("train", method, "--help").output))
        for method in ("travelgan", "cyclegan", "stargan", "autoencoder")
    )
    assert travelgan == cyclegan and len(travelgan) > 12
    assert travelgan - stargan == {"--source", "--target"} and stargan - travelgan == {"--domain"}
    assert travelgan - autoencoder == {"--match-voices"} and autoencoder - travelgan == {"--voice", "--start-from"}


@pytest.mark.parametrize("name", ["convert", "train", "melgan-vc"])
def test_a_command_alone_shows_its_help(command, name):
    result = command(name)
    assert "Usage" in result.output and "Traceback" not in result.output


def test_the_settings_of_methods_are_not_loaded_before_a_command_of_theirs_is_asked_for():
    code = "import sys, melgan_vc.cli.app; print('pydantic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True)
    assert done.stdout.strip() == "False", done.stderr


def test_a_command_names_the_presets_of_its_method(command):
    """Its column is narrow: lines are broken anywhere."""
    told = {
        method: " ".join(re.sub(r"[│╭╮╰╯─]", " ", command("train", method, "--help").output).split())
        for method in ("travelgan", "autoencoder")
    }
    assert "voice, music, paper or debug; voice if none is named." in told["travelgan"]
    assert "voice, student, bottleneck, adversarial or debug; voice if none is named." in told["autoencoder"]
