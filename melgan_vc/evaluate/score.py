"""One number for how well a run converts, from the panel's figures."""

from collections.abc import Mapping

COLUMNS = {
    "voice": ("similarity_to_target", "similarity_to_source", "phoneme_error_rate", "dnsmos"),
    "voices": ("nearest_is_target", "similarity_to_target", "similarity_to_source", "phoneme_error_rate", "dnsmos"),
    "styles": ("nearest_is_target", "similarity_to_target", "similarity_to_source", "chroma_margin"),
    "music": ("p_target", "p_source", "chroma_margin"),
}
"""The figures that a score is made of."""


def score(task: str, figures: Mapping[str, float]) -> float:
    r"""Style gained, content kept, and for speech naturalness, in comparable units; higher is better.

    .. math::
        \text{voice} &= s_\text{target} - s_\text{source} - \mathit{PER} + \tfrac{\mathit{DNSMOS} - 1}{4} \\
        \text{voices} &= \text{voice} + \tfrac{1}{2} p_\text{nearest} \\
        \text{styles} &= s_\text{target} - s_\text{source} + m_\text{chroma} + \tfrac{1}{2} p_\text{nearest} \\
        \text{music} &= p_\text{target} - p_\text{source} + m_\text{chroma}

    with the similarities, the phoneme error rate, the probabilities of the two styles and the chroma margin of the
    metrics of those names. The loss of a GAN says none of this: it measures a player against an opponent that
    changes.

    Among several voices, or styles of music, a conversion can come near its target and nearer to a third: p is the
    share of clips that are nearest to the one that was asked for. It counts by half, because of a dozen clips each is
    a large step.

    Parameters
    ----------
    task : {'voice', 'voices', 'styles', 'music'}
        Which formula.
    figures : mapping of str to float
        Those in `COLUMNS`.

    Returns
    -------
    float
        NaN if a figure is.

    Examples
    --------
    >>> round(score("music", {"p_target": 0.6, "p_source": 0.2, "chroma_margin": 0.3}), 3)
    0.7
    """
    if task == "voice":
        target, source, errors, dnsmos = (figures[name] for name in COLUMNS[task])
        return target - source - errors + (dnsmos - 1.0) / 4.0
    if task == "voices":
        return score("voice", figures) + 0.5 * figures["nearest_is_target"]
    if task == "styles":
        nearest, target, source, margin = (figures[name] for name in COLUMNS[task])
        return target - source + margin + 0.5 * nearest
    target, source, margin = (figures[name] for name in COLUMNS[task])
    return target - source + margin
