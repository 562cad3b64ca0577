"""What a training begins with beside audio: another run's weights, a model whose faults to learn."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from melgan_vc.atomic import replacing
from melgan_vc.config.json_file import read_json
from melgan_vc.errors import MelganVcError
from melgan_vc.runs.run_files import RunFiles


@dataclass(frozen=True)
class Origin:
    """Kept in a run's ``origin.json``, so that it resumes with the same. A method says which of it it takes.

    Attributes
    ----------
    start_from : str or None
        Folder of a run whose weights to begin with.
    polish : str or None
        Folder of a run whose networks to keep as they are, while an edit of what they make is trained.
    converted_by : str or None
        Folder of the run of a model that converts.
    to : str or None
        The domain of that model that the audio is of.
    """

    start_from: str | None = None
    polish: str | None = None
    converted_by: str | None = None
    to: str | None = None

    @classmethod
    def of_run(cls, run: Path) -> Self:
        """That of a run that goes on."""
        place = RunFiles(run).origin
        try:
            return cls(**read_json(place))
        except FileNotFoundError:
            return cls()
        except (OSError, ValueError, TypeError) as error:
            raise MelganVcError(f"Expected {place} as a training wrote it, received: {error}") from None

    def save(self, run: Path) -> None:
        """Write ``origin.json``, if there is anything to say."""
        if self == type(self)():
            return
        with replacing(RunFiles(run).origin) as partial:
            partial.write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")
