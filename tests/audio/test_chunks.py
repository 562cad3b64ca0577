"""Chunk by chunk gives what the whole gives, however the stream is cut."""

import numpy as np
import pytest

from melgan_vc.audio.chunks import ChunkedPass, Reach

REACH = 5


def blur(mels):
    """A network of known reach: the mean of the frames up to five away on either side; silence beyond the ends."""
    padded = np.pad(mels, ((0, 0), (REACH, REACH), (0, 0)), constant_values=-1.0)
    return np.mean([padded[:, at : at + mels.shape[1]] for at in range(2 * REACH + 1)], axis=0)


def chunked(run=blur, *, before=REACH, after=REACH, stride=1, bands=6, **options):
    silence = np.full(bands, -1.0, np.float32)
    return ChunkedPass(run, reach=Reach(before, after, stride), silence=silence, **options)


def translated(pieces, run=blur, **options):
    return np.concatenate(list(chunked(run, bands=pieces[0].shape[1], **options).stream(pieces)))


@pytest.mark.parametrize("frames", [1, 4, 15, 16, 17, 63, 64, 65, 200])
@pytest.mark.parametrize(
    "options",
    [
        {"chunk": 16},
        {"chunk": 16, "batch": 1},
        {"chunk": 7, "batch": 3},
        {},
        {"chunk": 16, "same_length": False},
        {"chunk": 7, "batch": 3, "any_batch": True},
        {"chunk": 7, "batch": 3, "any_batch": True, "same_length": False},
    ],
)
def test_it_equals_the_whole(random_mel, frames, options):
    mel = random_mel(frames, 6)
    np.testing.assert_allclose(translated([mel], **options), blur(mel[None])[0], atol=1e-6)


def test_the_pieces_do_not_matter(random_mel, draw):
    mel = random_mel(300, 6)
    cuts = [0, 0, *sorted(draw.integers(0, 300, 40)), 300]
    pieces = [mel[a:b] for a, b in zip(cuts, [*cuts[1:], 300], strict=True)]
    np.testing.assert_array_equal(translated(pieces, chunk=16), translated([mel], chunk=16))


def test_too_little_context_would_show(random_mel):
    mel = random_mel(64, 6)
    assert np.abs(translated([mel], chunk=16, before=REACH - 1) - blur(mel[None])[0]).max() > 0.01


def test_chunks_start_at_multiples_of_the_stride(random_mel):
    # A network that knows the position within its stride: every chunk must begin at the same phase.
    def by_phase(mels):
        return mels + np.arange(mels.shape[1])[None, :, None] % 4

    mel = random_mel(103, 2)
    expected = mel + np.arange(103)[:, None] % 4
    np.testing.assert_allclose(
        translated([mel], by_phase, chunk=12, before=8, after=8, stride=4), expected, atol=1e-6
    )
    for wrong in ({"chunk": 10, "before": 8, "after": 8}, {"chunk": 12, "before": 6, "after": 8}):
        with pytest.raises(ValueError, match="multiples of the stride 4"):
            translated([mel], by_phase, stride=4, **wrong)


def test_the_network_sees_few_shapes(random_mel):
    # Each shape is compiled anew on JAX.
    shapes = set()

    def watch(mels):
        shapes.add(mels.shape)
        return mels

    translated([random_mel(1000, 2)], watch, chunk=16, batch=4)
    assert shapes == {(4, 26, 2), (1, 26, 2)}


def test_what_is_left_at_the_end_can_go_through_together(random_mel):
    # Where no shape is compiled anew: a call of a network of many layers costs as much as seconds of audio.
    shapes = []

    def watch(mels):
        shapes.append(mels.shape)
        return mels

    translated([random_mel(120, 2)], watch, chunk=16, batch=4, any_batch=True)
    assert shapes == [(4, 26, 2), (4, 26, 2)]


def test_no_frames():
    assert list(chunked().stream([])) == []


def test_a_pass_that_sees_further_back_than_ahead(random_mel):
    def echo(mels):
        padded = np.pad(mels, ((0, 0), (REACH, 1), (0, 0)), constant_values=-1.0)
        return padded[:, : mels.shape[1]] + padded[:, REACH + 1 :]

    mel = random_mel(100, 6)
    result = translated([mel], echo, before=REACH, after=1, chunk=16)
    np.testing.assert_allclose(result, echo(mel[None])[0], atol=1e-6)


def test_a_pass_that_makes_sound_gives_rows_for_each_frame(random_mel):
    def sound(mels):  # three samples a frame
        return np.repeat(blur(mels).mean(axis=2), 3, axis=1)

    mel = random_mel(50, 6)
    for same_length in (True, False):
        made = translated([mel], sound, chunk=16, rows=3, same_length=same_length)
        np.testing.assert_allclose(made, sound(mel[None])[0], atol=1e-6)


def test_pushed_frames_come_back_as_soon_as_they_are_known(random_mel):
    mel, live = random_mel(60, 6), chunked(chunk=8)
    made, waited = [], []
    for frame in range(60):
        made += list(live.push(mel[frame : frame + 1]))
        waited.append(frame + 1 - sum(map(len, made)))
    made += list(live.end())
    assert max(waited) == 8 + REACH - 1  # a chunk and what lies after it, but for the frame that completes it
    np.testing.assert_allclose(np.concatenate(made), blur(mel[None])[0], atol=1e-6)
