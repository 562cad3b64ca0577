"""Content that is heard again after one voice has said it: a voice that is told nothing of who speaks."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from melgan_vc.errors import MelganVcError
from melgan_vc.methods.autoencoder import conversion, method
from melgan_vc.methods.autoencoder.batches import AutoencoderBatches
from melgan_vc.methods.autoencoder.prosody import HEIGHTS, prosody_columns
from melgan_vc.methods.conversion import conversion_of
from melgan_vc.methods.registry import build_method, build_network
from melgan_vc.methods.starting_config import starting_config
from melgan_vc.nets.content_encoder import content_encoder
from melgan_vc.nets.mel_decoder import mel_decoder
from melgan_vc.nets.neutral.voice import NeutralVoice
from melgan_vc.runs.folders_of_domains import with_domains
from melgan_vc.runs.origin import Origin
from melgan_vc.runs.run_folder import RunFolder

PITCH = np.float32([1.75, 0.2])
SETTINGS = "method.content=recognizer", "method.neutral=true"


@pytest.fixture(autouse=True)
def small_voice(monkeypatch):
    """Instead of the one that ships, whose log-mels are others than those of the debug preset."""

    def make(mel):
        keras.utils.set_random_seed(3)
        decoder = mel_decoder(mel.n_mels, columns=512 + prosody_columns(mel), style=4, channels=16, blocks=1)
        student = content_encoder(mel.n_mels, columns=512, channels=16, blocks=2, look_ahead=3)
        return NeutralVoice(decoder, np.float32([0.1, -0.3, 0.2, 0.0]), PITCH, student)

    for module in (conversion, method):
        monkeypatch.setattr(module, "neutral_voice", make)
    return make


@pytest.fixture
def converter(settings):
    config = settings(*SETTINGS)
    network = build_network(config)
    network.decoder.pitches.assign([[1.0, 0.2], [2.5, 0.2]])
    return conversion_of(config, network, to="boris")


def frames_of(converter, draw, number, pitch=1.0):
    frames = draw.uniform(-1.0, 1.0, (number, converter.columns)).astype(np.float32)
    frames[:, -3:] = np.stack([draw.normal(pitch, 0.2, number), np.ones(number), np.full(number, 0.7)], axis=1)
    return frames


def test_both_folders_are_at_the_pitch_of_the_neutral_voice(settings, store_of):
    """Whose windows are an octave apart."""
    config = settings(*SETTINGS)
    given = AutoencoderBatches(config, [store_of(config, 0), store_of(config, 1)], neutral_pitch=PITCH).batch(0)
    heights = given.neutral[..., :HEIGHTS] @ np.arange(HEIGHTS)
    middle = [np.median(heights[given.voice == voice][heights[given.voice == voice] > 0]) for voice in (0, 1)]
    assert middle[0] == pytest.approx(middle[1], abs=0.5)
    assert middle[0] == pytest.approx((HEIGHTS - 1) * PITCH[0] / 3.0, abs=1.5)
    own = given.prosody[..., :HEIGHTS] @ np.arange(HEIGHTS)
    assert abs(np.median(own[given.voice == 0]) - np.median(own[given.voice == 1])) > 4.0


def test_the_decoder_is_told_what_the_student_hears_of_the_neutral_voice(settings, batch_of):
    trained = build_method(settings(*SETTINGS))
    batch = batch_of(trained)
    with tf.GradientTape() as tape:
        losses, _ = trained.losses(batch, ("decoder", "probe"))
    content = trained.neutral(ops.concatenate([batch.content, batch.neutral], axis=-1))
    told = ops.concatenate([content, batch.prosody], axis=-1)
    made = trained.voices.decoder(told, trained.voices.decoder.of_table(batch.voice), training=True)
    expected = float(ops.mean(ops.abs(made - batch.mel)))
    _, terms = trained.losses(batch, ("decoder",))
    assert float(terms["reconstruction"]) == pytest.approx(expected, rel=1e-4)
    assert tape.gradient(losses["decoder"], trained.voices.decoder.decoder.trainable_variables[0].value) is not None
    assert trained.neutral.trainable_variables == []


def test_what_is_heard_again_is_counted_from_what_is_typical_of_each_voice(settings, store_of):
    """Whatever the neutral voice adds to it; in training as in a conversion."""
    config = settings(*SETTINGS)
    stores = [store_of(config, number) for number in (0, 1)]
    trained = build_method(config)
    trained.learn_domains(stores)
    decoder = trained.voices.decoder
    assert np.abs(decoder.content_of("anna", again=True)[0]).max() > 0.1
    converter = conversion_of(config, trained.voices, to="boris")
    for number, name in enumerate(("anna", "boris")):
        frames = stores[number].crop(0, 0, 200)[None]
        content = frames[..., 32:544]
        again = converter._again.statistics(
            [(content[0], frames[0, :, -3:])], decoder.content_of(name), decoder.pitch_of(name)
        )
        typical = decoder.content_of(name, again=True)
        np.testing.assert_allclose(again.content, typical, atol=0.5 * typical[1].mean())
        assert converter.prepare_domain(name).again is not None


def test_a_training_that_goes_on_counts_from_what_it_measured(settings, batch_of, run_of):
    """Where a training is resumed, nothing is measured again."""
    trained = build_method(settings(*SETTINGS, 'method.sources=["source"]', "method.consistency=1"))
    batch = batch_of(trained)._replace(source=ops.convert_to_tensor([0, 1, 2, 0, 1, 2]))
    plain = ops.convert_to_numpy(trained._heard_again(batch.content, batch))
    measured = np.stack([np.tile([[mean], [spread]], 512) for mean, spread in ((1.0, 2.0), (3.0, 4.0))])
    trained.voices.decoder.again.assign(measured)
    again = ops.convert_to_numpy(trained._heard_again(batch.content, batch))
    for row, (mean, spread) in enumerate([(1.0, 2.0), (3.0, 4.0), (2.0, 3.0)] * 2):
        np.testing.assert_allclose(again[row], (plain[row] - mean) / spread, atol=1e-5)
    state = [path for path in (v.path for v in trained.players["decoder"][0].variables) if path.endswith("again")]
    assert len(state) == 1, "it is in the checkpoints"


def test_a_second_stage_knows_what_the_first_one_measured(settings, run_of, store_of):
    run, first = run_of(settings(*SETTINGS))
    first.decoder.again.assign(ops.stack([ops.full((2, 512), 3.0), ops.full((2, 512), 4.0)]))
    first.save_weights(RunFolder(run).weights_file)
    config = with_domains(starting_config(None, None, "autoencoder", polish=run), {"boris": ""})
    polished = build_method(config)
    polished.begin_with(Origin(polish=str(run)), resumed=False)
    polished.learn_domains([store_of(config, 0)])
    np.testing.assert_array_equal(polished.voices.decoder.content_of("boris", again=True), np.full((2, 512), 4.0))


def test_it_is_the_same_whoever_says_it(converter, draw):
    """An octave higher is no other content where the file's own middle is an octave higher, too."""
    frames = frames_of(converter, draw, 60)
    higher = frames.copy()
    higher[:, -3] += 1.0
    low, high = converter.prepare_domain("anna"), converter.prepare_domain("anna")
    low, high = low._replace(pitch=np.float32([1.0, 0.2])), high._replace(pitch=np.float32([2.0, 0.2]))
    one, other = converter(frames[None], low), converter(higher[None], high)
    np.testing.assert_allclose(one, other, atol=1e-5)
    assert np.abs(one - converter(higher[None], low)).max() > 1e-3


def test_chunked_conversion_equals_whole(converter, draw):
    frames = frames_of(converter, draw, 130)
    prepared = converter.prepare_domain("anna")
    whole = np.concatenate(list(converter.in_chunks(prepared, chunk=512).stream([frames])))
    chunked = np.concatenate(list(converter.in_chunks(prepared, chunk=24).stream(np.split(frames, [7, 50]))))
    np.testing.assert_allclose(chunked, whole, atol=1e-4)


@pytest.mark.parametrize("content", ["student", "bottleneck", "notes"])
def test_only_what_a_recogniser_hears_can_be_said_again(settings, content):
    with pytest.raises(MelganVcError, match=f"expected neutral with content=recognizer.*received: content={content}"):
        settings(f"method.content={content}", "method.neutral=true")
