"""One metric a file; each says what it measures, and needs nothing of the others."""
