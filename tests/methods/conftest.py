"""What a method's network makes of log-mels, as a conversion asks it."""

import numpy as np
import pytest

from melgan_vc.methods.conversion import conversion_of


@pytest.fixture
def translate():
    """``translate(method, mel, domain=None)``: log-mels ``(B, T, n_mels)`` to a domain, the target by default."""

    def call(method, mel, domain=None):
        return conversion_of(method.config, method.network, to=domain)(np.asarray(mel))

    return call
