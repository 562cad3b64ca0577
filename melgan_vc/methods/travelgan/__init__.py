"""MelGAN-VC: TraVeLGAN on log-mel chunks."""
