"""From a network's settings to the network."""

from collections.abc import Mapping
from contextlib import contextmanager
from typing import Any

import keras

from melgan_vc.config.networks import NetConfig
from melgan_vc.nets.registry import build_network


def build(
    kind: str,
    net: NetConfig,
    n_mels: int,
    *,
    role: str | None = None,
    offered: Mapping[str, Any] | None = None,
    **options,
) -> keras.Model:
    """Build the architecture that ``net`` names, with its width; see `melgan_vc.nets.registry.build_network`.

    ``role`` is the key of the method's settings that holds ``net``, where it is not called like the kind.

    Raises
    ------
    MelganVcError
        If there is no such architecture; the message lists those there are.
    """
    setting = f"method.{role or kind}.architecture"
    return build_network(
        kind, net.architecture, n_mels, setting=setting, offered=offered, channels=net.channels, **options
    )


@contextmanager
def precision(mixed: bool):
    """Layers built inside compute in bfloat16 if ``mixed``; their weights are float32 either way."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16" if mixed else "float32")
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)
