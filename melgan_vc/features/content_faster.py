"""What is said, by a voice that is not its own: the sound is played faster."""

from melgan_vc.features.content import Content


class ContentFaster(Content):
    """`Content` of the sound at 1.25 times its speed, on the frames of the sound as it is: for training alone."""

    speed = 1.25
