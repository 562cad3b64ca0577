"""What the scripts that make weights to ship of a run do alike."""

import argparse
import hashlib
from pathlib import Path


def run_and_folder(description: str, run: str) -> argparse.Namespace:
    """What the command line names, with the engine started: ``run`` to read, and ``out``, the folder to write to."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path, help=run)
    parser.add_argument("--out", type=Path, required=True, help="the folder to write to")
    options = parser.parse_args()
    from melgan_vc.engine.start import start_engine

    start_engine()
    return options


def write_weights(path: Path, data: bytes) -> None:
    """Write the file, whole or not at all, and say its hash."""
    from melgan_vc.atomic import replacing

    with replacing(path) as new:
        new.write_bytes(data)
    print(f"{path}: {len(data)} bytes, SHA-256 {hashlib.sha256(data).hexdigest()}")
