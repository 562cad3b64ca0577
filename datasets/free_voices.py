"""Voices of a free speech synthesiser that read English, one folder a voice: more people for a student to hear.

flite's four recorded voices (two of them men with an accent) each read verses of their own from the Psalms and
Proverbs of the King James Bible. They are not natural speech; what they bring is how people differ in sound.
"""

import os
import re
import subprocess
from functools import partial
from pathlib import Path

import numpy as np
import soundfile as sf
from debian import fetch_package
from framework import MelganVcError
from recipe import Checksums, make_clips, recipe_parser, report, run_recipe, write_licence
from voices import RATE, low_pass

CREDITS = {
    "awb": "Alan W Black, Scottish, male",
    "kal16": "Kevin Lenzo, American, male",
    "rms": "CMU Arctic rms, American, male",
    "slt": "CMU Arctic slt, American, female",
}
"""Flite's voices that were made of recordings at 16 kHz."""

BOOKS = ("Psa1:1-150:6", "Pro1:1-31:31")
_LONGEST = 240  # characters: some 15 seconds


def main() -> None:
    """Have every voice read."""
    parser = recipe_parser("free_voices", __doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=12.0, help="of each voice")
    parser.add_argument("--cutoff", type=float, default=7000.0, help="low-pass, in Hz: the band of five_voices")
    parser.add_argument("--voices", nargs="+", choices=CREDITS, default=list(CREDITS), help="which of them")
    options = parser.parse_args()
    flite = Flite(options.cache)
    verses = read_verses(options.cache)
    credits = [f"{voice}/  {CREDITS[voice]}. Voice of flite, Carnegie Mellon University. Licence: BSD-like."
               for voice in options.voices]  # fmt: skip
    write_licence(options.out, "\n".join([*credits, "Text: the King James Bible, in the public domain."]))
    checksums = Checksums(options.out, {"cutoff": options.cutoff})
    lines = []
    for voice in options.voices:
        mine = verses[list(CREDITS).index(voice) :: len(CREDITS)]
        lines.append(read_aloud(flite, voice, mine, options, checksums))
    report(options.out, lines)


class Flite:
    """The program of Debian's package, run from where it was unpacked.

    Parameters
    ----------
    cache : Path
        Folder for downloads.
    """

    def __init__(self, cache: Path):
        self._program = fetch_package("flite", cache) / "usr/bin/flite"
        root = fetch_package("libflite1", cache)
        libraries = sorted(root.glob("usr/lib/*/libflite.so.1"))
        if not libraries:
            raise MelganVcError(
                f"Expected libflite.so.1 under {root}, found none. Delete {root} and run the recipe again; if that "
                "does not help, the package has changed its layout."
            )
        self._environment = {**os.environ, "LD_LIBRARY_PATH": str(libraries[0].parent.absolute())}

    def say(self, text: str, voice: str, out: Path) -> None:
        """Write a WAV of 16 kHz of a voice that says a text; raises a `MelganVcError` where flite does not run."""
        command = [str(self._program.absolute()), "-voice", voice, "-t", text, "-o", str(out)]
        done = subprocess.run(command, env=self._environment, capture_output=True, text=True)
        if done.returncode or not out.exists():
            raise MelganVcError(
                f"flite could not say {text[:40]!r} ({done.stderr.strip() or 'no message'}). Its package is for "
                "Debian 12: run this recipe there, or in a debian container."
            )


def read_verses(cache: Path) -> list[str]:
    """Verses of `BOOKS`, in order, none of them long."""
    data = fetch_package("bible-kjv-text", cache) / "usr/lib/bible.data"
    program = fetch_package("bible-kjv", cache) / "usr/bin/bible"
    verses = []
    for book in BOOKS:
        command = [str(program.absolute()), "-f", "-d", f"./{data.name}", book]  # it knows short paths only
        done = subprocess.run(command, cwd=data.parent, capture_output=True, text=True, errors="replace")
        verses += re.findall(r"^\w+:\d+ (.+)$", done.stdout, flags=re.MULTILINE)
    if not verses:
        raise MelganVcError(
            f"Expected verses from {program}, received: {done.stderr.strip() or 'none'}. Its package is for Debian "
            "12: run this recipe there, or in a debian container."
        )
    return [verse for verse in verses if len(verse) <= _LONGEST]


def read_aloud(flite: Flite, voice: str, verses: list[str], options, checksums: Checksums) -> str:
    """Clips of one voice until there are minutes enough; a line of the report."""
    folder = options.out / voice
    folder.mkdir(parents=True, exist_ok=True)

    def read(number: int) -> np.ndarray:
        said = folder / f"{number:04d}.part.wav"
        flite.say(verses[number], voice, said)
        audio = low_pass(sf.read(said, dtype="float32")[0], options.cutoff)
        said.unlink()
        return audio

    clips = ((f"{number:04d}.flac", partial(read, number)) for number in range(len(verses)))
    made, seconds = make_clips(folder, clips, checksums, minutes=options.minutes, rate=RATE)
    return f"{voice}: {made} clips, {seconds / 60:.1f} minutes, {RATE} Hz mono"


if __name__ == "__main__":
    run_recipe(main)
