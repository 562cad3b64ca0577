"""An evaluation as one page: sortable rows, players, spectrograms; nothing is loaded from the web."""

import base64
import io
import math
from html import escape

import numpy as np
import soundfile

from melgan_vc.audio.mel import log_mel
from melgan_vc.config.mel import MelConfig
from melgan_vc.evaluate.evaluation import Evaluation, Row
from melgan_vc.evaluate.metrics.metric import Clip, Column
from melgan_vc.evaluate.reports.report_table import ARROWS, shown
from melgan_vc.plot.log_mels import spectrograms_png

_PIECE_SAMPLES = 2**16

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 90rem; padding: 0 1rem; }
table { border-collapse: collapse; margin: 1rem 0; }
th, td { border-bottom: 1px solid #ddd; padding: .3rem .6rem; text-align: right; }
th:first-child, td:first-child { text-align: left; }
th { cursor: pointer; vertical-align: bottom; font-weight: 600; }
tr.conversion { background: #eef6ff; font-weight: 600; }
audio { width: 14rem; height: 2rem; } img { width: 28rem; }
"""

_SORT = """
for (const heading of document.querySelectorAll("th")) heading.addEventListener("click", () => {
  const table = heading.closest("table"), column = heading.cellIndex, down = heading.dataset.down !== "1";
  const value = row => { const cell = row.cells[column];
    return "value" in cell.dataset ? parseFloat(cell.dataset.value) : cell.textContent; };
  const rows = [...table.tBodies[0].rows].sort((a, b) => {
    const x = value(a), y = value(b);
    if (Number.isNaN(x)) return 1;
    if (Number.isNaN(y)) return -1;
    return (x > y ? 1 : x < y ? -1 : 0) * (down ? -1 : 1); });
  heading.dataset.down = down ? "1" : "0";
  table.tBodies[0].append(...rows);
});
"""


def report_html(evaluation: Evaluation, config: MelConfig, *, title: str) -> str:
    """The page.

    Parameters
    ----------
    evaluation : Evaluation
        What was measured.
    config : MelConfig
        For the spectrograms.
    title : str
        Heading of the page.
    """
    names = [column.name for column in evaluation.columns]
    headings = "".join(
        f'<th title="{escape(column.meaning)}">{escape(column.name)} {ARROWS[column.better]}</th>'
        for column in evaluation.columns
    )
    rows = "".join(_row(row, names) for row in evaluation.rows)
    clip_names = [column.name for column in evaluation.columns if column.name in evaluation.conversion.figures[0]]
    clip_headings = "".join(f"<th>{escape(name)}</th>" for name in clip_names)
    clips = "".join(
        _clip(clip, figures, clip_names, config)
        for clip, figures in zip(evaluation.conversion.clips, evaluation.conversion.figures, strict=True)
    )
    missing = "".join(f"<p>Not measured: {escape(sentence)}</p>" for sentence in evaluation.missing)
    missing += "".join(f"<p>{escape(sentence)}</p>" for sentence in evaluation.conditioned)
    meanings = "".join(_meaning(column) for column in evaluation.columns)
    return f"""<!doctype html>
<html lang="en"><meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style>
<h1>{escape(title)}</h1>
<p>Medians over {len(evaluation.conversion.clips)} held-out clips; real-time factor
{evaluation.real_time_factor:.3f}. A click on a heading sorts.</p>{missing}
<table><thead><tr><th>row</th>{headings}</tr></thead><tbody>{rows}</tbody></table>
<ul>{meanings}</ul>
<h2>Clips</h2>
<table><thead><tr><th>clip</th><th>source</th><th>conversion</th>{clip_headings}<th>spectrograms</th></tr></thead>
<tbody>{clips}</tbody></table>
<script>{_SORT}</script></html>
"""


def _meaning(column: Column) -> str:
    judge = f", judged by {escape(column.judge)}" if column.judge else ""
    return f"<li><code>{escape(column.name)}</code>: {escape(column.meaning)}{judge}</li>"


def _row(row: Row, names: list[str]) -> str:
    cells = "".join(_cell(row.medians.get(name, math.nan)) for name in names)
    return f'<tr class="{escape(row.name.replace(" ", "-"))}"><td>{escape(row.name)}</td>{cells}</tr>'


def _clip(clip: Clip, figures: dict[str, float], names: list[str], config: MelConfig) -> str:
    picture = spectrograms_png(
        {"source": log_mel(clip.source, config), "conversion": log_mel(clip.converted, config)}, config
    )
    image = base64.b64encode(picture).decode()
    players = "".join(f"<td>{_player(wave, clip.rate)}</td>" for wave in (clip.source, clip.converted))
    cells = "".join(_cell(figures[name]) for name in names)
    return (
        f"<tr><td>{escape(clip.name)}</td>{players}{cells}"
        f'<td><img alt="source above, conversion below" src="data:image/png;base64,{image}"></td></tr>'
    )


def _cell(value: float) -> str:
    return f'<td data-value="{value}">{shown(value)}</td>'


def _player(wave: np.ndarray, rate: int) -> str:
    file = io.BytesIO()
    with soundfile.SoundFile(file, "w", rate, 1, format="OGG") as encoder:
        # In pieces: libsndfile's Vorbis encoder works on the stack, and ends the process on a block of minutes.
        for start in range(0, len(wave), _PIECE_SAMPLES):
            encoder.write(np.clip(wave[start : start + _PIECE_SAMPLES], -1.0, 1.0))
    sound = base64.b64encode(file.getvalue()).decode()
    return f'<audio controls preload="none" src="data:audio/ogg;base64,{sound}"></audio>'
