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


def config_to_go_on_with(run: Path, method: str, given: dict):
    """The configuration of a run that goes on, which must be of ``method`` and take no settings.

    ``given`` has what was asked by the name of the option; None and [] are nothing.
    """
    from melgan_vc.errors import MelganVcError
    from melgan_vc.training.run_files import RunFiles

    for option, value in given.items():
        if value not in (None, []):
            raise MelganVcError(
                f"Expected --resume with the run's own settings, received: {option}. A run goes on exactly as it "
                "began; only --steps and --minutes can be asked anew. For other settings start a new run."
            )
    config = RunFiles(run).load_config()
    if config.method.name != method:
        raise MelganVcError(
            f"Expected a run of {method} to go on with, received: {run}, which is of {config.method.name}. "
            f"Use the command {config.method.name}."
        )
    return config


def matched_voices(config, folders: dict[str, Path], console) -> list[str]:
    """Settings that shift the pitch and the formants of each voice to those of the one that is wanted."""
    from melgan_vc.evaluate.clips import examples

    options = {"rate": config.mel.rate, "share": config.corpus.held_out, "count": 20, "seconds": 8.0}
    waves = {name: [clip.wave for clip in examples(folder, **options)] for name, folder in folders.items()}
    if hasattr(config.method, "pitches"):
        pitches = [_pitch(name, clips, config.mel.rate) for name, clips in waves.items()]
        settings = [f"method.pitches=[{','.join(f'{pitch:.1f}' for pitch in pitches)}]"]
    else:
        from melgan_vc.evaluate.references_voice import measure_shift

        pitch, formants = measure_shift(*waves.values(), config.mel.rate)
        settings = [f"method.pitch={pitch:.3f}", f"method.formants={formants:.3f}"]
    console.print(f"Voices matched: {' '.join(f'--set {setting}' for setting in settings)}", highlight=False)
    return settings


def _pitch(name: str, clips, rate: int) -> float:
    """The median over a speaker's clips of their median F0, as conversion measures it."""
    import numpy as np

    from melgan_vc.audio.pitch import median_pitch
    from melgan_vc.errors import MelganVcError

    found = [median_pitch(clip, rate) for clip in clips]
    if not np.isfinite(found).any():
        raise MelganVcError(
            f"Expected voiced speech of {name}, received: {len(clips)} clips without any; leave out --match-voices "
            "for what is no speech"
        )
    return float(np.nanmedian(found))
