"""MelGAN-VC: a GAN on log-mel chunks with a TraVeL loss for content.

Example: train_cli.py travelgan --source jazz/ --target classical/ --run runs/jazz2classical --preset music
"""
