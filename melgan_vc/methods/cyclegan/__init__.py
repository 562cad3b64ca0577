"""CycleGAN-VC: both directions at once."""
