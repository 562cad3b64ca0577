"""What is said, by a voice that is not its own: the sound is played slower."""

from melgan_vc.features.content import Content


class ContentSlower(Content):
    """`Content` of the sound at 0.8 times its speed, on the frames of the sound as it is: for training alone."""

    speed = 0.8
