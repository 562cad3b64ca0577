"""Convert any audio file with a trained run: ``python convert_cli.py --help``."""

from melgan_vc.cli.convert import main

if __name__ == "__main__":
    main()
