"""An autoencoder of music: notes that a transcriber hears, played by an ensemble."""

import keras
import numpy as np
import pytest
import soundfile

from melgan_vc.api import train
from melgan_vc.audio.mel import log_mel
from melgan_vc.errors import MelganVcError
from melgan_vc.evaluate.tasks import task_of
from melgan_vc.features.table import silence_of
from melgan_vc.methods.autoencoder.batches import AutoencoderBatches
from melgan_vc.methods.autoencoder.beside import MusicBeside
from melgan_vc.methods.autoencoder.played import misheard, otherwise_loud, ringing, transposed
from melgan_vc.methods.autoencoder.statistics import VoiceStatistics
from melgan_vc.methods.conversion import Heard, conversion_of
from melgan_vc.methods.presets import preset
from melgan_vc.methods.registry import build_method, build_network

NOTES = "method.content=notes"
STUDENT = "method.content=student", "method.teacher=transcriber"


@pytest.fixture(scope="module")
def conversion(settings):
    """Of an untrained network of two ensembles, to the second."""
    config = settings(NOTES)
    keras.utils.set_random_seed(0)
    network = build_network(config)
    network.decoder.pitches.assign([[0.5, 0.05], [0.7, 0.05]])
    return conversion_of(config, network, to="boris")


@pytest.fixture
def frames(conversion, draw):
    """Seconds of a melody: log-mels that nobody listens to, notes, loudness."""
    made = draw.uniform(0.0, 1.0, (150, conversion.columns)).astype(np.float32)
    made[:, 32:-1] *= made[:, 32:-1] > 0.9
    made[:, -1] = draw.uniform(0.4, 0.6, 150)
    return made


def heard(wave, config):
    return Heard(wave.astype(np.float32), log_mel(wave.astype(np.float32), config.mel))


def test_it_hears_notes_and_what_lasts_and_no_recogniser(settings):
    method = settings(NOTES).method
    assert method.needs == ("notes", "sustained") and method.trained_with == ()
    assert not method.hears_log_mels and not method.encodes
    assert (
        method.what_it_does([]) == "Plays with the sound of `anna`, `boris` what anybody plays, on any instruments."
    )
    for overrides, why in (
        (["method.voice=print"], "prints are of speech"),
        (["method.consistency=1"], "expected consistency with content=student or recognizer"),
    ):
        with pytest.raises(MelganVcError, match=why):
            settings(NOTES, *overrides)


def test_the_preset_is_of_the_spectrogram_of_music():
    music = preset("music", "autoencoder")
    assert music.mel == preset("music", "travelgan").mel and music.method.content == "notes"


def test_a_batch_has_notes_with_mistakes_and_the_loudness_of_what_lasts(settings, store_of):
    config = settings(NOTES)
    batch = AutoencoderBatches(config, [store_of(config, number) for number in range(2)]).batch(0)
    assert batch.content.shape == (4, 32, 176) and batch.prosody.shape == (4, 32, 1)
    played = batch.content.mean(axis=1)
    for row, voice in zip(played, batch.voice, strict=True):
        key = 39 + voice  # of either folder, and its onsets
        assert 0.15 < row[key] <= 1.0 or row[key] < 0.1
        assert np.median(row) < 0.1
    np.testing.assert_allclose(batch.prosody[..., 0], (0.2 * batch.voice)[:, None] + np.zeros(32), atol=0.5)
    assert 0.02 < np.std(batch.prosody[..., 0] - 0.2 * batch.voice[:, None]) < 0.3, "it swells otherwise"


def test_its_losses_are_finite_and_reach_the_decoder(settings, store_of):
    import tensorflow as tf

    config = settings(NOTES)
    stores = [store_of(config, number) for number in range(2)]
    method = build_method(config)
    method.learn_domains(stores)
    np.testing.assert_allclose(np.asarray(method.voices.decoder.pitches)[:, 0], [0.5, 0.6], atol=1e-3)
    batch = AutoencoderBatches(config, stores).batch(0)
    with tf.GradientTape() as tape:
        losses, _ = method.losses(batch, tuple(method.players))
    assert all(np.isfinite(float(loss)) for loss in losses.values())
    assert np.any(tape.gradient(losses["decoder"], method.voices.decoder.decoder.trainable_variables[0].value))


