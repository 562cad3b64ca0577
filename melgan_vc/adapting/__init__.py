"""One more voice of a model that there is, from minutes of it."""
