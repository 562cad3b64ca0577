"""What a run is on disk. Nothing here trains, and only `run_folder` and `origin` hold networks."""
