"""Conversion to a voice: what is heard of an input, and what is made of it."""

import functools

import keras
import numpy as np
import pytest
import soundfile

from melgan_vc.audio.mel import log_mel
from melgan_vc.errors import MelganVcError
from melgan_vc.features.content import Content
from melgan_vc.features.table import silence_of
from melgan_vc.features.voice_print import VoicePrint
from melgan_vc.methods.autoencoder.conversion import AutoencoderConversion, Source
from melgan_vc.methods.conversion import Heard, conversion_of
from melgan_vc.methods.registry import build_network

LOW, HIGH = np.array([0.5, 0.2], np.float32), np.array([2.0, 0.1], np.float32)
CONTENTS = ("recognizer", "student", "bottleneck", "instance_norm")


@pytest.fixture(scope="module")
def conversion(settings):
    """``conversion("student", to="anna")``: untrained networks of a low and a high voice, each made once."""

    @functools.lru_cache
    def make(content, *, to="anna", like=None):
        config = settings(f"method.content={content}")
        keras.utils.set_random_seed(0)
        network = build_network(config)
        network.decoder.vectors.assign(20.0 * network.decoder.vectors)  # voices that can be told from each other
        network.decoder.pitches.assign([LOW, HIGH])
        return conversion_of(config, network, to=to, like=like)

    return make


@pytest.fixture
def frames_of(draw):
    """``frames_of(conversion, T)``: frames of a voice an octave above 60 Hz, ``(T, C)``."""

    def make(conversion, number):
        frames = draw.uniform(-1.0, 1.0, (number, conversion.columns)).astype(np.float32)
        frames[:, -3:] = np.stack([draw.normal(1.0, 0.2, number), np.ones(number), np.full(number, 0.7)], axis=1)
        return frames

    return make


@pytest.fixture
def recogniser(monkeypatch):
    """Stands in for the recogniser: the mean of each hop, times 1 to 512, and a constant."""

    def analyse(self, waves):
        means = waves.reshape(len(waves), -1, self.mel.hop_length).mean(axis=2, keepdims=True)
        return means * np.arange(1, 513) + 7.0

    monkeypatch.setattr(Content, "analyse", analyse)


def heard(conversion, wave):
    return Heard(wave, log_mel(wave, conversion.config.mel))


@pytest.mark.parametrize("content", CONTENTS)
def test_chunked_conversion_equals_whole(conversion, frames_of, content):
    model = conversion(content)
    frames = frames_of(model, 150)
    prepared = model.prepare_domain("boris")
    before, after, stride = model.reach
    assert stride == 1
    silence = silence_of(model.config.mel, model.features)
    whole = np.concatenate([np.tile(silence, (before, 1)), frames, np.tile(silence, (after, 1))]).astype(np.float32)
    expected = model(whole[None], prepared)[0, before : before + 150]
    assert expected.std() > 0.1 and np.abs(expected).max() <= 1.0
    made = np.concatenate(list(model.in_chunks(prepared, chunk=24).stream(np.split(frames, [3, 50]))))
    np.testing.assert_allclose(made, expected, rtol=0, atol=1e-4)
    np.testing.assert_allclose(model.whole(frames, prepared), expected, rtol=0, atol=1e-4)


@pytest.mark.parametrize("content", CONTENTS)
def test_another_voice_says_it_otherwise(conversion, frames_of, content):
    anna, boris = (conversion(content, to=to) for to in ("anna", "boris"))
    frames = frames_of(anna, 64)[None]
    unknown = Source(anna.prepare_domain("anna").content, np.full(2, np.nan))  # as high as it is
    assert np.abs(anna(frames, unknown) - boris(frames, unknown)).max() > 0.05


def test_content_is_counted_from_the_input(conversion, frames_of):
    """A recogniser that hears everything twice as large and moved by three: the same is said."""
    model = conversion("recognizer")
    frames = frames_of(model, 64)[None]
    other = frames.copy()
    other[..., 32:-3] = 2.0 * frames[..., 32:-3] + 3.0
    mean, deviation = np.zeros(512), np.full(512, 0.5)
    one = model(frames, Source(np.stack([mean, deviation]), HIGH))
    same = model(other, Source(np.stack([mean + 3.0, 2.0 * deviation]), HIGH))
    np.testing.assert_allclose(one, same, atol=1e-3)
    assert np.abs(model(other, Source(np.stack([mean, deviation]), HIGH)) - one).max() > 0.01


