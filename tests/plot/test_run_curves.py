"""Curves of run folders."""

import numpy as np
import pytest

import melgan_vc as mv

METRICS = "step,steps_per_second,travel,margin\n50,2.5,0.9,4.0\n100,2.4,-0.4,0.25\n"
PANEL = "step,similarity,score\n100,0.5,nan\n200,0.75,1.25\n"


@pytest.fixture
def make_run(tmp_path):
    def make(name, metrics=METRICS, panel=None):
        run = tmp_path / name
        run.mkdir(parents=True)
        (run / "metrics.csv").write_text(metrics)
        if panel:
            (run / "panel.csv").write_text(panel)
        return run

    return make


def lines(figure):
    """What is drawn: ``{title: {run: (steps, values)}}``."""
    return {
        axis.get_title(): {line.get_label(): tuple(map(list, line.get_data())) for line in axis.get_lines()}
        for axis in figure.axes
    }


def test_a_plot_for_each_term(make_run):
    drawn = lines(mv.plot.curves(make_run("one")))
    assert list(drawn) == ["steps_per_second", "travel", "margin"]
    assert drawn["travel"] == {"one": ([50, 100], [0.9, -0.4])}


def test_a_line_for_each_run_in_one_colour(make_run):
    one, two = make_run("one"), make_run("two", METRICS.replace("0.9", "0.7"), PANEL)
    figure = mv.plot.curves([one, two], terms=["travel", "panel/score"])
    drawn = lines(figure)
    assert drawn["travel"] == {"one": ([50, 100], [0.9, -0.4]), "two": ([50, 100], [0.7, -0.4])}
    np.testing.assert_equal(drawn["panel/score"], {"two": ([100, 200], [np.nan, 1.25])})
    travel, score = figure.axes
    assert travel.get_lines()[1].get_color() == score.get_lines()[0].get_color() != travel.get_lines()[0].get_color()
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["one", "two"]


def test_names_of_lines(make_run):
    one, two = make_run("a/run"), make_run("b/run")
    assert set(lines(mv.plot.curves({"weak": one, "strong": two}))["travel"]) == {"weak", "strong"}
    assert set(lines(mv.plot.curves([one, str(two)]))["travel"]) == {str(one), str(two)}, "both are called run"


def test_a_run_that_is_being_trained(make_run):
    drawn = lines(mv.plot.curves(make_run("one", METRICS + "150,2.5,0.")))
    assert drawn["travel"]["one"][0] == [50, 100], "the row that is being written is left out"


WRONG = {
    "no rows": ("step,travel\n", "has another form or no row yet"),
    "empty": ("", "has another form or no row yet"),
    "words": ("step,travel\n50,good\n", "has another form or no row yet"),
    "no step": ("travel,margin\n50,1\n", "has another form or no row yet"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_file_that_holds_no_curve(make_run, what):
    text, message = WRONG[what]
    with pytest.raises(mv.MelganVcError, match=message):
        mv.plot.curves(make_run("bad", text))


def test_mistakes_get_a_sentence(make_run, tmp_path):
    with pytest.raises(mv.MelganVcError, match="did you mean 'margin'"):
        mv.plot.curves(make_run("one"), terms=["margn"])
    with pytest.raises(mv.MelganVcError, match="Terms: steps_per_second, travel, margin"):
        mv.plot.curves(tmp_path / "one", terms=["xyz"])
    with pytest.raises(mv.MelganVcError, match="nowhere .it does not exist"):
        mv.plot.curves(tmp_path / "nowhere")
    with pytest.raises(mv.MelganVcError, match="it has none: train it for longer"):
        mv.plot.curves(tmp_path)
    with pytest.raises(mv.MelganVcError, match="received: none"):
        mv.plot.curves([])
