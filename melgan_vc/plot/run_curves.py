"""Curves of one run or of several: what metrics.csv and panel.csv hold."""

import csv
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from melgan_vc.errors import MelganVcError, did_you_mean
from melgan_vc.plot.legends import show_as_it_is
from melgan_vc.runs.run_files import RunFiles
from melgan_vc.terminal.printable import printable

_COLUMNS = 3

Runs = str | os.PathLike | Sequence[str | os.PathLike] | Mapping[str, str | os.PathLike]


def curves(runs: Runs, *, terms: Sequence[str] | None = None) -> Figure:
    """Draw what runs logged over their steps: a plot for each term, a line for each run.

    Parameters
    ----------
    runs : path, sequence of paths, or dict of str to path
        Run folders; a dictionary names their lines.
    terms : sequence of str, optional
        Columns of ``metrics.csv``, or of ``panel.csv`` with ``panel/`` in front, such as ``panel/score``. All of them
        if none are named.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    MelganVcError
        If a folder has no ``metrics.csv`` with a row in it, or no run has a term.

    Examples
    --------
    >>> import tempfile
    >>> run = Path(tempfile.mkdtemp())
    >>> _ = (run / "metrics.csv").write_text("step,travel,margin\\n50,0.9,4.0\\n100,-0.4,0.2\\n")
    >>> [axis.get_title() for axis in curves(run).axes]
    ['travel', 'margin']
    """
    logs = {name: _read_run(Path(path)) for name, path in _named(runs).items()}
    known = list(dict.fromkeys(term for log in logs.values() for term in log))
    for term in terms or []:
        if term not in known:
            hint = did_you_mean(term, known) or f". Terms: {', '.join(known)}"
            raise MelganVcError(f"Expected a term that a run logged, received: {term!r}{hint}")
    shown = list(terms or known)
    columns = min(_COLUMNS, len(shown))
    rows = -(-len(shown) // columns)
    figure = Figure(figsize=(4.0 * columns, 2.6 * rows + 0.4), dpi=100, layout="constrained")
    for number, term in enumerate(shown, start=1):
        axis = figure.add_subplot(rows, columns, number)
        for index, (name, log) in enumerate(logs.items()):
            if term in log:  # the colour is the run's, also where another one lacks the term
                axis.plot(
                    *log[term], marker=".", markersize=4, linewidth=1.2, color=f"C{index}", label=printable(name)
                )
        axis.set_title(term, fontsize=10)
        axis.set_xlabel("step")
        axis.grid(alpha=0.3)
    if len(logs) > 1:
        lines = {line.get_label(): line for axis in figure.axes for line in axis.get_lines()}
        legend = figure.legend(lines.values(), lines.keys(), loc="outside upper right", ncols=len(lines))
        show_as_it_is(legend)
    return figure


def _named(runs: Runs) -> dict[str, str | os.PathLike]:
    """Paths by the names of their lines: the folder's, or as much of the path as tells it from the others."""
    if isinstance(runs, Mapping):
        named = dict(runs)
    else:
        paths = [runs] if isinstance(runs, str | os.PathLike) else list(runs)
        names = [Path(path).name for path in paths]
        named = dict(zip(names if len(set(names)) == len(names) else map(str, paths), paths, strict=True))
    if not named:
        raise MelganVcError("Expected at least one run folder, received: none")
    return named


def _read_run(path: Path) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Steps and values of every term of a run."""
    files = RunFiles(path)
    if not files.metrics_file.is_file():
        raise MelganVcError(
            f"Expected a run folder with a {files.metrics_file.name}, received: {path} "
            f"({'it has none: train it for longer' if path.is_dir() else 'it does not exist'})"
        )
    log = _read_columns(files.metrics_file)
    if files.panel_file.is_file():
        log |= {f"panel/{term}": points for term, points in _read_columns(files.panel_file).items()}
    return log


def _read_columns(path: Path) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    try:
        with open(path, newline="", encoding="utf-8") as file:
            header, *rows = csv.reader(file)
        # A row that is just being written is not whole yet.
        values = np.array([list(map(float, row)) for row in rows if len(row) == len(header)]).T
        steps = values[header.index("step")]
    except (ValueError, IndexError):
        raise MelganVcError(
            f"Expected numbers in columns, one of them called step, received: {path}, which has "
            "another form or no row yet. A training writes a row every training.report_every steps."
        ) from None
    return {name: (steps, column) for name, column in zip(header, values, strict=True) if name != "step"}
