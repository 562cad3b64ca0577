"""Five studio voices in four languages, one folder a speaker: for methods with many speakers.

Two women and a man who speak English or Spanish, French and Italian join the Russian pair. Speaker is almost
language here, so that a classifier of speakers can cheat by recognising the language: report the Russian pair
on its own.
"""

from recipe import Checksums, recipe_parser, report, run_recipe, write_licence
from voices import ALLISON_EN, ALLISON_ES, FLORA_IT, IVRVOICE_RU, MSU_NSH, WALLACK_FR, build_voice


def main() -> None:
    """Build the five folders."""
    parser = recipe_parser("five_voices", __doc__.splitlines()[0])
    parser.add_argument(
        "--allison",
        choices=("en", "es", "both"),
        default="en",
        help="language of Allison Smith, who speaks both; both make a sixth folder of the same voice",
    )
    parser.add_argument("--cutoff", type=float, default=7000.0, help="low-pass for all voices, in Hz")
    parser.add_argument("--keep-band", action="store_true", help="do not low-pass: keep each recording's own band")
    options = parser.parse_args()
    cutoff = None if options.keep_band else options.cutoff
    allison = {"en_female": ALLISON_EN, "es_female": ALLISON_ES}
    voices = {
        "ru_female": IVRVOICE_RU,
        "ru_male": MSU_NSH,
        **{name: voice for name, voice in allison.items() if options.allison in ("both", name[:2])},
        "fr_female": WALLACK_FR,
        "it_male": FLORA_IT,
    }

    changes = "decoded to 16 kHz FLAC" + (f", low-passed at {cutoff:g} Hz" if cutoff else "")
    credits = [f"{folder}/  {voice.credit}" for folder, voice in voices.items()]
    write_licence(options.out, "\n".join([*credits, f"Modified by this recipe: {changes}."]))
    checksums = Checksums(options.out, {"cutoff": cutoff})
    lines = []
    for folder, voice in voices.items():
        lines += build_voice(voice, options.out / folder, options.cache, checksums, cutoff)
    report(options.out, lines)


if __name__ == "__main__":
    run_recipe(main)
