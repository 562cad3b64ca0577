"""The speaker embedder of Resemblyzer: its weights, read as data, and its forward pass, written out."""
