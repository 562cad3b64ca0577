"""Pictures of log-mels: what is drawn where."""

import numpy as np
import pytest

import melgan_vc as mv

VOICE = mv.MelConfig()


def sine(hz, *, rate=16000, amplitude=0.5, seconds=1.0):
    return amplitude * np.sin(2 * np.pi * hz * np.arange(int(seconds * rate)) / rate)


def image(figure, row=0):
    """Decibels ``(n_mels, T)`` of a row of a figure."""
    return np.asarray(figure.axes[row].get_images()[0].get_array())


@pytest.mark.parametrize("hz", [500, 2000, 4000])
@pytest.mark.parametrize("rate", [16000, 44100])
def test_a_sine_lies_at_its_frequency_and_level(hz, rate):
    figure = mv.plot.spectrogram(sine(hz, rate=rate), rate=rate)
    axis = figure.axes[0]
    loudest = image(figure)[:, 30]
    ticks = {label.get_text(): place for label, place in zip(axis.get_yticklabels(), axis.get_yticks(), strict=True)}
    assert loudest.argmax() == pytest.approx(ticks[f"{hz // 1000}k" if hz >= 1000 else str(hz)], abs=0.6)
    assert -14 < loudest.max() < -6, "half of full scale is -6 dB, less what neighbouring filters take"


def test_the_time_axis_is_in_seconds():
    figure = mv.plot.spectrogram(sine(500, seconds=3.0), rate=16000)
    assert figure.axes[0].get_xlim() == pytest.approx((0, 3), abs=0.02)


def test_a_waveform_and_its_log_mel_give_the_same_picture():
    wave = sine(700).astype(np.float32)
    both = [mv.plot.spectrogram(wave, rate=16000), mv.plot.spectrogram(mv.log_mel(wave, VOICE))]
    np.testing.assert_allclose(*map(image, both), atol=1e-3)
    stereo = np.stack([wave, wave], axis=1)
    np.testing.assert_allclose(image(mv.plot.spectrogram(stereo, rate=16000)), image(both[0]), atol=1e-3)


def test_a_comparison_shows_by_how_much_it_became_louder():
    wave = sine(1000, amplitude=0.05)
    figure = mv.plot.compare(wave, 10 * wave, rate=16000, title="ten times")
    before, after, change = (image(figure, row) for row in range(3))
    row = before[:, 30].argmax()
    assert after[row, 30] - before[row, 30] == pytest.approx(20, abs=0.1) == change[row, 30]
    assert figure.get_suptitle() == "ten times"


def test_a_comparison_of_two_lengths_goes_as_far_as_both():
    figure = mv.plot.compare(sine(500, seconds=2), sine(500, seconds=1), rate=16000)
    widths = [image(figure, row).shape[1] for row in range(3)]
    assert widths[2] == widths[1] < widths[0]


def test_what_is_no_log_mel_gets_a_sentence():
    for sound in (sine(500), np.zeros((50, 128))):
        with pytest.raises(ValueError, match=r"Expected a log-mel of shape \(frames, 80\).*pass its rate"):
            mv.plot.spectrogram(sound)
