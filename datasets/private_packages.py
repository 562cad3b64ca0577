"""Python packages that only a recipe needs, installed beside its downloads, never into your environment."""

import subprocess
import sys
from pathlib import Path

from framework import MelganVcError
from recipe import console


def use_private_packages(requirements: tuple[str, ...], cache: Path) -> Path:
    """Install `requirements`, without what they depend on, into ``cache/python`` and make them importable.

    Parameters
    ----------
    requirements : tuple of str
        Pinned names, such as ``"music21==10.5.1"``.
    cache : Path
        Folder for downloads.

    Returns
    -------
    Path
        The folder that was put on ``sys.path``.
    """
    folder = (cache / "python").resolve()
    listed = folder / "requirements.txt"
    if not listed.exists() or listed.read_text(encoding="utf-8").split() != list(requirements):
        console.print(f"Installing {', '.join(requirements)} into {folder}")
        line = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--upgrade", "--target"]
        done = subprocess.run([*line, str(folder), *requirements], capture_output=True, text=True)
        if done.returncode:
            reason = (done.stderr.strip() or "no message").splitlines()[-1]
            names = " ".join(requirements)
            raise MelganVcError(
                f"pip could not install the packages of this recipe ({reason}). Install them yourself and run the "
                f"recipe again:\n  python -m pip install --no-deps --target {folder} {names}\n  printf '%s\\n' "
                f"{names} > {listed}"
            )
        listed.write_text("\n".join(requirements) + "\n", encoding="utf-8")
    if str(folder) not in sys.path:
        # Last, so that a package of your environment is never shadowed.
        sys.path.append(str(folder))
    return folder
