"""Speech of your own folders put to melodies: songs without accompaniment, a folder a voice.

No singing can be fetched by name. This makes songs of what there is: each clip is sung to a melody of its own
(`sung.py`), so that what a voice model does with notes can be heard and measured. It is no singer.
"""

import zlib
from pathlib import Path

import soundfile as sf
from framework import MelganVcError
from recipe import Checksums, progress_bar, recipe_parser, report, run_recipe, write_clip, write_licence
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
    from melgan_vc.audio.files import find_audio, read

    seconds = made = 0
    try:
        with progress_bar() as bar:
            task = bar.add_task(voice.name, total=minutes)
            for place in find_audio(voice):
                if seconds >= 60.0 * minutes:
                    break
                target = out / voice.name / f"{place.stem}.flac"
                if not checksums.complete(target):
                    speech = read(place, rate=RATE, mono=True)[0][: round(_LONGEST * RATE)]
                    if len(speech) < _SHORTEST * RATE:
                        continue
                    song, _ = sung(speech, RATE, zlib.crc32(place.stem.encode()))
                    checksums.record(target, write_clip(target, song, RATE))
                seconds += sf.info(target).duration
                made += 1
                bar.update(task, completed=seconds / 60.0)
    finally:
        checksums.save()
    return f"{voice.name}: {made} songs, {seconds / 60:.1f} minutes, {RATE} Hz mono"


if __name__ == "__main__":
    run_recipe(main)
