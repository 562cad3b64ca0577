"""What a command shows of a method. It loads none of the method's settings, so that help is quick."""

from typing import Literal, NamedTuple


class MethodTraits(NamedTuple):
    """What is constant for a method and known before its settings are: ``TRAITS`` of ``methods/<name>/__init__.py``.

    A method whose traits are all the defaults has no ``TRAITS``.

    Attributes
    ----------
    kind : {'converter', 'vocoder'}
        What a run is good for: it goes to ``--model``, or to ``--vocoder``.
    folders : {'pair', 'named', 'voices', 'any'}
        What it learns from: ``--source`` and ``--target``, ``--domain NAME=DIR`` for each domain,
        ``--voice NAME=DIR`` for each voice or ``--target`` alone, or ``--data`` any number of times.
    origins : tuple of str
        Options of `melgan_vc.runs.origin.Origin` that a training of it can begin with.
    voice_matching : {'pair', 'each'} or None
        How ``--match-voices`` sets it: factors from source to target, the pitch of each domain, or not at all.
    presets : tuple of str
        Names of its presets, in the order in which help lists them: functions of ``methods/<name>/presets.py``.
    """

    kind: Literal["converter", "vocoder"] = "converter"
    folders: Literal["pair", "named", "voices", "any"] = "pair"
    origins: tuple[str, ...] = ()
    voice_matching: Literal["pair", "each"] | None = None
    presets: tuple[str, ...] = ("voice", "music", "debug")
