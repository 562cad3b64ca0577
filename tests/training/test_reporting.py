"""What a person is told while a training runs."""

import io
import types

import pytest
from rich.console import Console

from melgan_vc.training.log.live_line import LiveLine, clock
from melgan_vc.training.log.trouble import TroubleWarnings
from melgan_vc.training.progress import Counter, Progress

GOOD = {"copy": 0.2, "critic_loss": 0.9}


def watch(*reports):
    """What `TroubleWarnings` says after reports ``(step, figures)`` every 50 steps."""
    said, progress = [], Progress(0, 0, steps=100_000)
    callback = TroubleWarnings(progress, every=50, say=said.append)
    for step, figures in reports:
        progress.step = step
        callback.on_train_batch_end(0, GOOD | figures)
    return said


def test_the_output_is_the_input():
    (warning,) = watch(*((step, {"copy": 0.004}) for step in range(950, 1500, 50)))
    assert "Warning at step 1100" in warning, "three reports in a row from step 1000 on"
    assert "almost the input" in warning and "0.0040" in warning and "method.identity" in warning


def test_the_critic_has_won():
    (warning,) = watch(*((step, {"critic_loss": 0.001}) for step in range(50, 1000, 50)))
    assert "Warning at step 150" in warning
    assert "critic has won" in warning and "training.critic.learning_rate" in warning


@pytest.mark.parametrize(
    "figures",
    [
        [{"copy": 0.2, "critic_loss": 0.9}] * 9,
        [{"critic_loss": 0.001}, {"critic_loss": 0.001}, {}] * 3,  # never three times in a row
        [{"copy": float("nan"), "critic_loss": float("nan")}] * 9,
    ],
)
def test_no_false_alarm(figures):
    assert watch(*((2000 + 50 * number, values) for number, values in enumerate(figures))) == []


def test_an_untrained_generator_may_copy():
    assert watch(*((step, {"copy": 0.0}) for step in range(50, 1000, 50))) == []


def test_between_reports_it_is_silent():
    assert watch(*((step, {"critic_loss": 0.0}) for step in range(1, 50))) == []


def counted(progress, batches):
    counter = Counter(progress)
    counter.set_model(types.SimpleNamespace(stop_training=False))
    for batch in range(batches):
        counter.on_train_batch_end(batch)
        if counter.model.stop_training:
            break
    return progress


def test_training_ends_after_its_steps():
    progress = counted(Progress(8, 11, steps=10), 50)
    assert (progress.step, progress.batches, progress.stopped_because) == (10, 13, None)


def test_training_ends_after_its_minutes():
    late = Progress(0, 0, steps=1000, minutes=2.5)
    late.started -= 149.0
    assert counted(late, 3).stopped_because is None
    late.started -= 1.5
    assert counted(late, 3).stopped_because == "its time of 2.5 min is over" and late.step == 4


def test_the_line_of_a_log_file():
    progress, text = Progress(40, 40, steps=100), io.StringIO()
    line = LiveLine(progress, Console(file=text, width=60), report_every=50)
    line.on_train_begin()
    progress.started -= 5.0
    for _ in range(10):
        progress.step += 1
        line.on_train_batch_end(0, {"critic_loss": 0.5, "travel": -0.25})
    line.on_train_end()
    assert text.getvalue().strip() == "step 50/100  2.00 steps/s  0:25 left  critic loss 0.500  travel -0.250"


def test_clock():
    assert [clock(seconds) for seconds in (0, 59.9, 61, 3723, -5)] == ["0:00", "0:59", "1:01", "1:02:03", "0:00"]
