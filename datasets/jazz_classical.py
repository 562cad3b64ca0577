"""Jazz and classical music, rendered: a combo plays chord charts, strings play public-domain scores.

These are renderings, not recordings of people: every note comes from a program (MMA, or with ``--band trio``
only this repository) or a score (music21) through one sampled-instrument soundfont. ``jazz/`` and
``classical/`` hold unpaired training audio, ``held_out/`` a tune and a movement that are in neither, and
``pairs/`` the same performances in both sounds (``NAME-jazz.flac`` with the combo and drums,
``NAME-classical.flac`` with strings), aligned to the sample, for testing.
"""

import itertools
import random
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from string import Template

import soundfile as sf
from charts import HELD_OUT_CHART, Tune, chart_names, chart_notes, fetch_mma, plan_tune
from framework import MelganVcError
from notes import ENSEMBLES, for_ensemble
from private_packages import use_private_packages
from recipe import Checksums, progress_bar, recipe_parser, report, run_recipe, write_clip, write_licence
from recorded import as_recorded
from scores import Score, allowed_scores, restriction, score_notes
from soundfont import RATE, SOUNDFONTS, Renderer, fetch_soundfont, soundfont_credit

# joblib, requests, numpy and matplotlib, which music21 needs too, come with librosa and with this framework.
PACKAGES = (
    "music21==10.5.1",
    "tinysoundfont==0.3.7",
    "chardet",
    "jsonpickle",
    "more-itertools",
    "webcolors",
)

RINGING = 2.0
"""Seconds for the last note of a piece to die away."""

LICENCE = """
Rendered music, not recordings.
$soundfont
jazz/: chord charts and solos of this repository (datasets/charts), accompanied by $band.
classical/: works in the public domain, for $ensemble; encodings from the corpus of music21 that carry no
restriction of their own (datasets/scores.txt lists them). Corelli's encoding is under CC-BY.
pairs/: the charts again, once with the combo and once for $ensemble.
"""

BANDS = {
    "mma": "grooves of MMA (Bob van der Poel;\nprogram and grooves are GPL-2+; what that means for their output "
    "is documented nowhere)",
    "trio": "a trio of this repository\n(datasets/jazz_trio.py), which uses nothing of MMA",
}
"""Who accompanies, and how the licence note names them."""


@dataclass(frozen=True)
class Piece:
    """One rendering: a target file and what to play into it."""

    target: Path
    music: Tune | Score
    ensemble: str | None = None
    """Who plays it instead of the instruments that are written."""

    soundfont: str = "musescore"
    recorded: bool = False
    """Whether it goes through a room, a mixing desk and a codec of its own, drawn by its name."""


class Workplace:
    """What every process keeps between pieces."""

    cache: Path
    renderers: dict[str, Renderer]
    mma: Path | None
    corpus: Path
    longest: float


def start_process(cache: Path, longest: float, band: str) -> None:
    """What a process keeps; a soundfont is loaded for the first piece that needs it."""
    packages = use_private_packages(PACKAGES, cache)
    Workplace.cache, Workplace.renderers = cache, {}
    Workplace.mma = fetch_mma(cache) if band == "mma" else None
    Workplace.corpus = packages / "music21" / "corpus"
    Workplace.longest = longest


def render_piece(piece: Piece) -> tuple[Piece, str, str]:
    """Render one piece; return it with the SHA-256 of the file, or with the reason why it was skipped."""
    try:
        if isinstance(piece.music, Tune):
            notes = chart_notes(piece.music, Workplace.mma)
        else:
            path = Workplace.corpus / piece.music.path
            if words := restriction(path):
                return piece, "", f"its encoding says {words!r}"
            notes = score_notes(path, piece.music.tempo)
        # Taken before the change of instruments, so that both halves of a pair have one length.
        seconds = max(note.end for note in notes) + RINGING
        notes = for_ensemble(notes, piece.ensemble) if piece.ensemble else notes
        if piece.soundfont not in Workplace.renderers:
            Workplace.renderers[piece.soundfont] = Renderer(fetch_soundfont(Workplace.cache, piece.soundfont))
        audio = Workplace.renderers[piece.soundfont].render(notes, seconds, Workplace.longest)
        if piece.recorded:
            audio = as_recorded(audio, RATE, zlib.crc32(piece.target.stem.encode()))
        return piece, write_clip(piece.target, audio, RATE), ""
    except MelganVcError as error:
        return piece, "", str(error)


def jazz_pieces(out: Path, seed: int, band: str, soundfonts: Sequence[str]) -> Iterator[Piece]:
    """Tunes without end: every chart in turn, each time with another groove, tempo and key; soundfonts in turn."""
    rng, sounds = random.Random(seed), itertools.cycle(soundfonts)
    for number in itertools.count():
        charts = chart_names()
        rng.shuffle(charts)
        for chart in charts:
            tune = plan_tune(chart, rng, band=band)
            yield Piece(out / "jazz" / f"{number:02d}-{tune.name}.flac", tune, soundfont=next(sounds))


def classical_pieces(out: Path, seed: int, ensemble: str, soundfonts: Sequence[str]) -> Iterator[Piece]:
    """Every allowed score once, in an order drawn from the seed."""
    scores = [score for score in allowed_scores() if not score.held_out]
    random.Random(seed).shuffle(scores)
    for score, soundfont in zip(scores, itertools.cycle(soundfonts), strict=False):
        yield Piece(out / "classical" / f"{score.name}.flac", score, ensemble, soundfont)