def test_mistakes_are_a_transcribers(draw):
    """Of many windows with one key: it is missing in a tenth, and in a tenth another sounds that is an overtone."""
    notes = np.zeros((2000, 4, 176), np.float32)
    notes[:, :, [40, 88 + 40]] = 1.0
    found = misheard(notes, draw)
    sounding, beginning = found[..., :88].mean(axis=1), found[..., 88:].mean(axis=1)
    assert np.mean(sounding[:, 40] < 0.2) == pytest.approx(0.1, abs=0.03)
    false = {key - 40: np.mean(sounding[:, key] > 0.2) for key in range(88) if key != 40}
    assert {away for away, share in false.items() if share > 0.01} == {-12, 12, 19, 24}
    assert sum(false.values()) == pytest.approx(0.1, abs=0.03)
    missing = sounding[:, 40] < 0.2
    assert np.all(beginning[missing, 40] < 0.2), "what is missing does not begin either"
    assert found.min() >= 0.0 and found.max() <= 1.0 and found.dtype == np.float32


def test_notes_die_away_and_swell_as_they_did_not(draw):
    notes = np.zeros((200, 64, 176), np.float32)
    notes[..., [40, 88 + 40]] = 1.0
    found = misheard(notes, draw)
    ratio = found[:, :, 40] / np.maximum(found[:, :, 40].max(axis=1, keepdims=True), 1e-6)
    heard = found[:, :, 40].max(axis=1) > 0.2
    assert np.median(ratio[heard].min(axis=1)) < 0.7 and np.abs(np.diff(ratio[heard], axis=1)).max() < 0.5
    onsets = found[:, :, 88 + 40][heard]
    assert np.median(onsets.std(axis=1)) < 0.05, "attacks stay as they are"


def test_loudness_swells_otherwise_and_silence_stays(draw):
    loudness = np.full((100, 64, 1), 0.6, np.float32)
    loudness[:, :10] = 0.0
    found = otherwise_loud(loudness, draw)
    assert not np.any(found[:, :10]) and found.dtype == np.float32
    assert 0.03 < np.std(found[:, 10:]) < 0.08 and np.abs(np.diff(found[:, 10:], axis=1)).max() < 0.03


@pytest.mark.parametrize("semitones", [-3, 0, 5])
def test_semitones_move_notes_and_onsets_by_keys(conversion, frames, semitones):
    keys = np.arange(88.0)
    moved = transposed(keys, semitones)
    np.testing.assert_array_equal(moved[10:70], keys[10 - semitones : 70 - semitones])
    assert np.sum(moved == 0.0) in (abs(semitones), abs(semitones) + 1), "beyond the ends nothing sounds"
    higher = frames.copy()
    higher[:, 32:-1] = transposed(frames[:, 32:-1].reshape(-1, 2, 88), semitones).reshape(-1, 176)
    conversion.set_melody(semitones=semitones)
    moved = conversion(frames[None])
    conversion.set_melody()
    np.testing.assert_allclose(conversion(higher[None]), moved, atol=1e-5)
    assert (np.abs(conversion(frames[None]) - moved).max() > 1e-3) == (semitones != 0)


def test_a_key_that_stops_rings_on():
    """Half as sure after the half-life, a quarter after twice as long, then silent; what sounds stays as it is."""
    notes = np.zeros((1, 20, 3), np.float32)
    notes[0, :4, 1], notes[0, 10, 2] = 0.8, 1.0
    found = ringing(notes, 3.0)
    np.testing.assert_allclose(found[0, :4], notes[0, :4])
    np.testing.assert_allclose(found[0, [6, 9, 10], 1], [0.4, 0.2, 0.0], atol=1e-6)
    np.testing.assert_allclose(found[0, [9, 10, 13, 16, 17], 2], [0.0, 1.0, 0.5, 0.25, 0.0], atol=1e-6)
    assert not np.any(found[..., 0]) and notes[0, 6, 1] == 0.0


