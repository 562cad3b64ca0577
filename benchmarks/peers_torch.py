"""What every training in PyTorch has here: layers over time, weights of Keras, a player's step."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from melgan_vc.config.training import PlayerConfig


class TimeConv(nn.Conv1d):
    """`nn.Conv1d` over ``(B, T, C)``, in either of PyTorch's memory formats.

    PyTorch has no channels-last format for three axes: the convolution gets a fourth one of size 1, which is what
    `nn.Conv1d` does inside as well.
    """

    channels_last = False

    def forward(self, x, weight=None):
        weight, x = self.weight if weight is None else weight, x.transpose(1, 2)
        if not self.channels_last:
            y = functional.conv1d(x, weight, self.bias, self.stride, self.padding, self.dilation, self.groups)
            return y.transpose(1, 2)
        stride, padding, dilation = (1, *self.stride), (0, *self.padding), (1, *self.dilation)
        x, weight = x.unsqueeze(2), weight.unsqueeze(2)
        y = functional.conv2d(x, weight, self.bias, stride, padding, dilation, self.groups)
        return y.squeeze(2).transpose(1, 2)


class SpectralConv(TimeConv):
    """A convolution whose kernel is divided by its largest singular value, see `SpectralConv1D`."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.register_buffer("u", torch.zeros(1, self.out_channels))

    def normalised(self):
        """The kernel of a training step, which moves the power iteration by one."""
        matrix = self.weight.flatten(1)
        with torch.no_grad():
            v = functional.normalize(self.u @ matrix, dim=-1)
            self.u.copy_(functional.normalize(v @ matrix.T, dim=-1))
        return self.weight / (v @ matrix.T * self.u).sum().clamp(min=1e-12)


def use_channels_last(network: nn.Module) -> None:
    """Have every convolution over time compute in the channels-last format."""
    for module in network.modules():
        if isinstance(module, TimeConv):
            module.channels_last = True


def take_weights(modules: list[nn.Module], weights: list[np.ndarray]) -> None:
    """Give layers the weights of Keras's, which lists each layer's one after the other."""
    left = [torch.from_numpy(np.array(weight)) for weight in weights]
    with torch.no_grad():
        for module in modules:
            weight = left.pop(0)
            if isinstance(module, nn.Conv1d):
                weight = weight.permute((1, 2, 0) if module.groups > 1 else (2, 1, 0))
            elif isinstance(module, nn.Linear):
                weight = weight.T
            module.weight.copy_(weight)
            if getattr(module, "bias", None) is not None:
                module.bias.copy_(left.pop(0))
            if isinstance(module, SpectralConv):
                module.u.copy_(left.pop(0))
    if left:
        raise RuntimeError(f"Expected a weight for every one of Keras's, received: {len(left)} too many")


def require_same(ours, theirs, what: str, tolerance: float) -> None:
    """Raise unless two arrays or numbers differ by no more than a share of the largest value, or of 1."""
    ours, theirs = np.asarray(ours), np.asarray(theirs)
    apart = float(np.abs(ours - theirs).max())
    if not apart <= tolerance * max(1.0, float(np.abs(ours).max())):
        raise RuntimeError(f"Expected the same {what}, within {tolerance:g}, received: {apart:.2e} apart")


class Player:
    """Weights that learn together, as `PlayerOptimizers` has them: clipped gradients, Adam, averaged weights.

    Parameters
    ----------
    networks : list of nn.Module
        Whose weights they are.
    settings : PlayerConfig
        How they learn.
    ema : float
        Decay of the average; 0 for none.
    """

    def __init__(self, networks: list[nn.Module], settings: PlayerConfig, *, ema: float = 0.0):
        self.weights = [weight for network in networks for weight in network.parameters()]
        betas = (settings.beta_1, settings.beta_2)
        self._adam = torch.optim.Adam(self.weights, lr=settings.learning_rate, betas=betas, eps=1e-7, fused=True)
        self._clip_norm, self._ema = settings.clip_norm, ema
        self._averages = [weight.detach().clone() for weight in self.weights] if ema else []

    def move(self, loss) -> None:
        """One step down a loss, of which only these weights' gradients are computed."""
        self._adam.zero_grad(set_to_none=True)
        loss.backward(inputs=self.weights)
        if self._clip_norm:
            nn.utils.clip_grad_norm_(self.weights, self._clip_norm)
        self._adam.step()
        if self._averages:
            torch._foreach_lerp_(self._averages, [weight.detach() for weight in self.weights], 1.0 - self._ema)
