"""A target crop with the source's pitch, other formants and another microphone."""

import functools

import numpy as np

from melgan_vc.audio.mel import SILENCE
from melgan_vc.audio.voice_shift import voice_shift
from melgan_vc.config.mel import MelConfig
from melgan_vc.methods.perturb import Perturb

MEL = MelConfig()


def crops(seed=0):
    smooth = np.random.default_rng(seed).normal(size=(6, 20, MEL.n_mels)).cumsum(axis=2)
    return np.clip(smooth * 0.05 - 0.3, -1.0, 1.0).astype(np.float32)


def perturb(pitch=1.5, formants=1.2, **settings):
    change = Perturb(MEL, **{"spread": 1.2, "equaliser_db": 4.0, "seed": 0, **settings})
    return functools.partial(change, pitch=pitch, formants=formants)


def test_what_is_drawn_depends_on_seed_and_step_alone():
    again = perturb()(crops(), 7)
    assert np.array_equal(perturb()(crops(), 7), again)
    assert not np.allclose(perturb()(crops(), 8), again)
    assert not np.allclose(perturb(seed=1)(crops(), 7), again)


def test_every_crop_of_a_batch_is_changed_in_its_own_way():
    same = np.repeat(crops()[:1], 6, axis=0)
    changed = perturb()(same, 0)
    assert len(np.unique(changed.round(4), axis=0)) == 6


def test_without_spread_and_equaliser_it_is_the_plain_shift():
    changed = perturb(spread=1.0, equaliser_db=0.0)(crops(), 0)
    shift = voice_shift(MEL, pitch=1.5, formants=1.2)
    assert np.allclose(changed, np.clip((crops() - SILENCE) @ shift + SILENCE, -1, 1), atol=0.02)


def test_the_equaliser_is_smooth_in_frequency_constant_in_time_and_of_its_size():
    quiet = np.full((400, 2, MEL.n_mels), -0.2, np.float32)
    curves = perturb(pitch=1.0, formants=1.0, spread=1.0)(quiet, 0) - quiet
    assert np.allclose(curves[:, 0], curves[:, 1])
    decibels = curves[:, 0] * (MEL.ceiling_db - MEL.floor_db) / 2
    assert abs(decibels.std() - 4.0) < 0.5
    assert np.abs(np.diff(decibels, axis=1)).max() < 2.0


def test_silence_stays_silent_and_all_values_in_range():
    silence = np.full((3, 10, MEL.n_mels), SILENCE, np.float32)
    assert np.array_equal(perturb()(silence, 0), silence)
    loud = perturb(equaliser_db=24.0)(crops(), 0)
    assert loud.min() >= -1.0 and loud.max() <= 1.0