def test_an_ensemble_that_holds_notes_is_told_so(settings, frames):
    """Where a key stops; its reach has that in it, so that chunks are as the whole."""
    keras.utils.set_random_seed(0)
    short, long = (settings(NOTES, f"method.release={seconds}") for seconds in (0.0, 0.1))
    network = build_network(short)
    plain, held = (conversion_of(config, network, to="boris") for config in (short, long))
    frames = frames.copy()
    frames[80:, 32:-1] = 0.0
    assert np.abs(plain(frames[None]) - held(frames[None])).max() > 1e-3
    silent = frames.copy()
    silent[:, 32:-1] = 0.0
    np.testing.assert_array_equal(plain(silent[None]), held(silent[None]))
    assert held.reach.before == plain.reach.before + round(0.2 * short.mel.frames_per_second)
    made = np.concatenate(list(held.in_chunks(held.prepare_domain("anna"), chunk=24).stream(np.split(frames, [50]))))
    whole = np.concatenate(list(held.in_chunks(held.prepare_domain("anna"), chunk=400).stream([frames])))
    np.testing.assert_allclose(made, whole, atol=1e-4)


@pytest.mark.parametrize("semitones", [88, 100, -88, -200])
def test_beyond_the_ends_of_the_keyboard_nothing_sounds(semitones):
    assert not np.any(transposed(np.ones((2, 3, 88)), semitones))


def test_a_student_learns_to_hear_notes_and_conversion_needs_no_transcriber(settings, store_of, draw):
    """It hears log-mels through equalisers, at their pitch; what it is to tell are notes without mistakes."""
    import tensorflow as tf

    config = settings(*STUDENT, "method.perturbation=1", "method.equaliser_db=6")
    assert config.method.needs == ("sustained",) and config.method.trained_with == ("notes",)
    method = build_method(config)
    batch = AutoencoderBatches(config, [store_of(config, number) for number in range(2)]).batch(0)
    assert set(np.unique(batch.content)) == {0.0, 1.0}
    changed = batch.heard - batch.mel
    assert np.ptp(changed[0], axis=0).max() < 1e-5 < np.ptp(changed[0], axis=1).max(), "a curve over the bands"
    with tf.GradientTape(persistent=True) as tape:
        losses, _ = method.losses(batch, tuple(method.players))
    student = method.voices.encoder.trainable_variables[0].value
    assert np.any(tape.gradient(losses["student"], student))
    conversion = conversion_of(config, method.network, to="boris")
    tone = 0.1 * np.sin(2 * np.pi * 440 * np.arange(3 * config.mel.rate) / config.mel.rate)
    conversion.prepare(heard(tone, config))
    frames = draw.uniform(-1.0, 1.0, (2, 80, conversion.columns)).astype(np.float32)
    assert conversion(frames).shape == (2, 80, 32)
    conversion.set_melody(semitones=3)
    assert np.abs(conversion(frames) - conversion_of(config, method.network, to="boris")(frames)).max() > 1e-4


@pytest.mark.parametrize("content", ["notes", "recognizer", "bottleneck"])
def test_only_a_student_has_a_teacher(settings, content):
    with pytest.raises(MelganVcError, match=f"teacher=transcriber with content=student, received: content={content}"):
        settings(f"method.content={content}", "method.teacher=transcriber")


def test_the_preset_of_the_student_is_judged_as_music():
    config = preset("note_student", "autoencoder")
    assert config.mel == preset("music", "autoencoder").mel and task_of(config) == "music"
    assert task_of(preset("student", "autoencoder")) == "voice"


def test_a_second_stage_is_told_notes_as_they_are_heard(settings, store_of):
    config = settings(NOTES, "method.polish=true")
    batch = AutoencoderBatches(config, [store_of(config, number) for number in range(2)]).batch(0)
    assert batch.content.shape == (8, 32, 176) and set(np.unique(batch.content)) == {0.0, 1.0}
    assert np.ptp(batch.prosody, axis=1).max() == 0.0


@pytest.mark.parametrize("melody", [{"semitones": 0.5}, {"pitch_range": 2.0}])
def test_keys_are_whole(conversion, melody):
    with pytest.raises(MelganVcError, match="Expected whole semitones and no --pitch-range for music"):
        conversion.set_melody(**melody)


