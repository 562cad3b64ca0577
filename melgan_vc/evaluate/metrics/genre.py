"""What style an independent tagger hears."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from melgan_vc.errors import MelganVcError, did_you_mean
from melgan_vc.evaluate.metrics.metric import Clip, Column, Metric
from melgan_vc.features.musicnn import NETWORKS, Musicnn, Network, known_tags


class Genre(Metric):
    """Probability of the source's and of the target's style in the conversion, mean over patches of three seconds.

    Musicnn's tags are not exclusive: the two probabilities need not add up to 1, and each comes from the first of the
    two networks (MTT, MSD) that knows the tag. Compare them with those of the source and of real target clips: for
    jazz that the recipes render they are jazz 0.39 and classical 0.08, for strings jazz 0.12 and classical 0.73.

    Parameters
    ----------
    source, target : str
        Tags of musicnn for the two styles; the columns are ``p_<tag>``, with ``_`` for spaces.

    Raises
    ------
    MelganVcError
        If no network knows a tag; the message lists all.
    MissingEvaluator
        If musicnn is not installed.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("p_jazz", "probability of the tag 'jazz'", "lower", judge="musicnn"),
        Column("p_classical", "probability of the tag 'classical'", "higher", judge="musicnn"),
    )

    def __init__(self, source: str = "jazz", target: str = "classical"):
        if source == target:
            raise MelganVcError(f"Expected two different tags, received: {source!r} for source and target")
        self._places = {tag: _place(tag) for tag in (source, target)}
        self._networks = {network: Musicnn(network) for network, _ in self._places.values()}
        self.columns = tuple(
            Column(_column(tag), f"probability of the tag {tag!r}", better, judge="musicnn")
            for tag, better in ((source, "lower"), (target, "higher"))
        )

    def measure(self, clip: Clip) -> Mapping[str, float]:
        heard = {name: network(clip.converted, clip.rate) for name, network in self._networks.items()}
        return {
            _column(tag): float(np.mean(heard[network].probabilities[:, index]))
            if len(heard[network].probabilities)
            else float("nan")
            for tag, (network, index) in self._places.items()
        }


def _column(tag: str) -> str:
    return "p_" + tag.lower().replace(" ", "_")


def _place(tag: str) -> tuple[Network, int]:
    """The network that knows a tag, and its place among the outputs."""
    known = {network: known_tags(network) for network in NETWORKS}
    for network, tags in known.items():
        if tag in tags:
            return network, tags.index(tag)
    every = sorted({name for tags in known.values() for name in tags}, key=str.lower)
    raise MelganVcError(
        f"Expected a tag that musicnn knows, received: {tag!r}{did_you_mean(tag, every)}. "
        f"The tags are: {', '.join(every)}"
    )
