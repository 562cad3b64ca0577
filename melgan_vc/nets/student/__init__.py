"""A student of the recogniser that ships: what is said, from a log-mel alone, and differentiable."""
