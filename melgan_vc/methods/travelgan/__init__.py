"""MelGAN-VC: a GAN on log-mel chunks with a TraVeL loss for content.

Example: train_cli.py travelgan --source jazz/ --target classical/ --run runs/jazz2classical --preset music
"""

from melgan_vc.config.method_traits import MethodTraits

TRAITS = MethodTraits(voice_matching="pair", presets=("voice", "music", "paper", "debug"), origins=("start_from",))
