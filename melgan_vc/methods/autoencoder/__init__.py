"""Any voice in, one of these voices out: what is said is taken apart from who says it, and put together anew.

Nothing of those who will be converted is needed, a folder of the voice that is wanted is enough.

Example: train_cli.py autoencoder --voice anna=anna/ --run runs/anna
"""

from melgan_vc.config.method_traits import MethodTraits

TRAITS = MethodTraits(
    folders="voices",
    origins=("start_from", "polish"),
    presets=(
        *("voice", "recognizer", "voices", "student", "autovc", "adain", "adversarial"),
        *("music", "note_student", "debug"),
    ),
)
