"""Every preset is usable as it is: its filterbank is librosa's, and loses nothing."""

import librosa
import numpy as np
import pytest

from melgan_vc.audio.mel import mel_filterbank
from melgan_vc.config.mel import MelConfig
from melgan_vc.config.method_folders import method_names
from melgan_vc.errors import MelganVcError
from melgan_vc.methods.presets import preset, presets_of

EVERY = pytest.mark.parametrize(
    ("name", "method"), [(name, method) for method in method_names() for name in presets_of(method)]
)


@EVERY
def test_knows_its_own_name(name, method):
    config = preset(name, method)
    assert (config.preset, config.method.name) == (name, method)


def test_unknown_method_is_refused_with_the_known_ones():
    known = "travelgan, autoencoder, cyclegan, stargan, vocoder"
    with pytest.raises(MelganVcError, match=f"{known}, received: 'cyclgan'; did you mean 'cyclegan'"):
        preset("voice", "cyclgan")


def test_presets_of_all_methods_share_spectrogram_and_corpus():
    for name in ("voice", "music", "debug"):
        one, *others = (preset(name, method) for method in method_names() if name in presets_of(method))
        for other in others:
            assert one.mel == other.mel and one.corpus == other.corpus


@pytest.mark.parametrize("name", ["voice", "music"])
def test_cyclegan_has_a_quarter_of_the_width_and_a_slower_critic(name):
    config = preset(name, "cyclegan")
    method, training = config.method, config.training
    assert (method.generator.architecture, method.generator.channels) == ("two_one_two", 256 // 4)
    assert (training.players["generator"].learning_rate, training.players["critic"].learning_rate) == (2e-4, 1e-4)
    assert (method.cycle, method.identity, method.identity_steps) == (10.0, 5.0, 10_000)
    assert method.perturbation == preset(name).method.perturbation


def test_cyclegan_paper_preset_has_the_published_numbers():
    config = preset("paper", "cyclegan")
    mel, method, training = config.mel, config.method, config.training
    assert (mel.rate, mel.n_fft, mel.hop_length, mel.n_mels) == (22050, 1024, 256, 80)
    assert (method.width, method.masked_frames, method.adversarial_loss) == (64, 32, "least_squares")
    assert (method.generator.channels, method.critic.channels) == (256, 256)
    assert (training.players["generator"].learning_rate, training.players["critic"].learning_rate) == (2e-4, 1e-4)
    assert training.players["generator"].clip_norm is None and training.ema == 0.0


def test_stargan_has_no_paper_preset():
    with pytest.raises(MelganVcError, match="a preset among voice, music, debug, received: 'paper'"):
        preset("paper", "stargan")


def test_stargan_holds_on_to_words_in_voices_and_lets_go_in_music():
    voice, music = preset("voice", "stargan"), preset("music", "stargan")
    assert voice.method.identity == preset("voice").method.identity and voice.method.match_bands == "converting"
    assert (music.method.identity, music.method.self_regularization) == (0.5, 0.0)
    assert music.training.ema == 0.0 and music.method.match_bands == "never"


def test_unknown_preset_is_refused_with_the_known_ones():
    with pytest.raises(MelganVcError, match="voice, music, paper, debug, received: 'musik'.*did you mean 'music'"):
        preset("musik")


@EVERY
def test_filterbank_is_librosas(name, method):
    mel = preset(name, method).mel
    expected = librosa.filters.mel(
        sr=mel.rate,
        n_fft=mel.fft_length,
        n_mels=mel.n_mels,
        fmin=mel.fmin,
        fmax=mel.fmax,
        htk=mel.mel_scale == "htk",
        norm=None,
    )
    np.testing.assert_allclose(mel_filterbank(mel), expected, atol=1e-5)


@EVERY
def test_no_mel_row_is_dead_or_a_mixture_of_others(name, method):
    filters = mel_filterbank(preset(name, method).mel)
    assert np.all(filters.max(axis=1) > 0.1)
    assert np.linalg.matrix_rank(filters) == len(filters)


def test_published_filterbank_loses_six_rows_without_zero_padding():
    published = MelConfig(n_fft=1152, hop_length=192, n_mels=192, mel_scale="htk")
    assert np.linalg.matrix_rank(mel_filterbank(published)) == 186


def test_paper_preset_has_the_published_numbers():
    config = preset("paper")
    mel, method, training = config.mel, config.method, config.training
    assert (mel.rate, mel.n_fft, mel.hop_length, mel.n_mels, mel.mel_scale) == (16000, 1152, 192, 192, "htk")
    assert (method.width, method.pieces, method.width // method.pieces) == (72, 3, 24)
    assert (method.travel, method.margin, method.identity, method.margin_distance) == (10.0, 10.0, 0.5, 2.0)
    assert (method.pairs, method.embedding, training.batch_size) == ("single", 128, 16)
    assert (training.players["generator"].every, training.players["critic"].every) == (3, 1)
    assert training.players["generator"].learning_rate == training.players["critic"].learning_rate == 2e-4
    assert training.players["generator"].clip_norm is None and training.ema == 0.0


@pytest.mark.parametrize("name", ["voice", "music", "debug"])
def test_window_and_chunk_last_as_long_as_documented(name):
    config = preset(name)
    window = config.method.width / config.mel.frames_per_second
    documented = {"voice": 2.0, "music": 3.0, "debug": 0.5}[name]
    assert window == pytest.approx(documented, rel=0.05)
