"""Networks that take a voice apart from what is said, and put them together."""

import numpy as np
import pytest
from keras import ops

from melgan_vc.audio.chunks import Reach
from melgan_vc.nets.content_encoder import content_encoder
from melgan_vc.nets.mel_decoder import mel_decoder
from melgan_vc.nets.mel_edit import mel_edit
from melgan_vc.nets.normed_encoder import normed_encoder
from melgan_vc.nets.reach import measure_reach
from melgan_vc.nets.style_networks import print_projection
from melgan_vc.nets.voice_critic import voice_critic

MELS, COLUMNS, STYLE = 6, 5, 4


@pytest.mark.parametrize(("ahead", "blocks"), [(0, 2), (1, 2), (4, 3), (7, 4), (6, 2), (9, 2)])
def test_an_encoder_looks_ahead_as_far_as_it_was_told_and_may(ahead, blocks):
    """Three frames a block are all that it can; what it does not look ahead it looks back."""
    encoder = content_encoder(MELS, columns=COLUMNS, channels=8, blocks=blocks, look_ahead=ahead)
    reach = measure_reach(lambda mel: ops.convert_to_numpy(encoder(mel)), columns=MELS)
    found = min(ahead, 3 * blocks)
    assert reach == Reach(6 * blocks - found, found)


def test_an_encoder_gives_as_many_numbers_as_were_asked_for_each_frame(random_mel):
    encoder = content_encoder(MELS, columns=COLUMNS, channels=8, blocks=2, look_ahead=3)
    assert encoder(random_mel(2, 17, MELS)).shape == (2, 17, COLUMNS)


@pytest.fixture(scope="module")
def normed():
    """An encoder with instance norm as it is called: log-mels and moments, or none, to codes and own moments."""
    encoder = normed_encoder(MELS, columns=COLUMNS, channels=8, blocks=2, look_ahead=2)

    def call(mel, moments=None):
        given = np.zeros((len(mel), *encoder.inputs[1].shape[1:]), np.float32) if moments is None else moments
        return [ops.convert_to_numpy(output) for output in encoder([mel, given])]

    return call


def test_instance_norm_takes_away_what_is_the_same_all_the_time(normed, random_mel):
    """A constant equaliser and a gain of the whole clip make no difference to the code, what changes does."""
    mel = random_mel(2, 60, MELS)
    equalised = 0.5 * mel + np.linspace(-0.3, 0.3, MELS, dtype=np.float32)
    code, moments = normed(mel)
    other, others_moments = normed(equalised)
    assert code.shape == (2, 60, COLUMNS) and code.min() > 0.0 and code.max() < 1.0
    np.testing.assert_allclose(other, code, atol=2e-3)
    assert np.abs(others_moments - moments).max() > 0.1
    assert np.abs(normed(mel[:, ::-1].copy())[0] - code).max() > 0.02


def test_with_moments_of_the_whole_pieces_are_told_as_the_whole_is(normed, random_mel):
    mel = random_mel(1, 60, MELS)
    code, moments = normed(mel)
    np.testing.assert_allclose(normed(mel, moments)[0], code, atol=1e-6)
    np.testing.assert_allclose(normed(mel[:, :40], moments)[0][:, :38], code[:, :38], atol=1e-5)
    assert np.abs(normed(mel[:, :40])[0][:, :38] - code[:, :38]).max() > 1e-3, "its own moments are others"
    reach = measure_reach(lambda part: normed(part, moments)[0], columns=MELS)
    assert reach == Reach(10, 2)


@pytest.fixture(scope="module")
def decoder():
    return mel_decoder(MELS, columns=COLUMNS, style=STYLE, channels=8, blocks=2)


def test_a_decoder_sees_three_frames_a_block_on_either_side(decoder):
    voice = np.ones((1, STYLE), np.float32)
    reach = measure_reach(lambda told: ops.convert_to_numpy(decoder([told, voice])), columns=COLUMNS)
    assert reach == Reach(6, 6)


def test_a_decoder_answers_to_the_voice_and_to_what_is_said(decoder, draw):
    told, voice = draw.normal(size=(2, 20, COLUMNS)), 5.0 * draw.normal(size=(2, STYLE))
    made = np.asarray(decoder([told, voice]))
    assert made.shape == (2, 20, MELS)
    assert np.abs(np.asarray(decoder([told, -voice])) - made).max() > 0.01
    assert np.abs(np.asarray(decoder([-told, voice])) - made).max() > 0.01


def test_a_print_is_a_voice_by_its_direction_and_frames_without_any_do_not_count(draw):
    project = print_projection(6, style=STYLE)
    prints = np.repeat(np.abs(draw.normal(size=(2, 1, 6))), 10, axis=1).astype(np.float32)
    half = prints * (np.arange(10) < 5)[:, None]
    made = np.asarray(project(prints))
    assert made.shape == (2, STYLE) and np.abs(made[0] - made[1]).max() > 0.1
    np.testing.assert_allclose(project(half), made, atol=1e-5)
    kernel, offset = project.get_weights()
    direction = prints[:, 0] / np.linalg.norm(prints[:, 0], axis=1, keepdims=True)
    np.testing.assert_allclose(made, 6**0.5 * direction @ kernel + offset, atol=1e-5)


def test_an_edit_is_nothing_at_first_to_the_bit_and_then_answers_to_the_voice(random_mel, draw):
    edit = mel_edit(MELS, style=STYLE, channels=8, blocks=2)
    mel, voice = 1.3 * random_mel(2, 20, MELS), 5.0 * draw.normal(size=(2, STYLE)).astype(np.float32)
    np.testing.assert_array_equal(edit([mel, voice]), mel)
    for variable in edit.trainable_variables:
        variable.assign(variable + 0.1 * draw.normal(size=variable.shape))
    made = np.asarray(edit([mel, voice]))
    assert np.abs(made - mel).mean() > 0.01 and np.abs(np.asarray(edit([mel, -voice])) - made).max() > 0.01
    assert measure_reach(lambda mel: ops.convert_to_numpy(edit([mel, voice[:1]])), columns=MELS) == Reach(6, 6)


def test_a_voice_critic_shows_what_it_heard_and_its_scores_depend_on_the_voice(random_mel):
    critic = voice_critic(MELS, domains=2, channels=8)
    projection = next(layer for layer in critic.layers if layer.name.startswith("projection"))
    projection.directions.assign(50.0 * projection.directions)
    mel = random_mel(3, 32, MELS)
    (scores, *heard), (others, *same) = (critic([mel, np.full(3, voice, np.int32)]) for voice in (0, 1))
    assert scores.shape == (3, 8, -(-MELS // 8), 1) and len(heard) >= 3
    for one, other in zip(heard, same, strict=True):
        np.testing.assert_array_equal(one, other)
    assert np.abs(np.asarray(scores) - np.asarray(others)).max() > 0.01
