"""Keras and its backend, started without the banner that they would print."""

import importlib.util
import os
import sys

from melgan_vc.errors import MelganVcError


def start_engine() -> None:
    """Choose and start Keras's engine; a second call does nothing.

    `load_model` and `train` do it themselves. Call it before ``import keras`` in a program of your own: it takes
    TensorFlow unless ``KERAS_BACKEND`` says ``jax``.

    Raises
    ------
    MelganVcError
        If ``KERAS_BACKEND`` is neither, names an engine that is not installed, or one that cannot be loaded, as where
        a limit of memory is too low.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("GRPC_VERBOSITY", "ERROR")
    if "KERAS_BACKEND" not in os.environ:
        has_tensorflow = importlib.util.find_spec("tensorflow") is not None
        os.environ["KERAS_BACKEND"] = "tensorflow" if has_tensorflow else "jax"
    backend = os.environ["KERAS_BACKEND"]
    if backend not in ("tensorflow", "jax"):
        raise MelganVcError(f"Expected KERAS_BACKEND of tensorflow or jax, received: {backend!r}")
    if importlib.util.find_spec(backend) is None:
        extra = "'.[jax]'" if backend == "jax" else "."
        raise MelganVcError(
            f"Expected {backend} to be installed for KERAS_BACKEND={backend}, received: no such package. "
            f"Install it with: pip install -e {extra}"
        )
    # Libraries in C++ write a banner to the file descriptor itself before any log level is read.
    if sys.stderr is not None:  # as it is where a program was started with standard error closed
        sys.stderr.flush()
    saved, sink = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, 2)
    try:
        import keras  # noqa: F401
    except (ImportError, MemoryError) as error:
        reason = " ".join(str(error).split()) or "no memory left"
        raise MelganVcError(
            f"Expected {backend} to load, received: {reason}. It maps 3 GB of memory (see ulimit -v), and all of its "
            "files must be there; if they are not, install it again."
        ) from None
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(sink)
