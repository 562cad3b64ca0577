"""Losses: one formula a function, pure ``keras.ops``, no state."""
