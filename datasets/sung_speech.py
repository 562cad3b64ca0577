"""Speech of your own folders put to melodies: songs without accompaniment, a folder a voice.

No singing can be fetched by name. This makes songs of what there is: each clip is sung to a melody of its own
(`sung.py`), so that what a voice model does with notes can be heard and measured. It is no singer.
"""

import zlib
from functools import partial
from pathlib import Path

import numpy as np
from framework import MelganVcError
from recipe import Checksums, make_clips, recipe_parser, report, run_recipe, write_licence
from sung import sung

RATE = 16000
_SHORTEST, _LONGEST = 2.0, 12.0  # seconds of speech


def main() -> None:
    """Have every voice sing."""
    parser = recipe_parser("sung_speech", __doc__.splitlines()[0])
    parser.add_argument(
        "--speech", type=Path, default=Path("data/five_voices"), help="a folder of voices, each a folder of clips"
    )
    parser.add_argument("--minutes", type=float, default=3.0, help="of each voice, sung")
    options = parser.parse_args()
    voices = sorted(place for place in options.speech.glob("*/") if place.name != "held_out")
    if not voices:
        raise MelganVcError(
            f"Expected a folder of voices, each a folder of clips, received: {options.speech}. Fetch some with: "
            "python datasets/five_voices.py"
        )
    notice = options.speech / "LICENSE.txt"
    said = notice.read_text(encoding="utf-8") if notice.is_file() else "As the recordings are licensed."
    write_licence(options.out, f"Speech put to melodies, modified by datasets/sung_speech.py.\n\n{said}")
    checksums = Checksums(options.out, {"speech": options.speech.name})
    report(options.out, [_sing(voice, options.out, options.minutes, checksums) for voice in voices])


def _sing(voice: Path, out: Path, minutes: float, checksums: Checksums) -> str:
    """Songs of one voice until there are minutes enough; a line of the report."""
    from melgan_vc.audio.files import find_audio

    places = find_audio(voice)
    songs = (
        ("-".join(place.relative_to(voice).with_suffix(".flac").parts), partial(_song, place)) for place in places
    )
    made, seconds = make_clips(out / voice.name, songs, checksums, minutes=minutes, rate=RATE)
    return f"{voice.name}: {made} songs, {seconds / 60:.1f} minutes, {RATE} Hz mono"


def _song(place: Path) -> np.ndarray | None:
    """A clip, sung; None of one that is short."""
    from melgan_vc.audio.files import read

    speech = read(place, rate=RATE, mono=True)[0][: round(_LONGEST * RATE)]
    return None if len(speech) < _SHORTEST * RATE else sung(speech, RATE, zlib.crc32(place.stem.encode()))[0]


if __name__ == "__main__":
    run_recipe(main)