def test_a_voice_that_is_higher_is_brought_to_the_wanted_pitch(conversion, frames_of):
    """The same words an octave higher, known to be so, give the same."""
    model = conversion("bottleneck")
    frames = frames_of(model, 64)[None]
    higher = frames.copy()
    higher[..., -3] += 1.0
    one = model(frames, Source(None, np.array([1.0, 0.2])))
    np.testing.assert_allclose(model(higher, Source(None, np.array([2.0, 0.2]))), one, atol=1e-4)
    assert np.abs(model(higher, Source(None, np.array([1.0, 0.2]))) - one).max() > 0.01


def test_semitones_are_told_to_the_decoder(conversion, frames_of):
    """Half an octave up is what an input that is half an octave higher gives."""
    model = conversion("bottleneck")
    frames, known = frames_of(model, 64)[None], Source(None, LOW)
    plain = model(frames, known)
    model.set_melody(semitones=6.0)
    higher = frames.copy()
    higher[..., -3] += 0.5
    raised = model(frames, known)
    model.set_melody()
    np.testing.assert_array_equal(model(frames, known), plain)
    np.testing.assert_allclose(model(higher, known), raised, atol=1e-4)
    assert np.abs(raised - plain).max() > 0.01


def test_a_song_is_moved_by_octaves_and_doubted_where_the_voice_was_not_recorded(conversion, frames_of):
    model = conversion("bottleneck")
    frames, known = frames_of(model, 64)[None], Source(None, model.wanted_pitch + np.array([2.0, 0.0]))
    model.set_melody(sung=True)
    sung, said = model(frames, known), model.doubt(known)
    far = model.doubt(Source(None, model.wanted_pitch + np.array([0.4, 0.2])))
    model.set_melody()
    lower = frames.copy()
    lower[..., -3] -= 2.0
    np.testing.assert_allclose(model(lower, Source(None, np.full(2, np.nan))), sung, atol=1e-4)
    assert said == "" and far.startswith("the song goes from ") and far.endswith(" is nearer to it")
    assert model.doubt(Source(None, model.wanted_pitch + np.array([0.4, 0.2]))) == "", "of speech nothing is said"


def test_a_pitch_range_of_0_is_the_same_for_every_melody(conversion, frames_of, draw):
    model = conversion("bottleneck")
    frames = frames_of(model, 64)[None]
    other, known = frames.copy(), Source(None, np.array([1.0, 0.2]))
    other[..., -3] = draw.normal(1.0, 0.3, 64)
    model.set_melody(pitch_range=0.0)
    one, same = (model(each, known) for each in (frames, other))
    model.set_melody()
    np.testing.assert_allclose(one, same, atol=1e-5)
    assert np.abs(model(other, known) - model(frames, known)).max() > 0.01


def test_the_beginning_of_an_input_is_measured(conversion, recogniser, sing):
    model = conversion("recognizer")
    wave = sing(np.full(16000, 120.0), rate=8000)
    found = model.prepare(heard(model, wave))
    np.testing.assert_allclose(found.pitch, [1.0, 0.04], atol=0.03)
    typical = model.network.decoder.content_of(None)
    assert found.content.shape == typical.shape == (2, 512)
    assert 1.1 < found.content[0].mean() < 6.5, "between what is typical, 1, and what was heard, 7"
    longer = model.prepare(heard(model, np.tile(wave, 10)))
    assert longer.content[0].mean() > found.content[0].mean() + 1.0, "the more there is the less it leans"


@pytest.mark.parametrize("content", CONTENTS)
def test_an_input_without_speech_is_converted_with_what_is_typical(conversion, recogniser, content):
    """Nothing is known of its voice: no number is lost, and its pitch stays as it is."""
    model = conversion(content)
    found = model.prepare(heard(model, np.zeros(8000, np.float32)))
    assert np.isnan(found.pitch).all()
    if content == "recognizer":
        np.testing.assert_array_equal(found.content, model.network.decoder.content_of(None))
    silence = np.tile(silence_of(model.config.mel, model.features), (40, 1)).astype(np.float32)
    assert np.isfinite(model.whole(silence, found)).all()


