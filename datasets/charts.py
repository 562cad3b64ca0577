"""Jazz from the chord charts in ``charts/``: our own trio plays them, or MMA makes a combo of one of its grooves."""

import os
import random
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from debian import fetch_package
from framework import MelganVcError
from improvise import solo
from jazz_trio import TEMPI, trio
from notes import DRUMS, Note, notes_of_midi

CHARTS = Path(__file__).parent / "charts"

HELD_OUT_CHART = "unseen_corner"
"""Never in ``jazz/``: the clip that a trained model has not seen."""

GROOVES = {
    4: (
        ("ModernJazz", "ModernJazz1", 130, 185),
        ("NiteJazz", "NiteJazzPlus", 105, 140),
        ("BigBand", "BigBandPlus", 130, 190),
        ("ModernJazz2", "ModernJazz", 120, 170),
        ("BigBand1", "BigBand1Plus", 120, 170),
        ("NiteJazzPlus", "NiteJazz", 95, 130),
        ("SlowJazzWalk", "SlowJazzPlus", 75, 100),
        ("MellowJazz", "MellowJazzPlus", 95, 130),
        ("EasySwing", "EasySwingWalk", 110, 150),
        ("SwingWalk", "SwingPlus", 120, 170),
    ),
    3: (("JazzWaltz", "JazzWaltz1", 120, 165), ("ModernJazzWaltz", "ModernJazzWaltz1", 130, 175)),
}
"""By beats in a bar: a groove for odd choruses, one for even choruses, the range of tempi in beats a minute.

An independent tagger calls ModernJazz, NiteJazz and BigBand jazz most surely (0.68), hence their six rows of
ten.
"""

BASSES = range(32, 40)
"""General MIDI programs of the basses."""


@dataclass(frozen=True)
class Tune:
    """One performance: a chart with everything that a band needs to play it.

    `grooves` are MMA's, for odd and even choruses; without any, the trio plays.
    """

    chart: str
    grooves: tuple[str, ...]
    tempo: int
    transpose: int
    choruses: int
    seed: int

    @property
    def name(self) -> str:
        """File name without a suffix."""
        key = f"{'down' if self.transpose < 0 else 'up'}{abs(self.transpose)}"
        band = self.grooves[0].lower() if self.grooves else "trio"
        return f"{self.chart}-{band}-{self.tempo}bpm-{key}"


def chart_names() -> list[str]:
    """Every chart but the held-out one."""
    return sorted(path.stem for path in CHARTS.glob("*.mma") if path.stem != HELD_OUT_CHART)


def read_chart(name: str) -> tuple[int, list[str]]:
    """Beats in a bar and the lines of a chart without its comments."""
    lines = (CHARTS / f"{name}.mma").read_text(encoding="utf-8").splitlines()
    meter = next(int(line.split(":")[1]) for line in lines if line.startswith("// meter:"))
    return meter, [line for line in lines if line and not line.startswith("//")]


def plan_tune(chart: str, rng: random.Random, seconds: float = 75.0, band: str = "mma") -> Tune:
    """Draw a groove if the `band` is "mma" (not for "trio"), a tempo and a key; choruses for about `seconds`."""
    meter, lines = read_chart(chart)
    grooves: tuple[str, ...] = ()
    if band == "mma":
        *grooves, slowest, fastest = rng.choice(GROOVES[meter])
    else:
        slowest, fastest = rng.choice(TEMPI[meter])
    tempo = rng.randrange(slowest, fastest + 1)
    chorus = (len(lines) - 1) * meter * 60 / tempo
    choruses = max(1, round(seconds / chorus))
    return Tune(chart, tuple(grooves), tempo, rng.randrange(-5, 7), choruses, rng.randrange(1, 10**6))


def mma_source(tune: Tune) -> str:
    """The program that MMA reads for a tune."""
    meter, lines = read_chart(tune.chart)
    key, *bars = lines
    head = [
        f"RndSeed {tune.seed}",
        f"Time {meter}",
        f"Tempo {tune.tempo}",
        f"Transpose {tune.transpose}",
        key,
    ]
    choruses = [[f"Groove {tune.grooves[number % 2]}", *bars] for number in range(tune.choruses)]
    return "\n".join([*head, *(line for chorus in choruses for line in chorus)]) + "\n"


def fetch_mma(cache: Path) -> Path:
    """The unpacked mma package, with the groove index that Debian would build while installing it."""
    root = fetch_package("mma", cache).resolve()
    share = root / "usr/share/mma"
    if not (share / "lib/stdlib/.mmaDB").exists():
        (share / "plugins").mkdir(exist_ok=True)
        _mma(root, "-G")
    return root


def chart_notes(tune: Tune, mma: Path | None) -> list[Note]:
    """Play a tune: the band and a solo over it.

    Parameters
    ----------
    tune : Tune
        What to play.
    mma : Path or None
        The folder from `fetch_mma`; a tune without grooves does not use it.

    Returns
    -------
    list of Note
        Sorted by start.
    """
    chorus = chords_by_beat(tune.chart)
    chords = chorus * tune.choruses
    if tune.grooves:
        band = mma_notes(tune, mma)
    else:
        meter, _ = read_chart(tune.chart)
        band = trio(chords, meter, tune.tempo, tune.transpose, tune.seed, chorus=len(chorus))
    return sorted([*band, *solo(chords, tune.tempo, tune.transpose, tune.seed)])


def mma_notes(tune: Tune, mma: Path) -> list[Note]:
    """What MMA makes of the grooves of a tune."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "tune.mma"), Path(folder, "tune.mid")
        source.write_text(mma_source(tune), encoding="utf-8")
        _mma(mma, str(source), "-f", str(target))
        return [balanced(note) for note in notes_of_midi(target)]


def balanced(note: Note) -> Note:
    """A bass note at half its velocity, which is 6 dB less; any other note as it is.

    With MMA's own balance the centre of gravity of the spectrum lies at 100 to 200 Hz: bass, and little else.
    """
    is_bass = note.program in BASSES and note.channel != DRUMS
    return replace(note, velocity=max(1, note.velocity // 2)) if is_bass else note


def chords_by_beat(chart: str) -> list[str]:
    """The chord symbol on every beat of one chorus."""
    meter, (_, *bars) = read_chart(chart)
    chords: list[str] = []
    for bar in bars:
        written = bar.split()[1:]
        for beat in range(meter):
            symbol = written[beat] if beat < len(written) else "/"
            chords.append(chords[-1] if symbol == "/" else symbol)
    return chords


def _mma(root: Path, *arguments: str) -> None:
    """Run the unpacked program with this Python: it is plain Python and needs no installation."""
    environment = {**os.environ, "MMA_HOME": str(root / "usr/share/mma")}
    done = subprocess.run(
        [sys.executable, str(root / "usr/bin/mma"), *arguments],
        env=environment,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise MelganVcError(f"MMA refused {arguments[0]}: {(done.stdout + done.stderr).strip()}")
