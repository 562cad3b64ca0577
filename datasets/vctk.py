"""VCTK 0.92: about 400 sentences read by each of 110 English speakers (internet; the archive has 11 GB).

Only the chosen speakers are unpacked, from the second microphone, at 16 kHz by default. Speakers p280 and
p315 have no second microphone.
"""

from pathlib import Path

from audio_folder import convert_files
from download import download, extract
from framework import MelganVcError
from recipe import Checksums, recipe_parser, report, run_recipe, write_licence

URL = "https://datashare.ed.ac.uk/bitstream/handle/10283/3443/VCTK-Corpus-0.92.zip"

SHA256 = "f96258be9fdc2cbff6559541aae7ea4f59df3fcaf5cf963aae5ca647357e359c"
"""Checksum of the archive, as torchaudio publishes it."""

LICENCE = """
CSTR VCTK Corpus 0.92: Yamagishi, Junichi; Veaux, Christophe; MacDonald, Kirsten (2019). University of
Edinburgh, The Centre for Speech Technology Research. Licence: Creative Commons Attribution 4.0 (CC-BY-4.0).
Modified by this recipe: one microphone chosen, resampled, encoded as FLAC.
"""


def main() -> None:
    """Build one folder a speaker."""
    parser = recipe_parser("vctk", __doc__.splitlines()[0])
    parser.add_argument("--speakers", nargs="+", default=["p225", "p226"], help="p225: a woman; p226: a man")
    parser.add_argument("--microphone", choices=("mic1", "mic2"), default="mic2", help="mic1 is noisier")
    parser.add_argument("--rate", type=int, default=16000, help="sample rate to write, in Hz; recorded at 48000")
    parser.add_argument("--url", default=URL, help="address of the archive")
    parser.add_argument("--archive", type=Path, help="the archive, when you have it already")
    options = parser.parse_args()

    write_licence(options.out, LICENCE)
    if options.archive:
        if not options.archive.is_file():
            raise MelganVcError(f"Expected an archive, received: {options.archive} (no such file).")
        archive = options.archive
    else:
        # A mirror may pack the files anew: the published checksum is that of the official address.
        known = SHA256 if options.url == URL else None
        archive = download(options.url, options.cache / "vctk" / options.url.rsplit("/", 1)[-1], known)
    checksums = Checksums(options.out, {"rate": options.rate, "microphone": options.microphone})
    lines = []
    ending = f"_{options.microphone}.flac"
    for speaker in options.speakers:
        folder = extract(
            archive,
            options.cache / "vctk" / f"{archive.stem}_{speaker}_{options.microphone}",
            lambda name, inside=f"/{speaker}/": inside in name and name.endswith(ending),
        )
        sources = sorted(folder.rglob(f"{speaker}_*{ending}"))
        if not sources:
            folder.rmdir()
            raise MelganVcError(
                f"Expected files such as {speaker}/{speaker}_001{ending} in {archive}, found none. Speakers are "
                "named p225 to p376 and s5; the 0.92 archive is expected."
            )
        lines += convert_files(sources, options.out / speaker, options.rate, checksums)
    report(options.out, lines)


if __name__ == "__main__":
    run_recipe(main)
