"""What ends a training from outside: it is saved first."""

import os
import signal

import pytest

from melgan_vc.training.progress import Progress
from melgan_vc.training.safety import ASKED, Interruptible


class Model:
    stop_training = False


@pytest.fixture
def training():
    """A training that has begun; ``training.progress`` and ``training.model`` tell how it stands."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)  # under nohup it would be ignored
    callback = Interruptible(Progress(3, 3, steps=100))
    callback.set_model(Model())
    yield callback
    callback.restore()
    signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_after_the_batch_in_hand(training, number):
    before = signal.getsignal(number)
    training.on_train_begin()
    os.kill(os.getpid(), number)
    assert training.progress.stopped_because == ASKED and training.model.stop_training
    training.on_train_end()
    assert signal.getsignal(number) == before


def test_a_terminal_that_is_closed_may_say_so_twice(training):
    training.on_train_begin()
    for number in (signal.SIGHUP, signal.SIGHUP, signal.SIGTERM):
        os.kill(os.getpid(), number)
    assert training.model.stop_training


def test_a_second_ctrl_c_ends_it_at_once(training):
    training.on_train_begin()
    os.kill(os.getpid(), signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGINT)


def test_under_nohup_a_closed_terminal_ends_nothing(training):
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    training.on_train_begin()
    os.kill(os.getpid(), signal.SIGHUP)
    assert not training.model.stop_training and training.progress.stopped_because is None
