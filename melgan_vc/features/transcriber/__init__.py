"""Basic-pitch's network: which notes sound and begin, whichever instrument plays them."""
