"""Whether the models that ship sound as they did at an earlier commit, bit for bit, on the clips of the repository.

``python benchmarks/same_output.py --against COMMIT`` converts the demo's held-out clips with the code of that commit
and with that of the working tree, each in a process of its own, and compares the waveforms.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
CLIPS = ROOT / "datasets" / "demo" / "held_out"

CONVERT = """
import sys
from pathlib import Path
import numpy as np
import melgan_vc as mv
made, clips = {}, Path(sys.argv[1])
for name in mv.model_names():
    for vocoder in ("auto", "griffin-lim"):
        model = mv.load_model(name, vocoder=vocoder)
        for clip in sorted(clips.glob("*/*")):
            wave, rate = mv.read(clip)
            wave = wave[: 8 * rate]
            ways = list(model.domains) if len(model.domains) < 3 else list(model.domains)[::2]
            for to in ways:
                made[f"{name} {vocoder} {clip.stem} {to}"] = model.convert(wave, rate, to=to)
        if model.config.method.name == "stargan":
            made[f"{name} {vocoder} like"] = model.convert(wave, rate, like=sorted(clips.glob("female_ru/*"))[0])
np.savez(sys.argv[2], **made)
"""
"""Through the public interface alone, which is the same at both commits."""


def converted(code: Path, place: Path) -> dict[str, np.ndarray]:
    """What the code in a folder makes of the clips, by model, vocoder, clip and direction."""
    environment = {**os.environ, "PYTHONPATH": str(code)}
    subprocess.run([sys.executable, "-c", CONVERT, str(CLIPS), str(place)], cwd=code, env=environment, check=True)
    with np.load(place) as saved:
        return dict(saved)


def main() -> None:
    """Compare, print a line for each difference, and end with 1 if there is any."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--against", required=True, help="a commit")
    commit = parser.parse_args().against
    with tempfile.TemporaryDirectory() as folder:
        before = Path(folder) / "before"
        subprocess.run(["git", "worktree", "add", "--quiet", "--detach", str(before), commit], cwd=ROOT, check=True)
        try:
            old = converted(before, Path(folder) / "old.npz")
            new = converted(ROOT, Path(folder) / "new.npz")
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", str(before)], cwd=ROOT, check=True)
    if set(old) != set(new):
        print(f"Other conversions: {sorted(set(old) ^ set(new))}")
    apart = [name for name in old if name in new and not np.array_equal(old[name], new[name])]
    for name in apart:
        print(f"{name}: {np.abs(old[name] - new[name]).max():.3g} apart")
    print(f"{len(old)} conversions, {len(old) - len(apart)} the same bit for bit")
    sys.exit(bool(apart) or set(old) != set(new))


if __name__ == "__main__":
    main()
