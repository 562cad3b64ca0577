"""What a person sees and hears of a training, and what is left of it to look at."""
