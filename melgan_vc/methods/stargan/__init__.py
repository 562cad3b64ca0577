"""StarGAN v2: one generator for every pair of domains."""
