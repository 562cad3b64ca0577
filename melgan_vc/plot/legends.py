"""Names in the legends of figures."""

from matplotlib.legend import Legend


def show_as_it_is(legend: Legend) -> None:
    """Names in a legend are no formulas: one with a ``$`` could not be drawn as one."""
    for text in legend.get_texts():
        text.set_parse_math(False)
