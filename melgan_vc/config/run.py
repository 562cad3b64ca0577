"""A run's configuration: validated sections, JSON in and out."""

import json
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, Field, SerializeAsAny, ValidationError, model_validator

from melgan_vc.config.corpus import CorpusConfig
from melgan_vc.config.json_file import parse_json, read_json
from melgan_vc.config.mel import MelConfig
from melgan_vc.config.method import MethodConfig, method_config
from melgan_vc.config.method_folders import DEFAULT, method_names
from melgan_vc.config.overrides import leaves, overridden
from melgan_vc.config.section import Section
from melgan_vc.config.training import PlayerConfig, TrainingConfig
from melgan_vc.config.upgrade import FORMAT, upgraded
from melgan_vc.errors import MelganVcError, did_you_mean

_MOST_BYTES = 2**20
"""Of a config.json: that of a hundred domains has a hundredth of it."""

_MOST_NUMBERS = 2**26
"""In a batch: networks make a hundred times as many of them, and a GPU has room for 2**35 at most."""

_MOST_MISTAKES = 20
"""That are told at once."""


def _of_named_method(values: Any) -> MethodConfig:
    """A method's settings, validated by the class that its name finds."""
    if isinstance(values, MethodConfig):
        return values
    if not isinstance(values, dict):
        raise ValueError("expected a section of settings")
    name, names = values.get("name", DEFAULT), method_names()
    if name not in names:
        raise ValueError(
            f"expected a name among {', '.join(names)}, received: {_short(name)}{did_you_mean(str(name), names)}"
        )
    return method_config(name).model_validate(values)


class RunConfig(Section):
    """Everything needed to rebuild and go on with a run; ``config.json`` in its folder."""

    format: Literal[2] = FORMAT
    preset: str = "voice"
    mel: MelConfig = MelConfig()
    corpus: CorpusConfig = CorpusConfig()
    method: Annotated[SerializeAsAny[MethodConfig], BeforeValidator(_of_named_method)] = Field(
        default_factory=lambda: method_config(DEFAULT)()
    )
    training: TrainingConfig = TrainingConfig()

    @model_validator(mode="after")
    def _name_every_player(self) -> Self:
        names, players = self.method.player_names, self.training.players
        for name in players:
            if name not in names:
                raise ValueError(
                    f"expected training.players among {', '.join(names)}, which {self.method.name} has, received: "
                    f"{name!r}{did_you_mean(name, names)}"
                )
        if tuple(players) != names:
            every = {name: players.get(name, PlayerConfig()) for name in names}
            object.__setattr__(self, "training", self.training.model_copy(update={"players": every}))
        return self

    @model_validator(mode="after")
    def _fits_into_memory(self) -> Self:
        batch, width, mel = self.training.batch_size, self.method.width, self.mel
        of_a_frame = max(mel.n_mels, mel.hop_length) if self.method.kind == "vocoder" else mel.n_mels
        if batch * width * of_a_frame > _MOST_NUMBERS:
            raise ValueError(
                f"expected a batch of at most {_MOST_NUMBERS:,} numbers, received: training.batch_size={batch} "
                f"windows of method.width={width} frames of {of_a_frame} numbers"
            )
        return self

    def to_json(self) -> str:
        """Indented JSON that `from_json` reads back."""
        return json.dumps(self.model_dump(), indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str, *, source: str = "config") -> Self:
        """Read a config, of this version's format or an earlier one's; ``source`` names it in errors."""
        try:
            values = parse_json(text)
        except ValueError as error:
            raise MelganVcError(f"Expected {source} to be JSON of a config, received: {error}") from None
        return cls.from_values(values, source=source)

    @classmethod
    def from_values(cls, values: Any, *, source: str = "config") -> Self:
        """Validate a nested dictionary; the error names each wrong key, and the nearest real one."""
        values = upgraded(values)
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise MelganVcError(f"{source} is not valid: {_explain(error, cls, values)}") from None

    def with_overrides(self, settings: list[str], *, source: str = "--set") -> Self:
        """A copy with ``section.key=value`` settings applied, as from ``--set``; ``source`` names them in errors.

        >>> RunConfig().with_overrides(["method.identity=5"]).method.identity
        5.0
        """
        return type(self).from_values(overridden(self.model_dump(), settings), source=source)


def _explain(error: ValidationError, model: type[BaseModel], values: Any) -> str:
    """One sentence for each of pydantic's errors."""
    known, sentences = leaves({**model().model_dump(), "method": _defaults_of(values)}), []
    for item in error.errors()[:_MOST_MISTAKES]:
        path = ".".join(str(part) for part in item["loc"])
        if item["type"] == "extra_forbidden":
            sentences.append(f"unknown key {_short(path)}{did_you_mean(path, known)}")
        else:
            message = item["msg"].removeprefix("Value error, ")
            tells = isinstance(item["input"], dict) or "received: " in message
            received = "" if tells else f", received: {_short(item['input'])}"
            sentences.append(f"{path or 'the config'}: {message[0].lower()}{message[1:]}{received}")
    if error.error_count() > _MOST_MISTAKES:
        sentences.append(f"and {error.error_count() - _MOST_MISTAKES} more")
    return "; ".join(sentences)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 200 else f"{text[:150]}... ({len(text)} characters)"


def _defaults_of(values: Any) -> dict:
    """The settings that the method of a config has."""
    method = values.get("method") if isinstance(values, dict) else None
    name = method.get("name", DEFAULT) if isinstance(method, dict) else DEFAULT
    return method_config(name)().model_dump() if name in method_names() else {}


def load_config(path: Path) -> RunConfig:
    """Read and validate a ``config.json``.

    Raises
    ------
    MelganVcError
        If the file is missing, not JSON or not a file, or holds an unknown key or a value out of range.
    """
    try:
        values = read_json(path, most_bytes=_MOST_BYTES)
    except FileNotFoundError:
        raise MelganVcError(
            f"Expected a run folder with a config.json, received: {path.parent} (there is no {path.name} in it)"
        ) from None
    except OSError as error:
        raise MelganVcError(f"Could not read {path}: {error}") from None
    except ValueError as error:
        raise MelganVcError(f"Expected {path} to be JSON of a config, received: {error}") from None
    return RunConfig.from_values(values, source=str(path))
