"""What StarGAN is given beside its windows."""

import numpy as np
import pytest

from melgan_vc.audio.bands import PAUSE, match_bands
from melgan_vc.audio.voice_shift import shift_log_mel
from melgan_vc.errors import MelganVcError
from melgan_vc.methods.presets import preset
from melgan_vc.methods.stargan.batches import VoicePairs, bands_of_domains

PITCHES = "method.pitches=[100,200,150]"
DOMAINS = 'method.domains=["low","high","middle"]'
DOMAIN, WANTED = np.array([0, 1, 2, 0], np.int32), np.array([1, 2, 0, 1], np.int32)


def pairs(*settings, step=3, stores=()):
    bands = f"method.match_bands={'always' if stores else 'converting'}"
    config = preset("voice", "stargan").with_overrides([DOMAINS, bands, *settings])
    draw = np.random.default_rng(0)
    smooth = [draw.normal(size=(4, 12, 80)).cumsum(axis=2) * 0.04 - 0.3 for _ in range(2)]
    windows, reference = (np.clip(mel, -1.0, 1.0).astype(np.float32) for mel in smooth)
    return VoicePairs(config, stores)((windows, DOMAIN, reference, WANTED), step)


def test_voices_are_moved_to_the_wanted_pitch_and_back():
    """A slope over the mels moves up with the pitch: the windows that are to be higher lose their low bands."""
    made = pairs(PITCHES, "method.perturbation=none")
    there, back = (
        made.generator_input - made.windows,
        np.asarray(shift_log_mel(made.generator_input, made.shift_back)) - made.windows,
    )
    np.testing.assert_allclose(made.identity_input - made.windows, back, atol=1e-5)
    assert np.abs(there).mean() > 0.02
    # Half an octave of harmonics leaves the range for good, but most of a voice comes back.
    assert np.abs(back[:, :, 20:60]).mean() < 0.5 * np.abs(there[:, :, 20:60]).mean()


def test_windows_of_one_pair_of_domains_move_alike():
    made = pairs(PITCHES)
    np.testing.assert_array_equal(made.shift_back[0], made.shift_back[3])
    assert np.abs(made.shift_back[0] - made.shift_back[1]).max() > 0.1


def test_without_pitches_nothing_moves():
    made = pairs("method.perturbation=none")
    np.testing.assert_allclose(made.generator_input, made.windows, atol=1e-5)
    np.testing.assert_allclose(made.shift_back, np.broadcast_to(np.eye(80), (4, 80, 80)), atol=1e-5)


def test_bands_are_brought_to_the_wanted_domains():
    """Domains with the same sound at three levels: what is translated lies at the level that is wanted."""
    draw, levels = np.random.default_rng(1), (-0.3, 0.0, 0.3)
    stores = [[np.clip(draw.normal(level, 0.1, (300, 80)), -1.0, 1.0).astype(np.float32)] for level in levels]
    assert [round(float(bands.mean.mean()), 1) for bands in bands_of_domains(stores)] == list(levels)
    made = pairs("method.perturbation=none", stores=stores)
    moved = np.median(made.moved - made.windows, axis=(1, 2))
    np.testing.assert_allclose(moved, [levels[w] - levels[d] for d, w in zip(DOMAIN, WANTED, strict=True)], atol=0.1)
    again = np.asarray(match_bands(shift_log_mel(made.moved, made.shift_back), made.bands_matrix, made.bands_offset))
    sounding = np.minimum(made.windows.mean(axis=2), made.moved.mean(axis=2)) > PAUSE
    kept = (np.abs(made.moved) < 0.9) & sounding[:, :, None]  # neither at the ends of the range nor half a pause
    assert np.abs(again - made.windows)[kept].mean() < 0.02


def test_a_domain_of_pauses_cannot_be_matched():
    with pytest.raises(MelganVcError, match="domain 2, which is all pause"):
        bands_of_domains([[np.zeros((9, 80))], [np.full((9, 80), -1.0)]])


def test_a_perturbed_voice_comes_back_at_its_own_bands():
    """The random equaliser is measured and undone, as that of any input will be."""
    draw = np.random.default_rng(1)
    stores = [[np.clip(draw.normal(-0.3, 0.2, (300, 80)), -1.0, 1.0).astype(np.float32)] for _ in range(3)]
    plain, matched_ones = (
        np.abs((made.identity_input - made.windows).mean(axis=1)).mean()
        for made in (
            pairs("method.equaliser_db=12", "method.perturbation=1"),
            pairs("method.equaliser_db=12", "method.perturbation=1", stores=stores),
        )
    )
    assert matched_ones < 0.5 * plain


def test_identity_is_asked_from_perturbed_voices_where_the_training_perturbs():
    made = pairs(PITCHES)
    assert np.abs(made.identity_input - made.generator_input).mean() > 0.01
    assert made.identity_input.min() >= -1.0 and made.identity_input.max() <= 1.0


def test_what_is_drawn_depends_on_seed_and_step_alone():
    one, again = pairs(PITCHES), pairs(PITCHES)
    for first, second in zip(one, again, strict=True):
        np.testing.assert_array_equal(first, second)
    for other in (pairs(PITCHES, step=4), pairs(PITCHES, "training.seed=1")):
        for name in ("latents", "mixing", "identity_input"):
            assert np.any(getattr(other, name) != getattr(one, name)), name
    assert one.latents.shape == (4, 2, 16) and one.latents.std() == pytest.approx(1.0, abs=0.2)
    assert one.mixing.shape == (4, 1, 1) and 0.0 <= one.mixing.min() <= one.mixing.max() <= 1.0