def extra_pieces(out: Path, seed: int, band: str, ensemble: str) -> list[Piece]:
    """The held-out tunes and movements, and the pairs, all with the first soundfont."""
    rng = random.Random(seed + 1)
    held_out = out / "held_out"
    pieces = []
    for _ in range(2):
        tune = plan_tune(HELD_OUT_CHART, rng, band=band)
        pieces.append(Piece(held_out / "jazz" / f"{tune.name}.flac", tune))
    for score in allowed_scores():
        if score.held_out:
            pieces.append(Piece(held_out / "classical" / f"{score.name}.flac", score, ensemble))
    for chart in (HELD_OUT_CHART, *chart_names()[:5]):
        tune = plan_tune(chart, rng, seconds=40, band=band)
        for style, played_by in (("jazz", None), ("classical", ensemble)):
            pieces.append(Piece(out / "pairs" / f"{tune.name}-{style}.flac", tune, played_by))
    return pieces


def render_all(
    pieces: Iterator[Piece],
    seconds: float,
    pool: ProcessPoolExecutor,
    checksums: Checksums,
    title: str,
    wide: int,
) -> list[str]:
    """Render pieces in order until `seconds` of audio are there; return the lines of the report."""
    total, made, lines = 0.0, 0, []
    try:
        with progress_bar() as bar:
            task = bar.add_task(f"{title} (seconds)", total=round(seconds) if seconds < float("inf") else None)
            while total < seconds and (batch := list(itertools.islice(pieces, wide))):
                waiting = [piece for piece in batch if not checksums.complete(piece.target)]
                for piece, sha256, reason in pool.map(render_piece, waiting):
                    if reason:
                        lines.append(f"skipped {piece.target.stem}: {reason}")
                    else:
                        checksums.record(piece.target, sha256)
                for piece in batch:
                    if piece.target.relative_to(checksums.folder).as_posix() in checksums.files:
                        total += sf.info(piece.target).duration
                        made += 1
                bar.update(task, completed=round(total))
                checksums.save()
    finally:
        checksums.save()
    if total < seconds < float("inf"):
        lines.append(f"{title}: the allow-list ran out before {seconds / 60:g} minutes")
    return [*lines, f"{title}: {made} pieces, {total / 60:.1f} minutes, {RATE} Hz mono"]


def main() -> None:
    """Render both styles, the held-out pieces and the pairs."""
    parser = recipe_parser("jazz_classical", __doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=30.0, help="minutes of each style")
    parser.add_argument("--longest", type=float, default=90.0, help="seconds of a piece at most")
    parser.add_argument("--seed", type=int, default=0, help="of the order, tempi, keys and grooves")
    parser.add_argument("--processes", type=int, default=2, help="pieces rendered at the same time")
    parser.add_argument("--band", choices=BANDS, default="mma", help="who plays the charts; a folder --out for each")
    parser.add_argument("--ensemble", choices=ENSEMBLES, default="strings", help="who plays the scores")
    parser.add_argument(
        "--soundfonts", nargs="+", choices=SOUNDFONTS, default=["musescore"], help="in turn, one for each piece"
    )
    parser.add_argument(
        "--recorded",
        nargs="+",
        choices=("jazz", "classical"),
        default=[],
        help="styles whose training audio goes through rooms, mixing desks and codecs, a draw for each piece",
    )
    options = parser.parse_args()

    # Fetched before the processes start, so that they do not download the same file twice.
    use_private_packages(PACKAGES, options.cache)
    for soundfont in options.soundfonts:
        fetch_soundfont(options.cache, soundfont)
    if options.band == "mma":
        fetch_mma(options.cache)
    credits = {"soundfont": soundfont_credit(options.soundfonts), "ensemble": options.ensemble}
    write_licence(options.out, Template(LICENCE).substitute(credits, band=BANDS[options.band]))
    settings = {"longest": options.longest, "seed": options.seed, "band": options.band}
    if options.ensemble != "strings":  # folders of earlier versions know of neither
        settings["ensemble"] = options.ensemble
    if options.soundfonts != ["musescore"]:
        settings["soundfonts"] = options.soundfonts
    if options.recorded:
        settings["recorded"] = sorted(options.recorded)
    checksums = Checksums(options.out, settings)
    lines = ["These are renderings, not recordings of people."]
    with ProcessPoolExecutor(
        options.processes, initializer=start_process, initargs=(options.cache, options.longest, options.band)
    ) as pool:
        for title, pieces, seconds in (
            ("jazz", jazz_pieces(options.out, options.seed, options.band, options.soundfonts), options.minutes * 60),
            (
                "classical",
                classical_pieces(options.out, options.seed, options.ensemble, options.soundfonts),
                options.minutes * 60,
            ),
            (
                "held_out and pairs",
                iter(extra_pieces(options.out, options.seed, options.band, options.ensemble)),
                float("inf"),
            ),
        ):
            if title in options.recorded:
                pieces = (replace(piece, recorded=True) for piece in pieces)
            lines += render_all(pieces, seconds, pool, checksums, title, wide=2 * options.processes)
    report(options.out, lines)


if __name__ == "__main__":
    run_recipe(main)
