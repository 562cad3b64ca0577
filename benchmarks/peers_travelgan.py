"""TraVeLGAN's training step and its generator in PyTorch as one would write them there.

The networks of the preset `voice` (a residual generator, a patch critic, a strided siamese network), the same losses,
and an Adam for each player. They take their first weights from the Keras networks: losses and outputs must agree.
"""

import numpy as np
import torch
from peers_torch import Player, SpectralConv, TimeConv, take_weights, use_channels_last
from torch import nn
from torch.nn import functional

from melgan_vc.config.run import RunConfig
from melgan_vc.methods.travelgan.method import Travelgan

DILATIONS = (1, 2, 4, 1, 2, 4)
SLOPE = 0.2
HEADROOM = 0.9


def _norm(channels: int) -> nn.LayerNorm:
    return nn.LayerNorm(channels, eps=1e-3)


def _in_silence(mel):
    """One frame of silence at both ends of ``(B, T, n_mels)``."""
    return functional.pad(mel, (0, 0, 1, 1), value=-1.0)


class Block(nn.Module):
    """A residual block of the generator over ``(B, T, channels)``."""

    def __init__(self, channels: int, dilation: int):
        super().__init__()
        self.norm = _norm(channels)
        self.dilated = TimeConv(channels, channels, 3, padding=dilation, dilation=dilation)
        self.pointwise = TimeConv(channels, channels, 1)

    def forward(self, x):
        y = self.dilated(functional.leaky_relu(self.norm(x), SLOPE))
        return x + self.pointwise(functional.leaky_relu(y, SLOPE))


class Generator(nn.Module):
    """`residual_generator`: ``(B, T, n_mels)`` to the same shape."""

    def __init__(self, n_mels: int, channels: int):
        super().__init__()
        self.first = TimeConv(n_mels, channels, 3)
        self.blocks = nn.ModuleList(Block(channels, dilation) for dilation in DILATIONS)
        self.norm = _norm(channels)
        self.last = TimeConv(channels, n_mels, 3, padding=1)

    def forward(self, mel):
        x = self.first(_in_silence(mel))
        for block in self.blocks:
            x = block(x)
        edit = self.last(functional.leaky_relu(self.norm(x), SLOPE))
        edited = torch.tanh(torch.atanh(HEADROOM * mel.clamp(min=-1.0)) + edit)
        return (edited / HEADROOM).clamp(-1.0, 1.0)

    def layers(self) -> list[nn.Module]:
        """In the order in which Keras has them."""
        blocks = [layer for b in self.blocks for layer in (b.norm, b.dilated, b.pointwise)]
        return [self.first, *blocks, self.norm, self.last]


class Critic(nn.Module):
    """`patch_critic`: ``(B, T, n_mels)`` to scores ``(B, T / 4, 1)``, with kernels that are normalised already."""

    def __init__(self, n_mels: int, channels: int):
        super().__init__()
        kinds = ((n_mels, 3, 1, 0), (channels, 7, 2, 0), (channels, 7, 2, 0), (channels, 3, 1, 1))
        self.convolutions = nn.ModuleList(
            SpectralConv(inputs, channels, kernel, stride=stride, padding=padding)
            for inputs, kernel, stride, padding in kinds
        )
        self.last = TimeConv(channels, 1, 1)

    def kernels(self) -> list:
        """Normalised kernels for one training step."""
        return [convolution.normalised() for convolution in self.convolutions]

    def forward(self, mel, kernels):
        x = _in_silence(mel)
        for convolution, kernel in zip(self.convolutions, kernels, strict=True):
            if convolution.stride[0] == 2:
                x = functional.pad(x, (0, 0, 2, 3))  # as Keras pads an even length
            x = functional.leaky_relu(convolution(x, kernel), SLOPE)
        return self.last(x)

    def layers(self) -> list[nn.Module]:
        """In the order in which Keras has them."""
        return [*self.convolutions, self.last]


