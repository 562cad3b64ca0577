"""A trained CycleGAN as it is used."""

from melgan_vc.methods.conversion import Conversion
from melgan_vc.methods.voice_conditioning import identity_input


class CycleganConversion(Conversion):
    """One of the two generators."""

    def _generator_to(self, domain):
        return self.network.generator_to(domain)

    def identity_input(self, mel):
        """Shifted to where the other domain lies, as the generator shifts it."""
        return identity_input(mel, self.to, self.config)
