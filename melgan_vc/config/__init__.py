"""What a run is told: spectrogram, corpus, method, training. JSON in and out; it knows no method, it looks one up."""
