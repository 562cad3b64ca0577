"""Evaluation: one metric a file, reference rows, a report."""
