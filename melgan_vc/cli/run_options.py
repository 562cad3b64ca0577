"""What the options of a training come to: a configuration to start from, and voices that match."""

from pathlib import Path


def chosen_config(name: str | None, config: Path | None, method: str | None = None):
    """The configuration to start from: a file's, which must be of ``method`` if that is given, or a preset's."""
    from melgan_vc.config import load_config
    from melgan_vc.errors import MelganVcError
    from melgan_vc.presets import preset

    if name and config:
        raise MelganVcError("Expected --preset or --config, received both: a config.json holds every setting")
    if config is None:
        return preset(name or "voice", method or "travelgan")
    chosen = load_config(config)
    if method not in (None, chosen.method.name):
        raise MelganVcError(
            f"Expected --config with settings of {method}, received: {config}, which are of {chosen.method.name}. "
            f"Use the command {chosen.method.name}, or --preset."
        )
    return chosen


def matched_voices(config, folders: dict[str, Path], console) -> list[str]:
    """Settings that shift the source's pitch and formants to the target's."""
    from melgan_vc.evaluate.clips import examples
    from melgan_vc.evaluate.references_voice import measure_shift

    options = {"rate": config.mel.rate, "share": config.corpus.held_out, "count": 20, "seconds": 8.0}
    waves = [[clip.wave for clip in examples(folder, **options)] for folder in folders.values()]
    pitch, formants = measure_shift(*waves, config.mel.rate)
    settings = [f"method.pitch={pitch:.3f}", f"method.formants={formants:.3f}"]
    console.print(f"Voices matched: --set {settings[0]} --set {settings[1]}", highlight=False)
    return settings
