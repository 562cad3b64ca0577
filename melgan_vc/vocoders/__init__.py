"""Log-mel spectrogram in, waveform out; every vocoder has the interface of `base.Vocoder`."""
