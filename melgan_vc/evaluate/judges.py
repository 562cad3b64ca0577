"""Who gives which figure, and whether the run that is judged was told what its judge hears."""

from collections.abc import Iterable

from melgan_vc.config.run import RunConfig
from melgan_vc.evaluate.metrics.metric import Column
from melgan_vc.features.registry import features_of


def judges_sentence(columns: Iterable[Column]) -> str:
    """Which network or package gives which figures; empty where none does.

    Examples
    --------
    >>> ear = {"meaning": "what it hears", "judge": "ear"}
    >>> judges_sentence([Column("loud", **ear), Column("seams", "changes at borders"), Column("shrill", **ear)])
    'Judged by ear: loud, shrill.'
    """
    figures: dict[str, list[str]] = {}
    for column in columns:
        if column.judge:
            figures.setdefault(column.judge, []).append(column.name)
    if not figures:
        return ""
    return "Judged by " + "; ".join(f"{judge}: {', '.join(names)}" for judge, names in figures.items()) + "."


def conditioned(columns: Iterable[Column], config: RunConfig) -> list[str]:
    """A sentence for every figure whose judge the run itself hears by: such a figure says nothing.

    A network that is told what a recogniser hears learns to please that recogniser, whatever people hear.

    Parameters
    ----------
    columns : iterable of Column
        The figures.
    config : RunConfig
        Of the run; its method names the features that it needs or listens for, and those know their recognisers.
    """
    method = config.method
    heard_by: dict[str, str] = {}
    for feature in features_of((*method.needs, *method.trained_with, *method.listens_for), config.mel):
        if feature.recognizer:
            heard_by.setdefault(feature.recognizer, feature.name)
    return [
        f"{column.name} says nothing of this run: its judge, {column.judge}, is what the run hears by (feature "
        f"{heard_by[column.judge]})."
        for column in columns
        if column.judge in heard_by
    ]
