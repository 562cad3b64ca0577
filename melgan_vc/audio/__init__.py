"""Audio files, log-mel spectrograms and the chunks they are cut into."""
