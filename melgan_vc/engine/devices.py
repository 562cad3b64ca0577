"""Which device computes, said aloud: asking for one that is absent is an error, never a silent fallback."""

import keras

from melgan_vc.errors import MelganVcError, did_you_mean

DEVICES = ("auto", "cpu", "gpu")


def choose_device(name: str) -> str:
    """Make Keras's backend use a device; call it before anything is computed.

    Parameters
    ----------
    name : {'auto', 'cpu', 'gpu'}
        'auto' takes a GPU where there is one.

    Returns
    -------
    str
        The device that is used, with its backend: ``"cpu (tensorflow)"``.

    Raises
    ------
    MelganVcError
        If the name is unknown or there is no such device.
    """
    if name not in DEVICES:
        raise MelganVcError(
            f"Expected --device among {', '.join(DEVICES)}, received: {name!r}{did_you_mean(name, DEVICES)}"
        )
    backend = keras.backend.backend()
    found = _jax_gpu(name) if backend == "jax" else _tensorflow_gpu(name)
    if name == "gpu" and not found:
        raise MelganVcError(
            f"Expected a GPU for --device gpu, received: none that {backend} can see. "
            "Use --device cpu, or install the backend's GPU build."
        )
    return f"{'gpu' if found and name != 'cpu' else 'cpu'} ({backend})"


def has_gpu() -> bool:
    """Whether the backend computes on a GPU, which `choose_device` may have hidden from it."""
    if keras.backend.backend() == "jax":
        return _jax_gpu("auto")
    import tensorflow as tf

    return bool(tf.config.get_visible_devices("GPU"))


def compiles_step(asked: bool) -> bool:
    """Whether XLA compiles a training step: always on JAX, on TensorFlow where it is asked for and there is a GPU.

    XLA made the published networks' step 50 times slower on a CPU.
    """
    return keras.backend.backend() == "jax" or (asked and has_gpu())


def _tensorflow_gpu(name: str) -> bool:
    import tensorflow as tf

    if name == "cpu":
        tf.config.set_visible_devices([], "GPU")
        return False
    gpus = tf.config.list_physical_devices("GPU")
    for gpu in gpus:
        tf.config.experimental.set_memory_growth(gpu, True)
    return bool(gpus)


def _jax_gpu(name: str) -> bool:
    import jax

    if name == "cpu":
        jax.config.update("jax_platforms", "cpu")
        return False
    try:
        return bool(jax.devices("gpu"))
    except RuntimeError:
        return False
