"""A trained TraVeLGAN as it is used."""

from melgan_vc.methods.conversion import Conversion
from melgan_vc.methods.voice_conditioning import identity_input


class TravelganConversion(Conversion):
    """One generator, to the target."""

    def identity_input(self, mel):
        """Shifted to where the other domain lies, as the generator shifts it."""
        return identity_input(mel, self.to, self.config)
