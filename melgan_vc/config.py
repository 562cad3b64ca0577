"""A run's configuration: validated models, JSON in and out, ``section.key=value`` overrides."""

import json
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from melgan_vc.corpus_config import CorpusConfig
from melgan_vc.errors import MelganVcError, did_you_mean
from melgan_vc.mel_config import MelConfig
from melgan_vc.method_config import METHOD_CONFIGS, MethodConfig, TravelganConfig


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class PlayerConfig(_Section):
    """How one player learns.

    Attributes
    ----------
    learning_rate : float
        Of its Adam optimizer.
    every : int
        The player moves on every ``every``-th batch. The published recipe has 3 for the generator, so that
        the critic takes three steps for each of the generator's.
    clip_norm : float or None
        Largest global norm of its gradient.
    half_life : int or None
        Its own steps in which the learning rate halves; None keeps it.
    beta_1, beta_2 : float
        Of Adam. 0.5 is what every published network that translates log-mels is trained with.
    """

    learning_rate: float = Field(2e-4, gt=0.0, le=0.1)
    every: int = Field(1, ge=1, le=100)
    clip_norm: float | None = Field(10.0, gt=0.0)
    half_life: int | None = Field(None, ge=1)
    beta_1: float = Field(0.5, ge=0.0, lt=1.0)
    beta_2: float = Field(0.999, ge=0.0, lt=1.0)


class TrainingConfig(_Section):
    """How a run is trained.

    Attributes
    ----------
    steps : int
        Batches to train on in all.
    batch_size : int
        Windows of each domain in a batch.
    seed : int
        Of every random draw: initial weights, crops, augmentation.
    generator, critic : PlayerConfig
        How each player learns.
    ema : float
        Decay of the exponential moving average of the generator's weights, which conversion uses.
        0 turns it off.
    mixed_precision : bool
        Compute in bfloat16; weights stay in float32.
    jit : bool
        Have TensorFlow compile the step with XLA on a GPU. On a CPU it never does; on JAX it is how anything runs.
    report_every, checkpoint_every, sample_every : int
        Steps between rows of metrics.csv, between checkpoints, and between pictures and audio in TensorBoard.
    keep_checkpoints : int
        Newest checkpoints kept; older ones are removed.
    frequency_mask, time_mask : int
        Widest band and longest stretch that augmentation blanks in a training crop; 0 is off.
    perturbation : float or None
        How far `Perturb` spreads the formants of a target crop whose voice it shifts to the source's; the
        generator's identity loss is then to bring the unchanged crop back. None is off: a plain identity loss.
    equaliser_db : float
        Of the random equaliser that is part of it.
    """

    steps: int = Field(20_000, ge=1)
    batch_size: int = Field(16, ge=2, le=1024)
    seed: int = Field(0, ge=0, lt=2**31)
    generator: PlayerConfig = PlayerConfig()
    critic: PlayerConfig = PlayerConfig()
    ema: float = Field(0.999, ge=0.0, lt=1.0)
    mixed_precision: bool = False
    jit: bool = False
    report_every: int = Field(50, ge=1)
    checkpoint_every: int = Field(500, ge=1)
    sample_every: int = Field(1000, ge=1)
    keep_checkpoints: int = Field(2, ge=1)
    frequency_mask: int = Field(0, ge=0)
    time_mask: int = Field(0, ge=0)
    perturbation: float | None = Field(None, ge=1.0, le=3.0)
    equaliser_db: float = Field(0.0, ge=0.0, le=24.0)


