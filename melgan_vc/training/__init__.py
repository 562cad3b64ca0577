"""Training: one step for any method, on TensorFlow or JAX, and the run folder it fills."""
