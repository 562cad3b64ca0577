"""A finished evaluation as a table, a page, JSON."""