class RunConfig(_Section):
    """Everything needed to rebuild and go on with a run; ``config.json`` in its folder."""

    format: Literal[1] = 1
    preset: str = "voice"
    mel: MelConfig = MelConfig()
    corpus: CorpusConfig = CorpusConfig()
    method: MethodConfig = TravelganConfig()
    training: TrainingConfig = TrainingConfig()

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.training.perturbation and not hasattr(self.method, "shifts_voice"):
            raise ValueError(
                f"expected training.perturbation=none with {self.method.name}, which shifts no voice, received: "
                f"training.perturbation={self.training.perturbation:g}"
            )
        return self

    @property
    def named_domains(self) -> tuple[str, ...]:
        """The domains of a method whose config names them; none of one that knows a source and a target."""
        return getattr(self.method, "domains", ())

    def to_json(self) -> str:
        """Indented JSON that `from_json` reads back."""
        return json.dumps(self.model_dump(), indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str, *, source: str = "config") -> Self:
        """Read a config; ``source`` names it in errors."""
        try:
            values = json.loads(text)
        except json.JSONDecodeError as error:
            raise MelganVcError(f"Expected {source} to be JSON, received: {error}") from None
        return cls.from_values(values, source=source)

    @classmethod
    def from_values(cls, values: Any, *, source: str = "config") -> Self:
        """Validate a nested dictionary; the error names each wrong key, and the nearest real one."""
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise MelganVcError(f"{source} is not valid: {_explain(error, cls)}") from None

    def with_overrides(self, settings: list[str]) -> Self:
        """A copy with ``section.key=value`` settings applied, as from ``--set``.

        >>> RunConfig().with_overrides(["method.identity=5"]).method.identity
        5.0
        """
        values = self.model_dump()
        for setting in settings:
            path, separator, text = setting.partition("=")
            if not separator:
                raise MelganVcError(f"Expected --set section.key=value, received: {setting!r}")
            if path.strip() == "method.name" and text.strip() != self.method.name:
                raise MelganVcError(f"Expected the method as the command of train_cli.py, received: --set {setting}")
            _assign(values, path.strip(), _parse(text.strip()))
        return type(self).from_values(values, source="--set")


def _parse(text: str) -> Any:
    """A JSON value where it is one, else the text itself; ``none`` is null."""
    if text.lower() in ("none", "null"):
        return None
    try:
        return json.loads(text.lower() if text.lower() in ("true", "false") else text)
    except json.JSONDecodeError:
        return text


def _leaves(values: dict, prefix: str = "") -> list[str]:
    """All ``section.key`` paths of a nested dictionary."""
    paths = []
    for key, value in values.items():
        paths += _leaves(value, f"{prefix}{key}.") if isinstance(value, dict) else [f"{prefix}{key}"]
    return paths


def _assign(values: dict, path: str, value: Any) -> None:
    *sections, key = path.split(".")
    target: Any = values
    for section in sections:
        target = target.get(section) if isinstance(target, dict) else None
    if not isinstance(target, dict) or key not in target or isinstance(target[key], dict):
        raise MelganVcError(
            f"Expected --set with a key of the config, received: {path!r}"
            + (did_you_mean(path, _leaves(values)) or f". Keys: {', '.join(_leaves(values))}")
        )
    target[key] = value


def _explain(error: ValidationError, model: type[BaseModel]) -> str:
    """One sentence for each of pydantic's errors."""
    known = [path for path in _leaves(model().model_dump()) if not path.startswith("method.")]
    sentences = []
    for item in error.errors():
        where = item["loc"]
        if where[:1] == ("method",) and len(where) > 1:  # then comes the union's member, which is in no file
            mine = METHOD_CONFIGS[where[1]]().model_dump()
            known = [*known, *_leaves(mine, "method.")]
            where = (where[0], *where[2:])
        path = ".".join(str(part) for part in where)
        if item["type"] == "extra_forbidden":
            sentences.append(f"unknown key {path!r}{did_you_mean(path, known)}")
        elif item["type"] == "union_tag_invalid":
            name = item["ctx"]["tag"]
            hint = did_you_mean(name, METHOD_CONFIGS)
            sentences.append(f"method.name: expected one of {', '.join(METHOD_CONFIGS)}, received: {name!r}{hint}")
        elif item["type"] == "union_tag_not_found":
            sentences.append(f"method: expected a section of settings, received: {item['input']!r}")
        else:
            message = item["msg"].removeprefix("Value error, ")
            received = "" if isinstance(item["input"], dict) else f", received: {item['input']!r}"
            sentences.append(f"{path or 'the config'}: {message[0].lower()}{message[1:]}{received}")
    return "; ".join(sentences)


def load_config(path: Path) -> RunConfig:
    """Read and validate a ``config.json``.

    Raises
    ------
    MelganVcError
        If the file is missing, not JSON, or holds an unknown key or a value out of range.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise MelganVcError(
            f"Expected a run folder with a config.json, received: {path.parent} (there is no {path.name} in it)"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise MelganVcError(f"Could not read {path}: {error}") from None
    return RunConfig.from_json(text, source=str(path))
