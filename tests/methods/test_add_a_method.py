"""docs/add-a-method.md, followed to the letter in a copy of the package."""

import json

import numpy as np
import soundfile

FOLDERS = ["--source", "source", "--target", "target"]
SMALL = [f"--set=method.{name}.channels=8" for name in ("generator", "critic", "classifier")]


def test_the_page(follow_page, tmp_path):
    run, made = follow_page("add-a-method.md")
    assert {file.rsplit("/", 1)[0] for file in made} == {"melgan_vc/methods/trigan"}, "one folder and no other change"
    draw = np.random.default_rng(0)
    for domain in ("source", "target"):
        (tmp_path / domain).mkdir()
        soundfile.write(tmp_path / domain / "1.wav", 0.1 * draw.standard_normal(8000), 8000)

    options = ["--preset", "debug", "--steps", 3, "--set=method.width=16", *SMALL]
    options += ["--set=training.classifier.learning_rate=1e-3", "--set=training.report_every=3"]
    printed = run(
        ["train_cli.py", "trigan", *FOLDERS, "--run", "tri", *options],
        ["train_cli.py", "trigan", "--run", "tri", "--resume", "--steps", 4],
        ["convert_cli.py", "source/1.wav", "--model", "tri", "--output", "out.wav"],
        ["train_cli.py", "trigan", "--help"],
    )
    assert "Training trigan on " in printed and "Done: 3 steps" in printed
    assert "Going on from step 3." in printed
    players = json.loads((tmp_path / "tri" / "config.json").read_text())["training"]["players"]
    assert list(players) == ["generator", "critic", "classifier"]
    assert players["classifier"]["learning_rate"] == 1e-3 != players["critic"]["learning_rate"]
    header, figures = (tmp_path / "tri" / "metrics.csv").read_text().splitlines()
    losses = dict(zip(header.split(","), map(float, figures.split(",")), strict=True))
    assert {"generator_loss", "critic_loss", "classifier_loss", "classification", "identity"} <= set(losses)
    assert 0.1 < losses["classifier_loss"] < 10.0
    assert soundfile.info(tmp_path / "out.wav").frames == 8000
    assert "classifier as a player of its own" in printed
