"""Neural vocoders: log-mels to waveforms."""
