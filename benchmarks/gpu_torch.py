"""The vocoder's training step without critics, in PyTorch as one would write it there.

The same ConvNeXt network with a Fourier head, the same losses, Adam with the same clipping, and averaged weights, run
eagerly, with TF32 where the device has it, as TensorFlow and JAX do by themselves. It takes its first weights from
the Keras network: the first losses of both must agree.
"""

import numpy as np
import torch
from peers_torch import Player, TimeConv, take_weights, use_channels_last
from random_batch import random_batch
from torch import nn
from torch.nn import functional

from melgan_vc.audio.mel import mel_filterbank
from melgan_vc.config.run import RunConfig
from melgan_vc.losses.spectral import FLOOR, MEL_FLOOR, RESOLUTIONS
from melgan_vc.methods.registry import build_method
from melgan_vc.transforms import QUIETEST


class Block(nn.Module):
    """ConvNeXt over ``(B, T, channels)``, its edit scaled."""

    def __init__(self, channels: int, scale: float):
        super().__init__()
        self.scale = scale
        self.depthwise = TimeConv(channels, channels, 7, padding=3, groups=channels)
        self.norm = nn.LayerNorm(channels, eps=1e-6)
        self.wide, self.narrow = nn.Linear(channels, 3 * channels), nn.Linear(3 * channels, channels)

    def forward(self, x):
        y = self.norm(self.depthwise(x))
        return x + self.scale * self.narrow(functional.silu(self.wide(y)))


