"""Methods: a folder each, found by its name. What several of them share lies beside the folders."""
