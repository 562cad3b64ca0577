"""What every method's settings offer, and where those of a method are found: in the folder of its name."""

import importlib
import shlex
from collections.abc import Sequence
from functools import lru_cache
from typing import ClassVar

from melgan_vc.config.method_folders import METHODS, method_names, method_traits
from melgan_vc.config.section import Section
from melgan_vc.errors import MelganVcError, did_you_mean

SOURCE_AND_TARGET = ("source", "target")

MOST_DOMAINS = 100
"""That a config can name."""


class MethodConfig(Section):
    """Settings of a method. A subclass in ``methods/<name>/config.py`` declares them, ``name`` and ``width`` first.

    What is constant for a method is a class variable. What its command of ``train_cli.py`` shows is in
    ``methods/<name>/__init__.py``: a line and an example as its docstring, and its `MethodTraits`.

    Attributes
    ----------
    name : str
        Of the method, and of its folder.
    width : int
        Frames in a training window.
    player_names : tuple of str
        Who plays, in order.
    needs : tuple of str
        Features that its networks get beside the log-mel, by name; ``waveform`` is the sound itself.
    trained_with : tuple of str
        Those that only training gets, after the others.
    """

    name: str
    width: int

    player_names: ClassVar[tuple[str, ...]] = ("generator", "critic")
    needs: ClassVar[tuple[str, ...]] = ()
    trained_with: ClassVar[tuple[str, ...]] = ()

    @property
    def kind(self) -> str:
        """What a run is good for, see `MethodTraits`."""
        return method_traits(self.name).kind

    @property
    def folders(self) -> str:
        """What a run learns from, see `MethodTraits`."""
        return method_traits(self.name).folders

    @property
    def learns_voices(self) -> bool:
        """Whether each of its folders has to hold one person who speaks."""
        return self.folders == "voices"

    @property
    def learns_notes(self) -> bool:
        """Whether each of its folders has to hold music with notes."""
        return False

    @property
    def of_minutes(self) -> bool:
        """Whether minutes of sound are what it is for."""
        return False

    @property
    def of_singing(self) -> bool:
        """Whether who is in these folders may sing instead."""
        return False

    @property
    def listens_for(self) -> tuple[str, ...]:
        """Features that no frame holds, but that a network which ships hears in log-mels while a run is trained."""
        return ()

    @property
    def voice_matching(self) -> str | None:
        """How ``--match-voices`` sets it, see `MethodTraits`."""
        return method_traits(self.name).voice_matching

    @property
    def shifts_voice(self) -> bool:
        """Whether the voice of an input is moved before a network gets it."""
        return False

    @property
    def named_domains(self) -> tuple[str, ...]:
        """The domains of a method whose config names them; none of one that knows a source and a target."""
        return ()

    @property
    def domain_names(self) -> tuple[str, ...]:
        """What a run learns from, in the order of its folders."""
        return self.named_domains or SOURCE_AND_TARGET

    @property
    def directions(self) -> tuple[str, ...]:
        """Domains that a run can translate to, the one first that it does unless told otherwise."""
        return ("target",)

    def what_it_does(self, folders: Sequence[str]) -> str:
        """A sentence about a run, for its model card; ``folders`` are the names of those it learned from."""
        if len(folders) == 2:
            back = ", and back." if len(self.directions) == 2 else "."
            return f"Translates audio in the style of `{folders[0]}` into the style of `{folders[-1]}`{back}"
        styles = ", ".join(f"`{domain}`" for domain in self.directions)
        return f"Translates audio between {len(folders)} styles: {styles}."

    def ways_to_use(self, run: str) -> list[str]:
        """Arguments of ``convert_cli.py INPUT``, one line for each thing that a run in a folder can do."""
        unasked = [] if len(self.directions) > 2 else [""]
        asked = [f" --to {shlex.quote(domain)}" for domain in self.directions[len(unasked) :]]
        like = [" --like REFERENCE"] * bool(self.named_domains)
        return [f"--model {run}{way}" for way in (*unasked, *asked, *like)]


def converting_methods() -> tuple[str, ...]:
    """Names of the methods whose runs convert."""
    return tuple(name for name in method_names() if method_traits(name).kind == "converter")


def require_method(name: str) -> str:
    """The name, if there is such a method.

    Raises
    ------
    MelganVcError
        If there is none; the message lists them.
    """
    names = method_names()
    if name not in names:
        raise MelganVcError(
            f"Expected a method among {', '.join(names)}, received: {name!r}{did_you_mean(str(name), names)}"
        )
    return name


@lru_cache(maxsize=32)
def method_config(name: str) -> type[MethodConfig]:
    """The class of a method's settings, which `method_names` has."""
    return method_part(name, "config", MethodConfig)


def method_part(name: str, module: str, base: type) -> type:
    """The one subclass of ``base`` that ``methods/<name>/<module>.py`` defines.

    Raises
    ------
    TypeError
        If it defines none, or several.
    """
    found = importlib.import_module(f"{METHODS}.{name}.{module}")
    own = [
        value
        for value in vars(found).values()
        if isinstance(value, type) and issubclass(value, base) and value.__module__ == found.__name__
    ]
    if len(own) != 1:
        names = ", ".join(value.__name__ for value in own) or "none"
        raise TypeError(f"Expected one subclass of {base.__name__} in {found.__name__}, received: {names}")
    return own[0]
