"""A neural vocoder: makes sound of log-mels, with a Fourier head or by upsampling.

It is for every model with the same log-mel settings, which are those of the preset.

Example: train_cli.py vocoder --data anna/ --data boris/ --run runs/vocoder --preset voice
"""

from melgan_vc.config.method_traits import MethodTraits

TRAITS = MethodTraits(kind="vocoder", folders="any", origins=("start_from", "converted_by", "to"))
