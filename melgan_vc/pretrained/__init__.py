"""Trained models that ship inside the package: each folder here is a run folder stripped to what conversion needs."""
