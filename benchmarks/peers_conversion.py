"""One minute of audio through this project and through its peers: translated, given phases, and both."""

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import torch
from conversion import DEMO, make_run
from griffin_lim import magnitude, spectral_convergence
from peers_phase import LibrosaPhase, TorchPhase
from peers_torch import require_same
from peers_travelgan import generator_like

from melgan_vc.audio.files import find_audio, read
from melgan_vc.audio.mel import log_mel
from melgan_vc.methods.conversion import Conversion
from melgan_vc.methods.loading import load_conversion
from melgan_vc.vocoders.griffin_lim import GriffinLim, griffin_lim

TOLERANCE = 1e-4


class Translation:
    """A generator in PyTorch, called like `Conversion.whole`: a file in one piece, in as much silence as it sees."""

    def __init__(self, model: Conversion, *, channels_last: bool = False, compiled: bool = False):
        self._generator = generator_like(model.config, model.network.get_weights(), channels_last=channels_last)
        self._reach = model.reach
        if compiled:
            self._generator = torch.compile(self._generator)

    def __call__(self, mel: np.ndarray) -> np.ndarray:
        """Log-mel ``(T, n_mels)`` to the same shape."""
        before, after, _ = self._reach
        silence = ((before, after), (0, 0))
        with torch.inference_mode():
            made = self._generator(torch.from_numpy(np.pad(mel, silence, constant_values=-1.0))[None])
        return made[0, before : before + len(mel)].numpy()


class OneMinute:
    """Speech of the demo, and those who work on it; an untrained generator edits it.

    Parameters
    ----------
    preset : str
        Of `travelgan`.
    formats : dict of str to dict
        Options of `Translation` for each of its peers.
    seconds : float
        Of audio.
    iterations : int
        Of Griffin-Lim.
    """

    def __init__(self, preset: str, formats: dict[str, dict], *, seconds: float, iterations: int):
        with tempfile.TemporaryDirectory() as folder:
            self.model = load_conversion(make_run(Path(folder), preset))
        self.config, self.iterations = self.model.config.mel, iterations
        clips = [read(clip, rate=self.config.rate, mono=True)[0] for clip in find_audio(DEMO / "female_ru")]
        self.wave = np.resize(np.concatenate(clips), int(seconds * self.config.rate))
        self.mel = log_mel(self.wave, self.config)
        self.magnitude = magnitude(self.wave, self.config).astype(np.float32)
        self.translated = self.model.whole(self.mel)
        self.vocoder = GriffinLim(self.config, iterations=iterations)
        kinds = {"PyTorch": TorchPhase, "librosa": LibrosaPhase}
        self.phases = {peer: kind(self.config, iterations=iterations) for peer, kind in kinds.items()}
        self.translations = {peer: Translation(self.model, **options) for peer, options in formats.items()}
        for peer, translation in self.translations.items():
            require_same(self.translated, translation(self.mel), f"translation, {peer}", TOLERANCE)
        for peer, phase in self.phases.items():
            require_same(self.mel, phase.log_mel(self.wave), f"log-mel, {peer}", TOLERANCE)

    def contenders(self, work: str) -> dict[str, Callable[[], np.ndarray]]:
        """What is timed: ``ours``, and the peers by name."""
        if work == "translation":
            calls = {"ours": self.model.whole, **self.translations}
            return {name: partial(call, self.mel) for name, call in calls.items()}
        if work == "phase":
            ours = partial(griffin_lim, config=self.config, iterations=self.iterations)
            calls = {"ours": ours} | {peer: phase.griffin_lim for peer, phase in self.phases.items()}
            return {name: partial(call, self.magnitude) for name, call in calls.items()}
        calls = {peer: partial(self._convert_in, phase) for peer, phase in self.phases.items()}
        return {"ours": self._convert, **calls}

    def _convert(self) -> np.ndarray:
        return self.vocoder.invert(self.model.whole(log_mel(self.wave, self.config)))

    def _convert_in(self, phase: TorchPhase | LibrosaPhase) -> np.ndarray:
        # The generator is PyTorch's beside librosa too, in the format in which it is fastest without a compiler.
        return phase.invert(self.translations["PyTorch, channels-last"](phase.log_mel(self.wave)))

    def quality(self, work: str) -> dict[str, float]:
        """How close each contender comes, in dB, lower being better; nothing where all make the same.

        Of phase reconstruction the spectral convergence to the magnitude; of whole conversion the mean distance of
        the result's log-mel from the one that the generator made.
        """
        if work == "translation":
            return {}
        found = {}
        for name, call in self.contenders(work).items():
            made = call()
            made = np.pad(made, (0, max(0, len(self.wave) - len(made))))[: len(self.wave)]
            if work == "phase":
                found[name] = spectral_convergence(self.magnitude, magnitude(made, self.config))
            else:
                apart = np.abs(log_mel(made, self.config) - self.translated).mean()
                found[name] = 0.5 * (self.config.ceiling_db - self.config.floor_db) * float(apart)
        return found
