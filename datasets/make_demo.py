"""Cut the small corpus that ships with the repository out of what two recipes built.

Run ``russian_voices.py`` and ``jazz_classical.py --band trio --out data/trio`` first. The choice of clips depends
on file names and lengths only, so the same recipes give the same corpus. Vorbis keeps it small; train on the
recipes for anything serious.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path
from string import Template

import numpy as np
import soundfile as sf
from framework import MelganVcError
from recipe import console, progress_bar, recipe_parser, run_recipe, write_clip
from scores import allowed_scores
from soundfont import soundfont_credit
from voices import IVRVOICE_RU, MSU_NSH

SECONDS = 120.0
"""Audio in each of the four folders."""

SHORTEST, LONGEST = 3.0, 15.0
"""Seconds of a voice clip."""

EXCERPT, EXCERPT_START = 25.0, 8.0
"""Seconds of a musical excerpt, and where in its piece it starts."""

FOLDERS = ("female_ru", "male_ru", "jazz", "classical")
"""Each has a folder of the same name in ``held_out/``."""

MOST_BYTES = 6_000_000
"""The repository carries no more than this."""


def spread(paths: list[Path], seconds: float) -> list[Path]:
    """Clips of a fitting length, evenly spread over the list, that last `seconds` or a little longer."""
    fitting = [path for path in paths if SHORTEST <= sf.info(path).duration <= LONGEST]
    durations = [sf.info(path).duration for path in fitting]
    for step in range(len(fitting), 0, -1):
        if sum(durations[::step]) >= seconds:
            return fitting[::step]
    raise MelganVcError(
        f"Expected {seconds:.0f} s of clips of {SHORTEST:g} to {LONGEST:g} s, found {sum(durations):.0f} s. Run the "
        "recipe to its end first."
    )


def different_pieces(paths: list[Path]) -> list[Path]:
    """One piece a chart or a work, in order of name, as many as fill `SECONDS`."""
    chosen: dict[str, Path] = {}
    for path in paths:
        parts = path.stem.split("-")
        # jazz is "00-chart-groove-tempo-key", classical "composer-work-movement"
        work = parts[1] if parts[0].isdigit() else "-".join(parts[:2])
        if sf.info(path).duration >= EXCERPT + EXCERPT_START:
            chosen.setdefault(work, path)
    pieces, wanted = list(chosen.values()), int(np.ceil(SECONDS / EXCERPT))
    if len(pieces) < wanted:
        raise MelganVcError(
            f"Expected {wanted} different pieces, found {len(pieces)}. Run jazz_classical.py with more --minutes."
        )
    return [pieces[round(index)] for index in np.linspace(0, len(pieces) - 1, wanted)]


def excerpt(path: Path) -> tuple[np.ndarray, int]:
    """`EXCERPT` seconds of a piece, shape (samples,), faded over 20 ms at both ends; and its rate in Hz."""
    audio, rate = sf.read(path, dtype="float32")
    start = round(EXCERPT_START * rate)
    cut = audio[start : start + round(EXCERPT * rate)].copy()
    ramp = np.linspace(0.0, 1.0, round(0.02 * rate), dtype=np.float32)
    cut[: len(ramp)] *= ramp
    cut[-len(ramp) :] *= ramp[::-1]
    return cut, rate


def files_in(folder: Path) -> list[Path]:
    """The FLAC files of a folder, sorted by name."""
    paths = sorted(folder.glob("*.flac"))
    if not paths:
        raise MelganVcError(
            f"Expected FLAC files in {folder}, found none. Run the recipe that makes {folder.parent} first."
        )
    return paths


def music_in(folder: Path) -> list[Path]:
    """The pieces of a folder of ``jazz_classical.py``; of its jazz, only what this repository's trio plays.

    MMA and its grooves are GPL-2+, and nobody says what that means for what they play: it is never committed.
    """
    paths = files_in(folder)
    if folder.name != "jazz":
        return paths
    if not (ours := [path for path in paths if "-trio-" in path.stem]):
        raise MelganVcError(
            f"Expected jazz by the trio of this repository in {folder}, received: {paths[0].name}. Run "
            "jazz_classical.py --band trio with another --out, and name that folder with --music."
        )
    return ours


def plan(voices: Path, music: Path, wanted: Sequence[str] = FOLDERS) -> dict[str, list[Path]]:
    """Target folder within the corpus to source files."""
    folders = {}
    for target in wanted:
        if target.endswith("_ru"):
            source = target.removesuffix("_ru")
            folders[target] = spread(files_in(voices / source), SECONDS)
            folders[f"held_out/{target}"] = files_in(voices / "held_out" / source)[:2]
        else:
            folders[target] = different_pieces(music_in(music / target))
            folders[f"held_out/{target}"] = music_in(music / "held_out" / target)[:1]
    return folders


def attribution(demo: Path) -> str:
    """ATTRIBUTION.md: who made what is in the corpus, under which licence, and what was changed."""
    works = {score.name: score.work for score in allowed_scores()}
    heard = [works[path.stem] for folder in ("", "held_out") for path in (demo / folder / "classical").glob("*.ogg")]
    template = Template(Path(__file__).with_name("demo_attribution.md").read_text(encoding="utf-8"))
    return template.substitute(
        female=credit_cells(IVRVOICE_RU.credit),
        male=credit_cells(MSU_NSH.credit),
        soundfont=soundfont_credit(["musescore"]),
        works="\n".join(f"- {work}" for work in sorted(heard)),
    )


def credit_cells(credit: str) -> str:
    """The credit of a voice as two cells of a table: source and licence."""
    source, licence = credit.split(" Licence: ")
    return f"{source} | {licence}"


def main() -> None:
    """Write the corpus."""
    parser = recipe_parser("demo", __doc__.splitlines()[0])
    parser.set_defaults(out=Path(__file__).parent / "demo")
    parser.add_argument("--voices", type=Path, default=Path("data/russian_voices"), help="built by that recipe")
    parser.add_argument("--music", type=Path, default=Path("data/trio"), help="built with --band trio")
    parser.add_argument(
        "--only", nargs="+", choices=FOLDERS, default=FOLDERS, help="leave the other folders as they are"
    )
    options = parser.parse_args()

    folders = plan(options.voices, options.music, options.only)
    for target in folders:
        shutil.rmtree(options.out / target, ignore_errors=True)
    with progress_bar() as bar:
        task = bar.add_task("demo corpus", total=sum(len(paths) for paths in folders.values()))
        for target, paths in folders.items():
            for path in paths:
                is_voice = target.endswith("_ru")
                audio, rate = sf.read(path, dtype="float32") if is_voice else excerpt(path)
                write_clip(options.out / target / f"{path.stem}.ogg", audio, rate)
                bar.advance(task)
    (options.out / "ATTRIBUTION.md").write_text(attribution(options.out), encoding="utf-8")

    size = sum(path.stat().st_size for path in options.out.rglob("*") if path.is_file())
    if size > MOST_BYTES:
        raise MelganVcError(f"Expected a corpus of at most {MOST_BYTES} bytes, received: {size}. Shorten SECONDS.")
    for target in folders:
        durations = [sf.info(path).duration for path in (options.out / target).glob("*.ogg")]
        console.print(f"{target}: {len(durations)} files, {sum(durations):.0f} s", highlight=False)
    console.print(f"{size / 1e6:.1f} MB in all", highlight=False)


if __name__ == "__main__":
    run_recipe(main)
