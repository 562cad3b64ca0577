"""Whisper's encoder: what is said, as a recogniser of many languages hears it."""