class Vocoder(nn.Module):
    """`fourier_vocoder` with a start: ``(B, T, n_mels)`` and a waveform to ``(B, T * hop_length)``."""

    def __init__(self, config: RunConfig):
        super().__init__()
        self.mel, channels, blocks = config.mel, config.method.generator.channels, config.method.blocks
        bins = self.mel.n_bins
        self.first = TimeConv(self.mel.n_mels, channels, 7)
        self.heard = nn.Linear(3 * bins + 2 * (bins - 1), channels, bias=False)
        self.norms = nn.ModuleList(nn.LayerNorm(channels, eps=1e-6) for _ in range(2))
        self.blocks = nn.ModuleList(Block(channels, 1.0 / blocks) for _ in range(blocks))
        self.head = nn.Linear(channels, 2 * bins)
        expected = -2.0 * np.pi * torch.arange(bins) * self.mel.hop_length / self.mel.fft_length
        self.register_buffer("turn", torch.polar(torch.ones(bins), expected.float()))
        window = torch.hann_window(self.mel.n_fft)
        self.register_buffer("window", window * (2.0 / window.sum()))

    def forward(self, mel, start, *, mixed: bool):
        spectrum = _spectrum(start, self.window, self.mel.hop_length, self.mel.fft_length)
        with torch.autocast(mel.device.type, torch.bfloat16, enabled=mixed):
            padded = functional.pad(mel, (0, 0, 3, 3), value=-1.0)
            x = self.first(padded) + self.heard(self._phase_steps(spectrum))
            x = self.norms[0](x)
            for block in self.blocks:
                x = block(x)
            x = self.norms[1](x)
        gain, turn = self.head(x.float()).chunk(2, dim=-1)
        return self._waveform(spectrum * torch.polar(torch.exp(3.0 * torch.tanh(gain / 3.0)), turn))

    def _phase_steps(self, spectrum):
        size = torch.sqrt(spectrum.real**2 + spectrum.imag**2 + 1e-12)
        unit = spectrum / size
        in_time = functional.pad(unit[:, 1:] * unit[:, :-1].conj() * self.turn, (0, 0, 1, 0))
        in_frequency = -unit[:, :, 1:] * unit[:, :, :-1].conj()
        parts = (in_time.real, in_time.imag, in_frequency.real, in_frequency.imag)
        return torch.cat([0.3 * torch.log(size + 1e-5) + 1.0, *parts], dim=-1)

    def _waveform(self, spectrum):
        n_fft, hop, frames = self.mel.n_fft, self.mel.hop_length, spectrum.shape[1]
        pieces = torch.fft.irfft(spectrum, n=self.mel.fft_length)[..., :n_fft]
        rows = -(-n_fft // hop)
        squared = functional.pad(self.window**2, (0, rows * hop - n_fft)).reshape(rows, hop).sum(dim=0)
        pieces = pieces * self.window / squared.repeat(rows)[:n_fft]
        folded = functional.fold(
            pieces.transpose(1, 2), (1, (frames - 1) * hop + n_fft), kernel_size=(1, n_fft), stride=(1, hop)
        )
        return functional.pad(folded[:, 0, 0], (0, hop))[:, n_fft // 2 : n_fft // 2 + frames * hop]


def _spectrum(wave, window, hop_length: int, fft_length: int):
    return torch.fft.rfft(wave.unfold(1, len(window), hop_length) * window, n=fft_length)


class TorchStep:
    """The step, called like `gpu_steps.TrainingStep`.

    Parameters
    ----------
    config : RunConfig
        Of a vocoder with a start and without critics.
    weights : list of np.ndarray
        Of the Keras network, in its order, for the loss to be the same.
    device : str
        Of PyTorch: ``cuda`` or ``cpu``.
    channels_last, compiled : bool
        Convolutions in that memory format; the loss through ``torch.compile``.
    """

    def __init__(
        self,
        config: RunConfig,
        weights: list[np.ndarray],
        device: str,
        *,
        channels_last: bool = False,
        compiled: bool = False,
    ):
        torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True
        self.config, self.mixed = config, config.training.mixed_precision
        self.network = Vocoder(config)
        _take(self.network, weights)
        self.network.to(device)
        if channels_last:
            use_channels_last(self.network)
        self.player = Player([self.network], config.training.players["generator"], ema=config.training.ema)
        self.batch = [torch.from_numpy(array) for array in random_batch(build_method(config))]
        self.windows = {n: (w := torch.hann_window(n, device=device)) * (2.0 / w.sum()) for n in RESOLUTIONS}
        self.filters = torch.from_numpy(np.ascontiguousarray(mel_filterbank(config.mel).T)).to(device)
        self.device = device
        if compiled:
            self._loss = torch.compile(self._loss)

    def __call__(self, steps: int) -> None:
        """Train for some steps, and wait until the device has done them."""
        for _ in range(steps):
            loss = self._loss()
            self.player.move(loss)
        if not np.isfinite(float(loss.detach())):
            raise RuntimeError("Expected a finite loss of the vocoder in PyTorch, received none")
        if self.device == "cuda":
            torch.cuda.synchronize()

    def losses(self) -> dict:
        """The only player's loss of the batch."""
        return {"generator": self._loss()}

    def _loss(self):
        mel, wave, start = (array.to(self.device) for array in self.batch)
        config, fake = self.config.mel, self.network(mel, start, mixed=self.mixed)
        centre, edge = config.n_fft // 2, -(-config.n_fft // (2 * config.hop_length)) * config.hop_length
        real = wave[:, centre : centre + fake.shape[1]][:, edge:-edge]
        fake = fake[:, edge:-edge]
        method = self.config.method
        return method.spectral * self._stft_distance(real, fake) + method.mel * self._mel_distance(real, fake)

    def _stft_distance(self, real, fake):
        total = 0.0
        for n_fft, window in self.windows.items():
            pair = (_spectrum(wave, window, n_fft // 4, n_fft) for wave in (real, fake))
            wanted, found = (torch.sqrt(s.real**2 + s.imag**2 + QUIETEST) for s in pair)
            distance = torch.sqrt(((wanted - found) ** 2).sum() + 1e-12)
            total = total + distance / (torch.sqrt((wanted**2).sum()) + 1e-4)
            total = total + (wanted.clamp(min=FLOOR).log() - found.clamp(min=FLOOR).log()).abs().mean()
        return total / len(self.windows)

    def _mel_distance(self, real, fake):
        mel, window = self.config.mel, self.network.window
        pair = (_spectrum(wave, window, mel.hop_length, mel.fft_length) for wave in (real, fake))
        wanted, found = (torch.log((s.real**2 + s.imag**2) @ self.filters + MEL_FLOOR) for s in pair)
        return (wanted - found).abs().mean()


def _take(network: Vocoder, weights: list[np.ndarray]) -> None:
    """Give the network the weights of the Keras one, which lists them in the order of its layers."""
    blocks = [(b.depthwise, b.norm, b.wide, b.narrow) for b in network.blocks]
    order = [network.heard, network.first, network.norms[0], *(m for b in blocks for m in b), network.norms[1]]
    # Keras lists the layers by their depth, in which the first two are alike.
    if weights[0].ndim == 3:
        order[:2] = order[1::-1]
    take_weights([*order, network.head], weights)
