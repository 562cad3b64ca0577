"""One voice as numbers beside the model that was adapted to it."""

import keras
import numpy as np
import pytest
from keras import ops

from melgan_vc.errors import MelganVcError
from melgan_vc.methods.autoencoder.adapted import AutoencoderAdaptation, begin_nearest
from melgan_vc.methods.registry import build_method, build_network
from melgan_vc.nets.adaptive_generator import AdaptiveNormalization
from melgan_vc.runs.adapted_voice import BaseModel, load_voice, save_voice
from melgan_vc.runs.origin import Origin

RECOGNIZER = "method.content=recognizer"
ONE = RECOGNIZER, 'method.domains=["carla"]'


@pytest.fixture
def base(run_of, settings):
    """A run of two voices, and its networks."""
    return run_of(settings(RECOGNIZER))


@pytest.fixture
def adapted(base, settings):
    """The networks of a third voice: those of the run but for its vector, and for what that scales."""
    run, other = base
    config = settings(*ONE, "method.learns=norms")
    voices, draw = build_network(config), np.random.default_rng(5)
    voices.decoder.decoder.set_weights(other.decoder.decoder.get_weights())
    for layer in voices.decoder.decoder.layers:
        if isinstance(layer, AdaptiveNormalization):
            for weight in layer.trainable_variables:
                weight.assign(weight + 0.3 * draw.standard_normal(weight.shape))
    for known in (voices.decoder.vectors, voices.decoder.pitches, voices.decoder.statistics):
        known.assign(draw.uniform(0.5, 1.5, known.shape))
    return config, voices


def made_by(voices, told):
    return ops.convert_to_numpy(voices.of_voice("carla")(told))


def told_to(voices, draw):
    return draw.standard_normal((2, 40, voices.decoder.decoder.inputs[0].shape[-1])).astype(np.float32)


def test_the_numbers_of_a_voice_are_few_and_make_what_its_networks_made(base, adapted, tmp_path, draw):
    run, other = base
    config, voices = adapted
    save_voice(tmp_path, BaseModel.of(run), AutoencoderAdaptation().numbers(voices))
    keras.utils.set_random_seed(9)
    loaded = build_network(config)
    AutoencoderAdaptation().load(tmp_path, config, loaded)
    told = told_to(voices, draw)
    np.testing.assert_allclose(made_by(loaded, told), made_by(voices, told), atol=2e-3)
    assert np.abs(made_by(loaded, told) - ops.convert_to_numpy(other.of_voice("anna")(told))).max() > 0.05
    np.testing.assert_allclose(loaded.decoder.statistics, voices.decoder.statistics, rtol=1e-3)
    assert (tmp_path / "voice.npz").stat().st_size < 20_000


@pytest.mark.parametrize(("learns", "scales"), [("norms", True), ("vector", False), ("everything", True)])
def test_what_is_to_learn_learns_and_nothing_else(learns, scales, settings):
    method = build_method(settings(*ONE, f"method.learns={learns}"))
    decoder = method.voices.decoder
    moving = {weight.path.rsplit("/", 2)[-2] for weight in decoder.decoder.trainable_variables}
    assert ("scale_and_offset" in moving) == scales
    assert (moving <= {"scale_and_offset"}) == (learns != "everything")
    assert any(weight is decoder.vectors for weight in decoder.trainable_variables)


def test_a_voice_begins_as_the_one_that_gives_its_recordings_back_best(base, settings, draw):
    _, other = base
    other.decoder.vectors.assign(np.eye(2, 8) * 3.0)
    voices = build_network(settings(*ONE, "method.learns=vector"))
    voices.decoder.decoder.set_weights(other.decoder.decoder.get_weights())
    told = told_to(voices, draw)
    for name, vector in zip(("anna", "boris"), np.eye(2, 8) * 3.0, strict=True):
        begin_nearest(voices, other, told, other.of_voice(name)(told))
        np.testing.assert_array_equal(voices.decoder.vectors[0], vector)


def test_a_model_that_is_another_now_is_said(base, adapted, tmp_path):
    run, other = base
    config, voices = adapted
    save_voice(tmp_path, BaseModel.of(run), AutoencoderAdaptation().numbers(voices))
    other.decoder.vectors.assign(other.decoder.vectors + 1.0)
    other.save_weights(run / "weights.weights.h5")
    with pytest.raises(MelganVcError, match="is another, since. Adapt it again: melgan-vc adapt"):
        AutoencoderAdaptation().load(tmp_path, config, voices)
    (run / "weights.weights.h5").unlink()
    with pytest.raises(MelganVcError, match="received: .*No such file.* The voice needs it where it was"):
        AutoencoderAdaptation().load(tmp_path, config, voices)


@pytest.mark.parametrize("damage", ["cut", "gone", "nan", "other"])
def test_damage_is_said(damage, base, adapted, tmp_path):
    run, _ = base
    config, voices = adapted
    numbers = AutoencoderAdaptation().numbers(voices)
    if damage == "other":
        numbers = numbers | {"norms": numbers["norms"][:1]}
    if damage == "nan":
        numbers = numbers | {"vectors": np.full((1, 8), np.nan)}
    save_voice(tmp_path, BaseModel.of(run), numbers)
    file = tmp_path / "voice.npz"
    if damage == "cut":
        file.write_bytes(file.read_bytes()[:100])
    if damage == "gone":
        file.unlink()
    message = {"nan": "Expected finite numbers", "other": "received: those of another model"}
    with pytest.raises(MelganVcError, match=message.get(damage, "as melgan-vc adapt wrote them, received: ")):
        AutoencoderAdaptation().load(tmp_path, config, voices)


def test_a_model_that_ships_is_known_by_its_name():
    """Wherever the package is installed."""
    from melgan_vc.pretrained.catalogue import find_model

    place = find_model("voices")
    base = BaseModel.of(place)
    assert base.model == "voices" and base.folder() == place


def test_numbers_are_written_whole_or_not_at_all(tmp_path, base):
    run, _ = base
    save_voice(tmp_path, BaseModel.of(run), {"norms": np.ones((2, 3))})
    found, numbers = load_voice(tmp_path)
    assert found == BaseModel.of(run) and numbers["norms"].dtype == np.float32
    assert {file.name for file in tmp_path.iterdir()} >= {"voice.npz", "base.json"}


def test_without_another_model_there_is_nothing_to_learn_a_part_of(settings):
    method = build_method(settings(*ONE, "method.learns=norms"))
    with pytest.raises(MelganVcError, match="Expected --start-from with method.learns=norms, .* received: none"):
        method.begin_with(Origin(), resumed=False)


@pytest.mark.parametrize(
    "unfit", [("method.voice=reference",), ('method.domains=["a","b"]',), ("method.content=bottleneck",)]
)
def test_what_is_not_one_voice_cannot_learn_less_than_everything(unfit, settings):
    with pytest.raises(MelganVcError, match="expected learns=norms for one voice of a table"):
        settings(*ONE, *unfit, "method.learns=norms")
