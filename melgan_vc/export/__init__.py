"""From a run to a model that can be shared."""
