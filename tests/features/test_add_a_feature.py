"""docs/add-a-feature.md, followed to the letter in a copy of the package."""

import numpy as np
import soundfile

FOLDERS = ["--source", "source", "--target", "target"]
SETTINGS = ["--set=method.width=16", "--set=method.critic.channels=8"]

HEARD = """
import numpy as np
from melgan_vc.features.registry import features_of
from melgan_vc.methods.presets import preset

(crossings,) = features_of(["zero_crossings"], preset("debug").mel)
wave = np.concatenate([np.ones(4000), np.tile([1.0, -1.0], 2000)]).astype(np.float32)
whole = crossings.of(wave)
assert whole.shape == (63, 1)
np.testing.assert_allclose([whole[10, 0], whole[50, 0]], [0.0, 1.0])
cut = np.concatenate([*crossings.stream(np.split(wave, [1, 700, 5000]))])
np.testing.assert_array_equal(cut, whole)
"""


def test_the_page(follow_page, tmp_path):
    run, made = follow_page("add-a-feature.md")
    assert [file for file in made if "/methods/" not in file] == ["melgan_vc/features/zero_crossings.py"], "one file"
    (tmp_path / "heard.py").write_text(HEARD)
    draw = np.random.default_rng(0)
    for domain in ("source", "target"):
        (tmp_path / domain).mkdir()
        soundfile.write(tmp_path / domain / "1.wav", 0.1 * draw.standard_normal(12_000), 8000)
    run(
        ["heard.py"],
        ["train_cli.py", "hissgan", *FOLDERS, "--run", "hiss", "--preset", "debug", "--steps", 3, *SETTINGS],
        ["train_cli.py", "travelgan", *FOLDERS, "--run", "plain", "--preset", "debug", "--steps", 1],
        ["convert_cli.py", "source/1.wav", "--model", "hiss", "--output", "out.wav"],
    )
    # The same log-mels serve a method that needs nothing else.
    tables = [np.load(file) for file in (tmp_path / "cache").rglob("*.npy")]
    assert sorted(table.shape for table in tables) == [(94, 1), (94, 1), (94, 32), (94, 32)]
    assert soundfile.info(tmp_path / "out.wav").frames == 12_000
