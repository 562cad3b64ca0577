"""One language, two voices, truly unpaired: IvrvoiceRU (female, prompts) to MSU nsh (male, prose).

``female/`` and ``male/`` hold 16 kHz mono FLAC, one file a recorded clip. Both voices are low-passed at 7
kHz: measured between 7.5 and 8 kHz, the female voice lies 14 dB below its own level at 2 kHz and the male
voice 80 dB, so that an untouched top band would tell the two apart whatever is said. ``--keep-band`` leaves
it in.
"""

from recipe import Checksums, recipe_parser, report, run_recipe, write_licence
from voices import IVRVOICE_RU, MSU_NSH, build_voice

VOICES = {"female": IVRVOICE_RU, "male": MSU_NSH}


def main() -> None:
    """Build the two folders."""
    parser = recipe_parser("russian_voices", __doc__.splitlines()[0])
    parser.add_argument("--cutoff", type=float, default=7000.0, help="low-pass for both voices, in Hz")
    parser.add_argument("--keep-band", action="store_true", help="do not low-pass: keep each recording's own band")
    options = parser.parse_args()
    cutoff = None if options.keep_band else options.cutoff

    changes = "decoded to 16 kHz FLAC" + (f", low-passed at {cutoff:g} Hz" if cutoff else "")
    credits = [f"{folder}/  {voice.credit}" for folder, voice in VOICES.items()]
    write_licence(options.out, "\n".join([*credits, f"Modified by this recipe: {changes}."]))
    checksums = Checksums(options.out, {"cutoff": cutoff})
    lines = []
    for folder, voice in VOICES.items():
        lines += build_voice(voice, options.out / folder, options.cache, checksums, cutoff)
    report(options.out, lines)


if __name__ == "__main__":
    run_recipe(main)
