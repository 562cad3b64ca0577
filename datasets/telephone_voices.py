"""Two more women, Italian and French, from telephone prompts of 8 kHz, one folder a speaker: company for a voice.

Nothing above 4 kHz is in them, so they are no voices to learn for their own sake: they tell a decoder how sounds of
their languages are said, and a student how people differ.
"""

from recipe import Checksums, recipe_parser, report, run_recipe, write_licence
from voices import ARMELLE_FR, MENARDI_IT, build_voice

VOICES = {"it_menardi": MENARDI_IT, "fr_armelle": ARMELLE_FR}


def main() -> None:
    """Build the two folders."""
    options = recipe_parser("telephone_voices", __doc__.splitlines()[0]).parse_args()
    credits = [f"{folder}/  {voice.credit}" for folder, voice in VOICES.items()]
    write_licence(options.out, "\n".join([*credits, "Modified by this recipe: decoded to 16 kHz FLAC."]))
    checksums, lines = Checksums(options.out, {}), []
    for folder, voice in VOICES.items():
        lines += build_voice(voice, options.out / folder, options.cache, checksums, None)
    report(options.out, lines)


if __name__ == "__main__":
    run_recipe(main)
