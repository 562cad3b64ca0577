"""The same evaluation as JSON, as a table and as a page."""

import base64
import io
import json
import math
import re

import numpy as np
import pytest
import soundfile
from rich.console import Console

from melgan_vc.evaluate.evaluation import Evaluation, Row
from melgan_vc.evaluate.metrics.metric import Clip, Column
from melgan_vc.evaluate.reports.report_html import report_html
from melgan_vc.evaluate.reports.report_json import report_json
from melgan_vc.evaluate.reports.report_table import report_markdown, report_table, shown
from melgan_vc.methods.presets import preset

RATE = 8000
MEL = preset("debug").mel
MISSING = "Expected <ears> for hearing, received: none. Install it with: pip install 'ears<2'"
CONDITIONED = "similarity says nothing of this run: its judge, an ear, is what the run hears by."


def make_clip(name: str, seconds: float = 0.5) -> Clip:
    source = 0.1 * np.random.default_rng(0).standard_normal(int(seconds * RATE)).astype(np.float32)
    return Clip(name, source, 0.5 * source, RATE)


@pytest.fixture
def evaluation() -> Evaluation:
    columns = [
        Column("phoneme_error_rate", "phonemes & words <lost>", "lower"),
        Column("similarity_to_target", "cosine", "higher", judge="an ear"),
        Column("seam_over_source", "1 is seamless", "one"),
        Column("fad_musicnn_to_target", "distance", "lower"),
    ]
    clips = [make_clip("a <b> & c"), make_clip("d")]
    figures = [
        {"phoneme_error_rate": 0.123456, "similarity_to_target": np.float32(0.5), "seam_over_source": math.nan},
        {"phoneme_error_rate": 0.3, "similarity_to_target": 0.7, "seam_over_source": math.inf},
    ]
    medians = {
        "phoneme_error_rate": 0.211728,
        "similarity_to_target": 0.6,
        "seam_over_source": math.nan,
        "fad_musicnn_to_target": 12.3456,
    }
    rows = [Row("conversion", clips, figures, medians), Row("target backwards", clips[1:], figures[1:], {})]
    return Evaluation(columns, rows, 0.25, [MISSING], [CONDITIONED])


def test_json_has_every_figure_and_null_where_there_is_none(evaluation):
    found = json.loads(report_json(evaluation), parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    assert found["real_time_factor"] == 0.25 and found["missing"] == [MISSING]
    assert found["columns"][1] == {
        "name": "similarity_to_target",
        "meaning": "cosine",
        "better": "higher",
        "judge": "an ear",
    }
    assert found["conditioned"] == [CONDITIONED]
    conversion, backwards = found["rows"]
    assert conversion["name"] == "conversion"
    assert conversion["medians"] == {
        "phoneme_error_rate": 0.2117,
        "similarity_to_target": 0.6,
        "seam_over_source": None,
        "fad_musicnn_to_target": 12.3456,
    }
    assert conversion["clips"] == [
        {"name": "a <b> & c", "phoneme_error_rate": 0.1235, "similarity_to_target": 0.5, "seam_over_source": None},
        {"name": "d", "phoneme_error_rate": 0.3, "similarity_to_target": 0.7, "seam_over_source": None},
    ]
    assert [clip["name"] for clip in backwards["clips"]] == ["d"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0.00"),
        (0.004, "0.0040"),
        (0.005, "0.01"),
        (-1.234, "-1.23"),
        (math.nan, "–"),
        (None, "–"),
        (9.999, "10.00"),
    ],
)
def test_a_figure_as_it_is_shown(value, text):
    assert shown(value) == text


def test_a_table_says_which_way_is_better(evaluation):
    assert report_markdown(evaluation).splitlines() == [
        "| figure | conversion | target backwards |",
        "| --- | --- | --- |",
        "| phoneme_error_rate ↓ | 0.21 | – |",
        "| similarity_to_target ↑ | 0.60 | – |",
        "| seam_over_source →1 | – | – |",
        "| fad_musicnn_to_target ↓ | 12.35 | – |",
        "",
        "Judged by an ear: similarity_to_target.",
        "",
        CONDITIONED,
    ]


def test_a_table_of_seven_rows_loses_nothing_on_a_narrow_terminal(evaluation):
    names = ["conversion", "source", "target", "copy synthesis", "naive shift", "nearest frames", "target backwards"]
    rows = [Row(name, [], [], evaluation.conversion.medians) for name in names]
    columns = [*evaluation.columns, Column("resemblyzer_to_target", "cosine", "higher")]
    console = Console(width=80, file=io.StringIO())
    console.print(report_table(Evaluation(columns, rows, 0.1)))
    text = console.file.getvalue()
    assert "…" not in text
    for word in ("conversion", "synthesis", "backwards", "similarity", "phoneme", "musicnn", "resemblyzer", "12.35"):
        assert word in text


def test_the_page_needs_nothing_from_the_web(evaluation):
    page = report_html(evaluation, MEL, title="voice: a to b")
    assert re.search(r"https?:|url\(|<link|@import", page) is None
    assert all(source.startswith("data:") for source in re.findall(r'src="([^"]*)"', page))


def test_the_page_plays_and_shows_every_clip(evaluation):
    page = report_html(evaluation, MEL, title="voice: a to b")
    sounds = [base64.b64decode(text) for text in re.findall(r'src="data:audio/ogg;base64,([^"]*)"', page)]
    pictures = [base64.b64decode(text) for text in re.findall(r'src="data:image/png;base64,([^"]*)"', page)]
    assert len(sounds) == 4 and len(pictures) == 2
    source, converted = (soundfile.read(io.BytesIO(sound)) for sound in sounds[:2])
    assert source[1] == RATE and len(source[0]) == 4000
    assert np.std(converted[0]) == pytest.approx(0.5 * np.std(source[0]), rel=0.1)
    assert all(picture.startswith(b"\x89PNG") for picture in pictures)


def test_the_page_has_the_figures_and_sorts_by_them(evaluation):
    page = report_html(evaluation, MEL, title="a & b: c to d")
    assert "<h1>a &amp; b: c to d</h1>" in page
    assert '<td data-value="0.211728">0.21</td>' in page and '<td data-value="nan">–</td>' in page
    assert page.count('<tr class="conversion">') == 1 and page.count('<tr class="target-backwards">') == 1
    assert "phonemes &amp; words &lt;lost&gt;" in page and "<td>a &lt;b&gt; &amp; c</td>" in page
    assert "<p>Not measured: Expected &lt;ears&gt; for hearing" in page
    assert f"<p>{CONDITIONED}</p>" in page and "</code>: cosine, judged by an ear</li>" in page
    assert "fad_musicnn_to_target ↓</th>" in page.partition("<h2>Clips</h2>")[0], "a figure of the set"
    assert "fad_musicnn_to_target" not in page.partition("<h2>Clips</h2>")[2], "no clip has it"
    assert 'addEventListener("click"' in page


def test_a_page_with_minutes_of_audio(evaluation):
    # libsndfile's Vorbis encoder ends the process if minutes come in one block.
    long = Row("conversion", [make_clip("long", 400.0)], evaluation.conversion.figures[:1], {})
    page = report_html(Evaluation(evaluation.columns, [long], 0.1), MEL, title="long")
    sound = re.search(r'src="data:audio/ogg;base64,([^"]*)"', page)[1]
    assert soundfile.info(io.BytesIO(base64.b64decode(sound))).frames == 400 * RATE
