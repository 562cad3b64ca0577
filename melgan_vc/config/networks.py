"""The settings of one network."""

from pydantic import Field

from melgan_vc.config.section import Section


class NetConfig(Section):
    """One network: which architecture, how wide."""

    architecture: str
    channels: int = Field(256, ge=4, le=2048)
