"""What an autoencoder learns from."""

import numpy as np
import pytest

from melgan_vc.methods.autoencoder.batches import AutoencoderBatches, Columns
from melgan_vc.methods.autoencoder.beside import SpeechBeside
from melgan_vc.methods.autoencoder.prosody import HEIGHTS
from melgan_vc.methods.autoencoder.statistics import VoiceStatistics

RECOGNIZER = ["method.content=recognizer", "method.speeds=true"]
STUDENT = ["method.content=student", "method.consistency=1", 'method.sources=["source"]']


@pytest.fixture
def batches(settings, store_of):
    """``batches("method.content=student", ...)``: of a folder for each of its names."""

    def make(*overrides):
        config = settings(*overrides)
        stores = [store_of(config, number) for number in range(len(config.method.domain_names))]
        return AutoencoderBatches(config, stores)

    return make


def folder_of(mel):
    """Which folder each window is of."""
    return np.round(10.0 * mel.mean(axis=(1, 2))).astype(int)


def told_octaves(prosody):
    """The middle of what each window is told of its pitch."""
    shares = prosody[..., :HEIGHTS]
    voiced = prosody[..., HEIGHTS] > 0.5
    return np.array(
        [np.median(row[mask] @ np.linspace(0.0, 3.1, HEIGHTS)) for row, mask in zip(shares, voiced, strict=True)]
    )


@pytest.mark.parametrize("overrides", [[], RECOGNIZER, [*STUDENT, "method.perturbation=1.2"]])
def test_a_batch_is_a_pure_function_of_its_step(batches, overrides):
    of, again = batches(*overrides), batches(*overrides)
    of.batch(7)
    for one, same in zip(of.batch(3), again.batch(3), strict=True):
        np.testing.assert_array_equal(one, same)
    assert any(np.any(one != other) for one, other in zip(of.batch(3), of.batch(4), strict=True))


def test_every_voice_comes_with_its_own_number(batches):
    batch = batches().batch(0)
    np.testing.assert_array_equal(folder_of(batch.mel), batch.voice)
    assert sorted(batch.voice) == [0, 0, 1, 1]
    np.testing.assert_array_equal(batch.heard, batch.mel)
    assert batch.content.shape == (4, 32, 0)
    np.testing.assert_allclose(told_octaves(batch.prosody), np.array([1.0, 2.0])[batch.voice], atol=0.15)


def test_content_is_counted_from_its_own_voice(batches):
    """One with mean 0 and one with mean 1: what is left of that is nothing."""
    of = batches(*RECOGNIZER)
    content, voice = zip(*((batch.content, batch.voice) for batch in map(of.batch, range(20))), strict=True)
    content, voice = np.concatenate(content), np.concatenate(voice)
    for number in (0, 1):
        assert content[voice == number].mean() == pytest.approx(0.0, abs=0.05)
        assert content[voice == number].std() == pytest.approx(1.0, abs=0.05)
    assert of.batch(0).heard.shape == (4, 32, 0), "nothing hears the log-mel"


def test_noise_is_added_to_content(batches):
    plain, noisy = (batches(*RECOGNIZER, f"method.noise={noise}").batch(0).content for noise in (0.0, 0.5))
    assert np.std(noisy - plain) == pytest.approx(0.5, rel=0.02)


def test_what_is_to_be_said_with_another_voice_is_heard_as_in_a_conversion(batches):
    """At its own speed and without noise; what is to be given back is not."""
    heard = [*RECOGNIZER, "method.consistency=1", 'method.sources=["source"]']
    hidden, plain = (batches(*heard, f"method.noise={noise}", f"method.speeds={speeds}").batch(0)
                     for noise, speeds in ((0.5, "true"), (0.0, "false")))  # fmt: skip
    assert plain.content.shape == (8, 32, 512) and plain.mel.shape[0] == 4
    np.testing.assert_array_equal(hidden.content[4:], plain.content[4:])
    assert np.std(hidden.content[:4] - plain.content[:4]) > 0.4


