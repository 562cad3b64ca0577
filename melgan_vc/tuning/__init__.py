"""Finding settings: many short trainings, each judged on held-out clips, and the best of them as a config."""
