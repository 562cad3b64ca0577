"""The method ``vocoder``: who plays, what each is told, and what a config must not ask for."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from melgan_vc.audio.mel import window_log_mel
from melgan_vc.config.run import RunConfig
from melgan_vc.errors import MelganVcError
from melgan_vc.methods.loading import load_conversion
from melgan_vc.methods.presets import preset
from melgan_vc.methods.registry import build_method
from melgan_vc.methods.vocoder.config import VocoderConfig
from melgan_vc.runs.run_folder import RunFolder


def config(**method):
    run = preset("debug", "vocoder")
    return run.model_copy(update={"method": run.method.model_copy(update=method)})


def batch_of(run: RunConfig, draw) -> list[np.ndarray]:
    samples = (run.method.width - 1) * run.mel.hop_length + run.mel.n_fft
    waves = (0.1 * draw.normal(size=(3, samples))).astype(np.float32)
    start = (0.1 * draw.normal(size=(3, samples))).astype(np.float32)
    mels = np.stack([window_log_mel(wave, run.mel) for wave in waves])
    return [mels, waves, start] if run.method.has_start else [mels, waves]


@pytest.mark.parametrize(
    "method",
    [
        {},
        {"start_iterations": None},
        {"start_iterations": None, "causal": True},
        {"generator": preset("debug", "vocoder").method.generator.model_copy(update={"architecture": "upsampling"})},
        {"adversarial_loss": "least_squares"},
    ],
)
def test_each_player_learns_from_its_own_loss(method, draw):
    run = config(**method)
    players = build_method(run)
    with tf.GradientTape(persistent=True) as tape:
        losses, terms = players.losses(batch_of(run, draw), ("generator", "critic"))
    assert set(terms) == {name for names in players.terms.values() for name in names}
    for name, networks in players.players.items():
        variables = [v.value for network in networks for v in network.trainable_variables]
        gradients = tape.gradient(losses[name], variables)
        assert all(np.isfinite(gradient.numpy()).all() for gradient in gradients if gradient is not None)
        assert sum(float(tf.norm(gradient)) for gradient in gradients if gradient is not None) > 0


def test_without_adversarial_terms_there_are_no_critics(draw):
    run = config(adversarial=0.0, feature_matching=0.0)
    method = build_method(run)
    losses, terms = method.losses(batch_of(run, draw), ("generator",))
    assert set(method.players) == {"generator"} and set(losses) == {"generator"}
    assert set(terms) == {"spectral", "mel_distance"}


def test_the_loss_is_the_weighted_sum_of_its_terms(draw):
    run = config(spectral=2.0, mel=3.0, adversarial=0.5, feature_matching=0.25)
    losses, terms = build_method(run).losses(batch_of(run, draw), ("generator", "critic"))
    weights = {"spectral": 2.0, "mel_distance": 3.0, "adversarial": 0.5, "feature_matching": 0.25}
    wanted = sum(weight * float(terms[name]) for name, weight in weights.items())
    assert float(losses["generator"]) == pytest.approx(wanted, rel=1e-5)


def test_a_start_that_is_the_recording_costs_nothing(draw):
    """Untrained, the generator gives its start back: everything is aligned to the sample."""
    run = config()
    mels, waves, _ = batch_of(run, draw)
    _, terms = build_method(run).losses([mels, waves, waves], ("generator",))
    assert float(terms["spectral"]) < 1e-2
    assert float(terms["mel_distance"]) < 1e-2


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (["method.causal=true"], "expected causal with generator.architecture=fourier and start_iterations=none"),
        (["method.periods=[]", "method.resolutions=[]"], "expected periods or resolutions of critics"),
        (["method.gain_db=[3,-6]"], "expected gain_db with the least first"),
        (["method.blocks=0"], "method.blocks"),
    ],
)
def test_settings_that_cannot_be(settings, said):
    with pytest.raises(MelganVcError, match=said):
        preset("debug", "vocoder").with_overrides(settings)


def test_an_unknown_architecture_names_those_there_are():
    run = preset("debug", "vocoder").with_overrides(["method.generator.architecture=fourrier"])
    with pytest.raises(MelganVcError, match=r"among fourier, upsampling, received: 'fourrier'.*fourier"):
        build_method(run)


def test_it_is_no_run_to_convert_with(tmp_path):
    run = RunFolder(tmp_path)
    run.save_config(config())
    with pytest.raises(MelganVcError, match="received: .*, a vocoder, which only makes sound.*--vocoder"):
        load_conversion(tmp_path)


def test_weights_of_the_presets_fit_in_eight_megabytes_of_float16():
    for name in ("voice", "music"):
        generator = build_method(preset(name, "vocoder")).network
        assert 2 * generator.count_params() < 7.5e6


def test_defaults_are_the_fourier_head():
    assert VocoderConfig().generator.architecture == "fourier"
    assert keras.Model in type(build_method(preset("debug", "vocoder")).network).__mro__
