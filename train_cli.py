"""Learn a style from two folders of audio: ``python train_cli.py travelgan --help``."""

from melgan_vc.cli.train import main

if __name__ == "__main__":
    main()
