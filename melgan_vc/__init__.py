"""Unpaired audio style transfer with spectrogram GANs.

::

    import melgan_vc as mv

    model = mv.train("jazz/", "classical/", "runs/jazz2classical", preset="music", minutes=60)
    wave, rate = mv.read("song.mp3")
    converted = model.convert(wave, rate)
    mv.plot.compare(wave, converted, model.config.mel, rate=rate)
"""

import importlib

__version__ = "0.1.0"

# Where each public name lives. It is imported when first asked for: importing the package costs nothing, and an
# engine starts only with what needs one.
_PLACES = {
    "GriffinLim": "melgan_vc.vocoders.griffin_lim",
    "MelConfig": "melgan_vc.config.mel",
    "MelganVcError": "melgan_vc.errors",
    "Model": "melgan_vc.convert.model",
    "adapt": "melgan_vc.adapting.voice",
    "evaluate_run": "melgan_vc.evaluate.run",
    "evaluate_vocoder": "melgan_vc.evaluate.run_vocoder",
    "evaluate_voices": "melgan_vc.evaluate.run_voices",
    "load_model": "melgan_vc.api",
    "log_mel": "melgan_vc.audio.mel",
    "model_names": "melgan_vc.pretrained.catalogue",
    "plot": "melgan_vc.plot",
    "preset": "melgan_vc.methods.presets",
    "read": "melgan_vc.audio.files",
    "start_engine": "melgan_vc.engine.start",
    "train": "melgan_vc.api",
    "tune_run": "melgan_vc.tuning.run",
}
__all__ = ["__version__", *_PLACES]


def __getattr__(name: str):
    """A public name, imported now."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
    module = importlib.import_module(_PLACES[name])
    value = module if name == "plot" else getattr(module, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
