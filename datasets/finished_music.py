"""Excerpts of finished music in other styles, to test with: nothing of it is learned from.

Telephone music by three musicians (Asterisk, in the band of its codec), and pieces of the game OpenTTD, rendered in
stereo with a soundfont that no training has heard (TimGM6mb). With ``--games`` also the recorded soundtracks of
Wesnoth (orchestral) and Nexuiz (techno and rock), 240 MB.
"""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile as sf
from debian import fetch_package
from private_packages import use_private_packages
from recipe import (
    Checksums,
    progress_bar,
    recipe_parser,
    report,
    run_recipe,
    sha256_of,
    write_licence,
    written_beside,
)
from voices import RATE, decode_g722

PACKAGES = ("tinysoundfont==0.3.7",)
SECONDS, SKIPPED = 20.0, 20.0
"""Of each excerpt, and before it, where a piece is long enough."""

LICENCE = """
Excerpts to test with, not to learn from.
moh/: Asterisk's music on hold, by Paul Shuler (Macroform), Manolo Camp and Reno Project, CC-BY-SA-3.0.
openmsx/: pieces of OpenMSX, GPL-2, rendered with the soundfont TimGM6mb, Copyright 2004 Tim Brechbill and 2010 David
Bolton, GPL-2.
wesnoth/: soundtrack of The Battle for Wesnoth, GPL-2+. nexuiz/: soundtrack of Nexuiz, GPL-2.
"""

Piece = tuple[str, Callable[[], tuple[np.ndarray, int]]]
"""Its name, and what decodes or renders it: ``(samples,)`` or ``(samples, 2)``, and the rate."""


def main() -> None:
    """Cut every excerpt."""
    parser = recipe_parser("finished_music", __doc__.splitlines()[0])
    parser.add_argument("--pieces", type=int, default=8, help="of each kind at most")
    parser.add_argument("--games", action="store_true", help="also the soundtracks of Wesnoth and Nexuiz")
    options = parser.parse_args()
    write_licence(options.out, LICENCE)
    checksums = Checksums(options.out, {"seconds": SECONDS})
    kinds = {"moh": on_hold, "openmsx": openmsx}
    if options.games:
        kinds |= {"wesnoth": wesnoth, "nexuiz": nexuiz}
    lines = []
    for kind, pieces in kinds.items():
        found = pieces(options.cache)
        chosen = found[:: max(1, len(found) // options.pieces)][: options.pieces]
        with progress_bar() as bar:
            for name, sound in bar.track(chosen, description=kind):
                target = options.out / kind / f"{name}.flac"
                if not checksums.complete(target):
                    checksums.record(target, write_excerpt(target, *sound()))
        lines.append(f"{kind}: {len(chosen)} excerpts of at most {SECONDS:g} s")
        checksums.save()
    report(options.out, lines)


def write_excerpt(target: Path, sound: np.ndarray, rate: int) -> str:
    """Write some seconds from within a piece as they are, all channels; SHA-256 of the file."""
    first = min(int(SKIPPED * rate), max(0, len(sound) - int(SECONDS * rate)))
    with written_beside(target) as beside:
        sf.write(beside, np.clip(sound[first : first + int(SECONDS * rate)], -1.0, 1.0), rate, subtype="PCM_16")
    return sha256_of(target)


def on_hold(cache: Path) -> list[Piece]:
    """Asterisk's, in G.722."""
    folder = fetch_package("asterisk-moh-opsound-g722", cache) / "usr/share/asterisk/moh"
    return [(path.stem, lambda path=path: (decode_g722(path), RATE)) for path in sorted(folder.glob("*.g722"))]


def openmsx(cache: Path) -> list[Piece]:
    """OpenTTD's, rendered."""
    folder = fetch_package("openttd-openmsx", cache) / "usr/share/games/openttd/baseset/openmsx"
    soundfont = fetch_package("timgm6mb-soundfont", cache) / "usr/share/sounds/sf2/TimGM6mb.sf2"
    return [(path.stem, lambda path=path: rendered(path, soundfont, cache)) for path in sorted(folder.glob("*.mid"))]


def rendered(path: Path, soundfont: Path, cache: Path) -> tuple[np.ndarray, int]:
    """The beginning of a MIDI file in stereo at 44.1 kHz."""
    use_private_packages(PACKAGES, cache / "synthesiser")
    import tinysoundfont

    rate = 44100
    synth = tinysoundfont.Synth(samplerate=rate, gain=-9)
    synth.sfload(str(soundfont))
    tinysoundfont.Sequencer(synth).midi_load(str(path))
    sound = np.frombuffer(synth.generate(int((SKIPPED + SECONDS) * rate)), np.float32)
    return sound.reshape(-1, 2), rate


def wesnoth(cache: Path) -> list[Piece]:
    """Recorded, orchestral."""
    folder = fetch_package("wesnoth-1.16-music", cache) / "usr/share/games/wesnoth/1.16/data/core/music"
    return [(path.stem, lambda path=path: sf.read(path, dtype="float32")) for path in sorted(folder.glob("*.ogg"))]


def nexuiz(cache: Path) -> list[Piece]:
    """Recorded, techno and rock."""
    archive = zipfile.ZipFile(fetch_package("nexuiz-music", cache) / "usr/share/games/nexuiz/data/music.pk3")
    names = sorted(name for name in archive.namelist() if name.endswith(".ogg"))
    return [
        (Path(name).stem, lambda name=name: sf.read(io.BytesIO(archive.read(name)), dtype="float32"))
        for name in names
    ]


if __name__ == "__main__":
    run_recipe(main)
