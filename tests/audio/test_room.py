"""A recording as another room and microphone would have made it."""

import numpy as np
import pytest

from melgan_vc.audio.room import Room

RATE = 16000


@pytest.fixture
def clap():
    wave = np.zeros(RATE, np.float32)
    wave[100] = 1.0
    return wave


def _whole(room, wave):
    return np.concatenate([*room.stream([wave])])


def test_a_room_is_the_same_for_the_same_seed_and_another_for_another(clap):
    one, again, other = (_whole(Room.draw(seed, rate=RATE), clap) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    assert np.abs(one - other).max() > 0.01


@pytest.mark.parametrize("size", [1, 999, 4096])
def test_a_waveform_may_come_in_pieces(clap, size):
    room = Room.draw(3, rate=RATE)
    wave = clap[:5000]
    pieces = [*room.stream(wave[first : first + size] for first in range(0, len(wave), size))]
    assert [len(piece) for piece in pieces[:-1]] == [size] * (len(pieces) - 1)
    np.testing.assert_allclose(np.concatenate(pieces), _whole(room, wave), atol=1e-6)


def test_a_clap_rings_on_and_dies_away(clap):
    for seed in range(8):
        room = Room.draw(seed, rate=RATE)
        heard = _whole(Room(room.response, -200.0, 0.0, 0), clap)
        assert np.abs(heard[:100]).max() < 1e-6, "nothing is heard before the clap"
        assert np.argmax(np.abs(heard)) in (100, 101), "the clap itself is the loudest"
        assert np.sum(heard**2) == pytest.approx(1.0, abs=1e-3)
        last = heard[100 + len(room.response) * 9 // 10 : 100 + len(room.response)]
        first = heard[101 : 101 + len(room.response) // 10]
        assert np.mean(last**2) < 1e-2 * np.mean(first**2)


def test_silence_becomes_noise_of_its_level():
    for seed in range(4):
        room = Room.draw(seed, rate=RATE)
        heard = _whole(room, np.zeros(4 * RATE, np.float32))
        assert 20.0 * np.log10(np.std(heard)) == pytest.approx(room.noise_db, abs=1.0)
        assert -65.0 <= room.noise_db <= -35.0
