"""CycleGAN-VC: two GANs, one each way, that must bring back what the other has translated.

A run converts both ways: convert_cli.py has --to target and --to source.

Example: train_cli.py cyclegan --source anna/ --target boris/ --run runs/anna_boris --preset voice
"""

from melgan_vc.config.method_traits import MethodTraits

TRAITS = MethodTraits(voice_matching="pair", presets=("voice", "music", "paper", "debug"), origins=("start_from",))