def test_chunked_conversion_equals_whole(conversion, frames):
    prepared = conversion.prepare_domain("anna")
    before, after, _ = conversion.reach
    silence = silence_of(conversion.config.mel, conversion.features)
    whole = np.concatenate([np.tile(silence, (before, 1)), frames, np.tile(silence, (after, 1))]).astype(np.float32)
    expected = conversion(whole[None], prepared)[0, before : before + len(frames)]
    made = np.concatenate(list(conversion.in_chunks(prepared, chunk=24).stream(np.split(frames, [3, 50]))))
    np.testing.assert_allclose(made, expected, atol=1e-4)


def test_a_piece_is_brought_to_the_loudness_of_the_ensemble():
    """In the middle; a swell stays as it is, and so does silence."""
    frames = np.array([[0.0], [0.3], [0.4], [0.5]], np.float32)
    moved = MusicBeside().moved(frames, np.array([0.4, 0.1]), np.array([0.7, 0.2]))
    np.testing.assert_allclose(moved, [[0.0], [0.6], [0.7], [0.8]], atol=1e-6)
    unknown = np.full(2, np.nan)
    np.testing.assert_array_equal(MusicBeside().moved(frames, unknown, np.array([0.7, 0.2])), frames)


def test_what_holds_no_notes_is_doubted(conversion, play_keys, draw):
    config = conversion.config
    melody = play_keys((60, 67, 64, 72, 65, 62, 71, 60))[: 4 * 22050]
    rate = config.mel.rate
    tune = melody[:: round(22050 / rate)] if 22050 % rate == 0 else np.interp(
        np.arange(0, 4, 1 / rate), np.arange(len(melody)) / 22050, melody
    )  # fmt: skip
    assert conversion.doubt(conversion.prepare(heard(tune, config))) == ""
    noise = 0.1 * draw.standard_normal(4 * rate)
    said = conversion.doubt(conversion.prepare(heard(noise, config)))
    assert said.startswith("hardly any notes are heard in its first half minute of sound, in ")
    silence = np.zeros(4 * rate)
    assert conversion.doubt(conversion.prepare(heard(silence, config))) == ""


def test_a_folder_without_tones_is_refused():
    nothing = VoiceStatistics(np.zeros((2, 0)), np.full(2, np.nan), 0)
    with pytest.raises(
        MelganVcError, match="Expected music in the folder of strings, received: recordings in which no tone"
    ):
        MusicBeside().require("strings", nothing, speaks=True)


def test_a_folder_of_noise_is_no_music(tmp_path, draw):
    folder = tmp_path / "noise"
    folder.mkdir()
    for number in range(2):
        soundfile.write(folder / f"{number}.wav", 0.1 * draw.standard_normal(4 * 22050), 22050)
    options = {"preset": "debug", "steps": 2, "cache": tmp_path / "cache", "quiet": True}
    with pytest.raises(MelganVcError, match="Expected music in the folder of noise, .* notes are heard in [0-9]%"):
        train(
            run=tmp_path / "run",
            domains={"noise": folder},
            method="autoencoder",
            overrides={"method.content": "notes"},
            **options,
        )
    assert not list((tmp_path / "run").glob("*.h5"))


def test_a_folder_of_music_is_a_voice_of_it(tmp_path, play_keys):
    """From a folder to a conversion: nobody has to speak."""
    folder = tmp_path / "strings"
    folder.mkdir()
    for number, keys in enumerate(((60, 64, 67, 72), (57, 60, 64, 69))):
        soundfile.write(folder / f"{number}.wav", np.tile(play_keys(keys), 3), 22050)
    options = {"preset": "debug", "steps": 2, "cache": tmp_path / "cache", "quiet": True}
    settings = {"method.content": "notes", "method.critic_from": 0, "method.width": 32}
    model = train(
        run=tmp_path / "run", domains={"strings": folder}, method="autoencoder", overrides=settings, **options
    )
    wave = play_keys((48, 55, 60))
    made = model.convert(wave, 22050)
    assert made.shape == wave.shape and np.isfinite(made).all() and np.abs(made).max() > 0.01
