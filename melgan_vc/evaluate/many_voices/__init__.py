"""Judging runs between several voices."""