def test_a_voice_that_it_has_learned_is_known_without_being_heard(conversion):
    model = conversion("recognizer")
    known, stranger = model.prepare_domain("boris"), model.prepare_domain("somebody")
    np.testing.assert_array_equal(known.pitch, HIGH)
    assert np.isnan(stranger.pitch).all()
    np.testing.assert_array_equal(stranger.content, model.network.decoder.content_of(None))


def test_new_weights_reach_the_voice_that_is_used(conversion, frames_of):
    model = conversion("student", to="boris")
    frames = frames_of(model, 48)[None]
    before, weights = model(frames), model.network.get_weights()
    model.set_weights([1.2 * array for array in weights])
    assert np.abs(model(frames) - before).max() > 0.01
    model.set_weights(weights)
    np.testing.assert_array_equal(model(frames), before)


def test_like_a_recording_is_refused_with_what_to_do(conversion, tmp_path):
    with pytest.raises(
        MelganVcError,
        match=r"Expected --to with a voice .*received: --like.*train one with --set method.voice=reference",
    ):
        conversion("bottleneck", to=None, like=tmp_path / "somebody.wav")


@pytest.mark.parametrize(
    ("to", "message"),
    [
        (None, "Expected --to NAME, received: none. The model's voices: anna, boris"),
        ("ana", "Expected --to among anna, boris, received: 'ana'; did you mean 'anna'"),
    ],
)
def test_several_voices_have_to_be_named(conversion, to, message):
    with pytest.raises(MelganVcError, match=message):
        conversion("bottleneck", to=to)


def test_a_source_is_no_voice(settings):
    config = settings("method.content=student", 'method.sources=["source"]')
    with pytest.raises(MelganVcError, match="received: source, which the run has only learned to listen from"):
        AutoencoderConversion(config, build_network(config), to="source")


@pytest.mark.parametrize("voice", ["reference", "print"])
def test_like_a_recording_its_voice_and_its_pitch_are_taken(settings, frames_of, tmp_path, sing, monkeypatch, voice):
    """Of a run whose vectors are also made of recordings: another recording is another voice, at another pitch."""
    spectra = lambda self, waves: np.abs(np.fft.rfft(waves[:, None, :510])) * np.ones((1, self.stretch, 1))  # noqa: E731
    monkeypatch.setattr(VoicePrint, "analyse", spectra)  # stands in for the embedder
    keras.utils.set_random_seed(0)
    config = settings(f"method.voice={voice}")
    network = build_network(config)
    made = {}
    for name, hertz in (("low", 120.0), ("high", 240.0)):
        soundfile.write(tmp_path / f"{name}.wav", sing(np.full(16000, hertz), 8000), 8000)
        like = conversion_of(config, network, like=tmp_path / f"{name}.wav")
        frames = frames_of(like, 64)
        told = Source(None, np.array([1.0, 0.2], np.float32))
        made[name] = like.whole(frames, told)
        wanted = np.log2(hertz / 60.0)
        assert like.wanted_pitch[0] == pytest.approx(wanted, abs=0.03)
    assert np.abs(made["low"] - made["high"]).mean() > 1e-4


@pytest.mark.parametrize("content", ["recognizer", "student"])
def test_an_input_in_which_nobody_speaks_is_doubted(conversion, recogniser, draw, sing, content):
    """Noise and a held note, not speech and not silence."""
    model = conversion(content)
    rate = model.config.mel.rate
    seconds = np.arange(3 * rate) / rate
    melody = sing(150.0 * 2.0 ** (0.2 * np.sin(2 * np.pi * 2.0 * seconds)), rate=rate)
    for wave, reason in (
        (0.1 * draw.standard_normal(3 * rate), "has the pitch of a voice, as in noise"),
        (0.1 * sing(np.full(3 * rate, 150.0), rate=rate), "as that of music; speech moves by 20"),
        (0.1 * melody, ""),
        (np.zeros(3 * rate), ""),
    ):
        doubt = model.doubt(model.prepare(heard(model, wave.astype(np.float32))))
        assert reason in doubt and bool(reason) is bool(doubt), doubt
        model.set_melody(sung=True)
        song = model.prepare(heard(model, wave.astype(np.float32))).doubt
        model.set_melody()
        assert bool(song) is ("has the pitch of a voice" in reason), "a song may stand still, noise is none"
