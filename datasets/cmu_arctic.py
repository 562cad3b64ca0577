"""CMU ARCTIC: about 1130 sentences read by each of 18 English speakers, 16 kHz (needs the internet).

The speakers read the same sentences, which no method here is told: ``NAME.flac`` in two folders is one
sentence, so that true pairs exist for testing.
"""

from audio_folder import convert_files
from download import download, extract
from framework import MelganVcError, did_you_mean
from recipe import Checksums, recipe_parser, report, run_recipe, write_licence

URL = "http://festvox.org/cmu_arctic/packed/cmu_us_{speaker}_arctic.tar.bz2"

SHA256 = {
    "awb": "d74a950c9739a65f7bfc4dfa6187f2730fa03de5b8eb3f2da97a51b74df64d3c",
    "bdl": "26b91aaf48b2799b2956792b4632c2f926cd0542f402b5452d5adecb60942904",
    "clb": "3f16dc3f3b97955ea22623efb33b444341013fc660677b2e170efdcc959fa7c6",
    "jmk": "3a37c0e1dfc91e734fdbc88b562d9e2ebca621772402cdc693bbc9b09b211d73",
    "ksp": "8029cafce8296f9bed3022c44ef1e7953332b6bf6943c14b929f468122532717",
    "rms": "c6dc11235629c58441c071a7ba8a2d067903dfefbaabc4056d87da35b72ecda4",
    "slt": "7c173297916acf3cc7fcab2713be4c60b27312316765a90934651d367226b4ea",
}
"""Checksums of the packed files, as torchaudio publishes them; those of others are recorded at first download."""

SPEAKERS = [
    "aew", "ahw", "aup", "awb", "axb", "bdl", "clb", "eey", "fem",
    "gka", "jmk", "ksp", "ljm", "lnh", "rms", "rxr", "slp", "slt",
]  # fmt: skip

LICENCE = """
CMU ARCTIC databases, Copyright (c) 2003 Language Technologies Institute, Carnegie Mellon University
(festvox.org). Free for any use, commercial too, as long as the copyright notice is kept and modifications are
marked as such; see the file COPYING of each speaker. Modified by this recipe: encoded as FLAC.
"""


def main() -> None:
    """Build one folder a speaker."""
    parser = recipe_parser("cmu_arctic", __doc__.splitlines()[0])
    parser.add_argument("--speakers", nargs="+", default=["clb", "bdl"], help="clb and slt: women; bdl and rms: men")
    parser.add_argument("--url", default=URL, help="address of a speaker's archive; {speaker} is filled in")
    options = parser.parse_args()
    for speaker in options.speakers:
        if speaker not in SPEAKERS:
            raise MelganVcError(
                f"Expected speakers among {', '.join(SPEAKERS)}, received: {speaker}{did_you_mean(speaker, SPEAKERS)}"
            )

    write_licence(options.out, LICENCE)
    checksums = Checksums(options.out, {"rate": 16000})
    lines = []
    for speaker in options.speakers:
        # A mirror may pack the files anew: the published checksum is that of the official address.
        known = SHA256.get(speaker) if options.url == URL else None
        name = f"cmu_us_{speaker}_arctic"
        url = options.url.format(speaker=speaker)
        archive = download(url, options.cache / "cmu_arctic" / url.rsplit("/", 1)[-1], known)
        folder = extract(archive, options.cache / "cmu_arctic" / name)
        sources = sorted(folder.glob("*/wav/*.wav"))
        if not sources:
            raise MelganVcError(f"Expected {name}/wav/*.wav in {archive}, found none. Name another --url.")
        lines += convert_files(sources, options.out / speaker, 16000, checksums)
    report(options.out, lines)


if __name__ == "__main__":
    run_recipe(main)