class Siamese(nn.Module):
    """`siamese`: ``(B, frames, n_mels)`` to ``(B, embedding)``."""

    def __init__(self, n_mels: int, channels: int, *, frames: int, embedding: int):
        super().__init__()
        self.pads = ((0, 0), (2, 3), (2, 3), (0, 1))
        kinds = ((n_mels, 3, 1), (channels, 7, 2), (channels, 7, 2), (channels, 3, 2))
        self.convolutions = nn.ModuleList(
            TimeConv(inputs, channels, kernel, stride=stride) for inputs, kernel, stride in kinds
        )
        self.norms = nn.ModuleList(_norm(channels) for _ in kinds)
        self.last = nn.Linear(frames // 8 * channels, embedding, bias=False)

    def forward(self, mel):
        x = _in_silence(mel)
        for pad, convolution, norm in zip(self.pads, self.convolutions, self.norms, strict=True):
            x = functional.leaky_relu(norm(convolution(functional.pad(x, (0, 0, *pad)))), SLOPE)
        return self.last(x.flatten(1))

    def layers(self) -> list[nn.Module]:
        """In the order in which Keras has them."""
        pairs = zip(self.convolutions, self.norms, strict=True)
        return [*(layer for pair in pairs for layer in pair), self.last]


def generator_like(config: RunConfig, weights: list[np.ndarray], *, channels_last: bool = False) -> Generator:
    """A generator with the weights of Keras's."""
    generator = Generator(config.mel.n_mels, config.method.generator.channels)
    take_weights(generator.layers(), weights)
    if channels_last:
        use_channels_last(generator)
    return generator


class TravelganStep:
    """The step, called like `gpu_steps.TrainingStep`.

    Both losses are those of the weights before the step. The critic is called once for each of them, and its kernels
    are normalised once: as many convolutions as one call with two gradients through it, and no graph is kept.

    Parameters
    ----------
    config : RunConfig
        Of the preset `voice`: no shift, no missing frames, TraVeL of all pairs.
    method : Travelgan
        Whose weights to take.
    batch : tuple of np.ndarray
        Windows of the source and of the target, and the target's perturbed, if they are to be.
    channels_last, compiled : bool
        Convolutions in that memory format; the losses through ``torch.compile``.
    """

    def __init__(
        self,
        config: RunConfig,
        method: Travelgan,
        batch: tuple[np.ndarray, ...],
        *,
        channels_last: bool = False,
        compiled: bool = False,
    ):
        settings, n_mels = config.method, config.mel.n_mels
        self.settings, self.frames = settings, settings.width // settings.pieces
        self.generator = generator_like(config, method.generator.get_weights())
        self.critic = Critic(n_mels, settings.critic.channels)
        self.siamese = Siamese(n_mels, settings.siamese.channels, frames=self.frames, embedding=settings.embedding)
        take_weights(self.critic.layers(), method.critic.get_weights())
        take_weights(self.siamese.layers(), method.siamese.get_weights())
        if channels_last:
            for network in (self.generator, self.critic, self.siamese):
                use_channels_last(network)
        players = config.training.players
        self.players = {
            "generator": Player([self.generator, self.siamese], players["generator"], ema=config.training.ema),
            "critic": Player([self.critic], players["critic"]),
        }
        self.batch = [torch.from_numpy(array) for array in batch]
        chunks = len(batch[0]) * settings.pieces
        self.pairs = (1.0 - torch.eye(chunks)).flatten() / (chunks * (chunks - 1))  # no chunk with itself
        if compiled:
            self._generator_loss = torch.compile(self._generator_loss)
            self._critic_loss = torch.compile(self._critic_loss)

    def __call__(self, steps: int) -> None:
        """Train for some steps."""
        for _ in range(steps):
            losses = self.losses()
            for name, player in self.players.items():
                player.move(losses[name])
        if not np.isfinite(float(losses["generator"].detach())):
            raise RuntimeError("Expected a finite loss of travelgan in PyTorch, received none")

    def losses(self) -> dict:
        """Both players' losses of the batch."""
        source, target, *perturbed = self.batch
        kernels = self.critic.kernels()
        loss, translated = self._generator_loss(source, target, perturbed, [kernel.detach() for kernel in kernels])
        return {"generator": loss, "critic": self._critic_loss(target, translated.detach(), kernels)}

    def _generator_loss(self, source, target, perturbed, kernels):
        settings, chunks = self.settings, self._chunks(source)
        translated = self.generator(chunks)
        windows = translated.reshape(source.shape)
        loss = -settings.adversarial * self.critic(windows, kernels).mean()
        vectors, moved = _all_pairs(self.siamese(chunks)), _all_pairs(self.siamese(translated))
        distance = ((vectors - moved) ** 2).mean(dim=-1)
        cosine = (vectors * moved).sum(dim=-1) / (_length(vectors) * _length(moved))
        loss = loss + settings.travel * (self.pairs * (distance - cosine)).sum()
        apart = functional.relu(settings.margin_distance - _length(vectors)) ** 2
        loss = loss + settings.margin * (self.pairs * apart).sum()
        change = translated - chunks
        loss = loss + settings.self_regularization * (change - change.mean(dim=1, keepdim=True)).abs().mean()
        copied = self.generator(self._chunks(perturbed[0] if perturbed else target))
        loss = loss + settings.identity * (self._chunks(target) - copied).abs().mean()
        return loss, windows

    def _critic_loss(self, target, translated, kernels):
        real, fake = self.critic(torch.cat([target, translated]), kernels).chunk(2)
        return 0.5 * (functional.relu(1.0 - real).mean() + functional.relu(1.0 + fake).mean())

    def _chunks(self, windows):
        return windows.reshape(-1, self.frames, windows.shape[-1])


def _all_pairs(embeddings):
    return (embeddings[:, None] - embeddings[None, :]).flatten(0, 1)


def _length(vectors):
    return torch.sqrt((vectors**2).sum(dim=-1) + 1e-12)