def test_sound_at_other_speeds_is_content_and_nothing_else(batches, settings, store_of):
    """Each window has one of the three, counted from its own statistics; pitch, loudness and mel are as they are."""
    config, of = settings(*RECOGNIZER), batches(*RECOGNIZER)
    store = store_of(config, 0)
    names = [feature.name for feature in store.features]
    assert names == ["log_mel", "content", "pitch", "loudness", "content_slower", "content_faster"]
    columns = Columns.of(store, SpeechBeside())
    assert columns.beside == slice(32 + 512, 32 + 512 + 3) and len(columns.contents) == 3
    frames = store.crop(0, 0, 200)
    found = VoiceStatistics.of([(frames[:, columns.contents[1]], frames[:, columns.beside])])
    both = columns.statistics_of(store, SpeechBeside())
    assert both.content.shape == (2, 3 * 512)
    np.testing.assert_allclose(both.content[0, 512:1024], found.content[0], atol=0.5)
    plain = batches("method.content=recognizer", "method.speeds=false")
    differs = [np.any(of.batch(step).content != plain.batch(step).content, axis=(1, 2)) for step in range(10)]
    assert 0.4 < np.mean(differs) < 0.9, "two windows of three are of another speed"
    for step in range(3):
        for name in ("mel", "prosody", "voice"):
            np.testing.assert_array_equal(getattr(of.batch(step), name), getattr(plain.batch(step), name))


def test_what_is_to_be_said_with_another_voice_is_never_said_with_its_own(batches):
    of, seen = batches(*STUDENT), set()
    for step in range(30):
        batch = of.batch(step)
        folders, wanted = folder_of(batch.heard[4:]), batch.voice[4:]
        assert np.all(folders != wanted) and set(wanted) <= {0, 1}
        np.testing.assert_array_equal(batch.source, folder_of(batch.heard))
        seen |= {*zip(folders.tolist(), wanted.tolist(), strict=True)}
    assert seen == {(0, 1), (1, 0), (2, 0), (2, 1)}


def test_its_pitch_is_moved_to_that_of_the_wanted_voice(batches):
    batch = batches(*STUDENT).batch(0)
    np.testing.assert_allclose(told_octaves(batch.prosody), np.array([1.0, 2.0])[batch.voice], atol=0.15)


def test_sources_are_heard_by_the_student_alone(batches):
    """They are no log-mels to give back, and no voice to speak with."""
    of, heard = batches("method.content=student", 'method.sources=["source"]'), set()
    for step in range(10):
        batch = of.batch(step)
        assert set(folder_of(batch.mel)) <= {0, 1} and set(batch.voice) <= {0, 1}
        heard |= set(folder_of(batch.heard[4:]))
    assert heard == {0, 1, 2}


def test_one_voice_is_told_what_the_sources_say(batches):
    of = batches(
        'method.domains=["anna"]', "method.content=student", "method.consistency=1", 'method.sources=["source"]'
    )
    batch = of.batch(0)
    assert set(folder_of(batch.mel)) == {0} and set(folder_of(batch.heard[4:])) == {1} and set(batch.voice) == {0}
    np.testing.assert_allclose(told_octaves(batch.prosody), 1.0, atol=0.15)


def test_what_a_student_hears_is_perturbed_and_what_is_asked_for_is_not(batches):
    plain, changed = (
        batches("method.equaliser_db=6", f"method.perturbation={by}").batch(0) for by in ("none", "1.2")
    )
    np.testing.assert_array_equal(plain.mel, changed.mel)
    np.testing.assert_array_equal(plain.heard, plain.mel)
    assert np.abs(changed.heard - plain.heard).mean() > 0.05


@pytest.mark.parametrize("overrides", [["method.voice=print"], ["method.voice=print", "method.polish=true"]])
def test_a_print_is_of_another_window_of_the_voice_that_is_wanted(batches, overrides):
    """Prints of a folder lie around its number."""
    batch = batches(*overrides).batch(3)
    assert batch.reference.shape == (*batch.voice.shape, 32, 256)
    np.testing.assert_array_equal(np.round(batch.reference.mean(axis=(1, 2))), batch.voice)
    assert set(batch.voice) == {0, 1}
