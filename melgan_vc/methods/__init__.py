"""Methods: a set of players and the loss that each of them minimises."""

from melgan_vc.config import RunConfig
from melgan_vc.methods.base import Method
from melgan_vc.methods.cyclegan import Cyclegan
from melgan_vc.methods.stargan import Stargan
from melgan_vc.methods.travelgan import Travelgan
from melgan_vc.methods.vocoder import VocoderGan

METHODS: dict[str, type[Method]] = {
    "travelgan": Travelgan,
    "cyclegan": Cyclegan,
    "stargan": Stargan,
    "vocoder": VocoderGan,
}


def build_method(config: RunConfig) -> Method:
    """The method that ``config.method.name`` names, with freshly initialised networks."""
    return METHODS[config.method.name](config)
