"""StarGAN v2: one GAN for every pair of 2 to 100 domains, and for voices it was never trained on.

A run converts to any of them: convert_cli.py has --to NAME and --like REFERENCE.

Example: train_cli.py stargan --domain anna=anna/ --domain boris=boris/ --domain carla=carla/ --run runs/voices
"""

from melgan_vc.config.method_traits import MethodTraits

TRAITS = MethodTraits(folders="named", voice_matching="each", origins=("start_from",))
