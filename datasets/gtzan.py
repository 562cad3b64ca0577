"""GTZAN: ten genres, a hundred excerpts of 30 seconds each, 22.05 kHz (bring your own archive).

The original address has been dead since October 2022 and no official one has replaced it, so that the archive
has to be named: ``--archive genres.tar.gz`` or ``--url``. jazz.00054 is corrupt in the copies in circulation
and is skipped. The set has known duplicates and wrong labels, and no licence: it is for research only.
"""

from pathlib import Path

from audio_folder import convert_files
from download import download, extract
from framework import MelganVcError, did_you_mean
from recipe import Checksums, recipe_parser, report, run_recipe, write_licence

GENRES = ["blues", "classical", "country", "disco", "hiphop", "jazz", "metal", "pop", "reggae", "rock"]

CORRUPT = {"jazz.00054.wav": "is corrupt in the copies in circulation"}

LICENCE = """
GTZAN genre collection: G. Tzanetakis and P. Cook, "Musical genre classification of audio signals", IEEE
Transactions on Speech and Audio Processing 10(5), 2002. No licence is given and the recordings are under
copyright: use them for research on your own machine and do not pass them on. Modified by this recipe: encoded
as FLAC.
"""


def main() -> None:
    """Build one folder a genre."""
    parser = recipe_parser("gtzan", __doc__.splitlines()[0])
    parser.add_argument("--genres", nargs="+", default=["jazz", "classical"], help="genres to build")
    parser.add_argument("--archive", type=Path, help="genres.tar.gz, or a zip with the folder genres_original")
    parser.add_argument("--url", help="address of such an archive")
    options = parser.parse_args()
    for genre in options.genres:
        if genre not in GENRES:
            raise MelganVcError(
                f"Expected genres among {', '.join(GENRES)}, received: {genre}{did_you_mean(genre, GENRES)}"
            )
    if options.archive and not options.archive.is_file():
        raise MelganVcError(f"Expected an archive, received: {options.archive} (no such file).")
    if not options.archive and not options.url:
        raise MelganVcError(
            "Expected --archive FILE or --url ADDRESS: the original address of GTZAN has been dead since October "
            "2022. Without one, 'python datasets/jazz_classical.py' renders jazz and classical music under free "
            "licences."
        )

    write_licence(options.out, LICENCE)
    archive = options.archive or download(options.url, options.cache / "gtzan" / options.url.rsplit("/", 1)[-1])
    folder = extract(
        archive, options.cache / "gtzan" / archive.name.split(".")[0], lambda name: name.endswith(".wav")
    )
    checksums = Checksums(options.out, {"rate": 22050})
    lines = []
    for genre in options.genres:
        sources = sorted(path for path in folder.rglob(f"{genre}.*.wav") if not path.name.startswith("._"))
        if not sources:
            raise MelganVcError(f"Expected {genre}/{genre}.00000.wav and others in {archive}, found none.")
        lines += convert_files(sources, options.out / genre, 22050, checksums, skip=CORRUPT)
    report(options.out, lines)


if __name__ == "__main__":
    run_recipe(main)
