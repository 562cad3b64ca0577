"""The students that ship: what they tell is what the recogniser tells, and a damaged file is not even read."""

import hashlib
from importlib import resources

import keras
import numpy as np
import pytest

from melgan_vc.audio.mel import log_mel
from melgan_vc.config.mel import MelConfig
from melgan_vc.engine import shipped_file
from melgan_vc.errors import MelganVcError
from melgan_vc.features.registry import features_of
from melgan_vc.methods.presets import preset
from melgan_vc.nets.content_encoder import content_encoder
from melgan_vc.nets.packed_weights import packed, unpacked
from melgan_vc.nets.student import weights
from melgan_vc.nets.student.weights import SHA256, trained_note_student, trained_student


@pytest.mark.parametrize("look_ahead", SHA256)
def test_a_student_tells_what_the_recogniser_tells(look_ahead, held_out_male):
    """Frames of a clip that it has not learned from, each column with mean 0 and deviation 1."""
    (content,) = features_of(["content"], MelConfig())
    wanted = content.of(held_out_male)
    student = trained_student(MelConfig(), look_ahead=look_ahead)
    found = keras.ops.convert_to_numpy(student(log_mel(held_out_male, MelConfig())[None]))[0]
    wanted, found = ((told - told.mean(axis=0)) / told.std(axis=0) for told in (wanted, found))
    alike = {lag: np.mean(wanted[20:-20] * found[20 + lag : len(found) - 20 + lag]) for lag in (-4, 0, 4)}
    assert alike[0] > 0.6
    assert max(alike[-4], alike[4]) < alike[0] - 0.1


@pytest.mark.parametrize("look_ahead", SHA256)
def test_a_student_looks_ahead_no_further_than_it_says(look_ahead, random_mel):
    student = trained_student(MelConfig(), look_ahead=look_ahead)
    mel = random_mel(1, 120, 80)
    later = mel.copy()
    later[:, 60:] = random_mel(1, 60, 80)
    changed = np.abs(keras.ops.convert_to_numpy(student(mel) - student(later)))[0].max(axis=1) > 0
    assert np.argmax(changed) == 60 - look_ahead


def test_students_that_ship_take_little_room():
    files = [file for file in resources.files("melgan_vc.nets.student").iterdir() if file.name.endswith(".npz")]
    assert len(files) == len(SHA256) + 1
    assert sum(file.stat().st_size for file in files) < 12e6


def test_weights_come_back_as_near_as_eight_bits_are():
    encoder = content_encoder(80, columns=12, channels=16, blocks=2, look_ahead=3)
    settings = {"channels": 16, "blocks": 2}
    found, again = unpacked(packed(settings, encoder.get_weights()))
    assert found == settings
    for weight, other in zip(encoder.get_weights(), again, strict=True):
        assert weight.shape == other.shape and other.dtype == np.float32
        assert np.abs(weight - other).max() <= np.abs(weight).max() / 250


@pytest.mark.parametrize("length", [0, 50, -1])
def test_a_damaged_file_is_not_even_read(tmp_path, monkeypatch, length):
    data = packed({"channels": 8}, [np.ones((3, 2))])
    (tmp_path / "look_ahead_3.npz").write_bytes(data[:length])
    monkeypatch.setattr(weights, "SHA256", {3: hashlib.sha256(data).hexdigest()})
    monkeypatch.setattr(shipped_file.resources, "files", lambda package: tmp_path)
    monkeypatch.setattr(np, "load", lambda *args, **options: pytest.fail("what is not the file must not be read"))
    message = r"look_ahead_3.npz with the SHA-256 .* damaged, .* Install melgan_vc again"
    with pytest.raises(MelganVcError, match=message):
        trained_student(MelConfig(), look_ahead=3)


def test_a_missing_file_and_another_look_ahead_are_said(tmp_path, monkeypatch):
    monkeypatch.setattr(shipped_file.resources, "files", lambda package: tmp_path)
    monkeypatch.setattr(weights, "SHA256", {3: "0", 7: "1"})
    message = r"Expected to read .*look_ahead_3.npz, received: .*Install melgan_vc again"
    with pytest.raises(MelganVcError, match=message):
        trained_student(MelConfig(), look_ahead=3)
    with pytest.raises(MelganVcError, match="which look ahead 3 or 7 frames, received: 5"):
        trained_student(MelConfig(), look_ahead=5)


def test_other_log_mels_are_refused():
    with pytest.raises(MelganVcError, match="n_mels is 80 in the student that ships and 64 in the run"):
        trained_student(MelConfig(n_mels=64), look_ahead=next(iter(SHA256)))


def test_a_student_of_the_transcriber_hears_its_notes(play_keys):
    """Of a melody that nobody has taught it, by the keys that are surest."""
    mel = preset("music").mel
    wave = play_keys((60, 64, 67, 72, 69, 65, 62, 59, 55, 60))
    (notes,) = features_of(["notes"], mel)
    wanted = notes.of(wave)
    found = keras.ops.convert_to_numpy(trained_note_student(mel)(log_mel(wave, mel)[None]))[0]
    assert found.shape == wanted.shape and found.min() >= 0.0 and found.max() <= 1.0
    sounding = wanted[:, :88].max(axis=1) > 0.5
    right = wanted[sounding, :88].argmax(axis=1) == found[sounding, :88].argmax(axis=1)
    assert np.sum(sounding) > 100 and np.mean(right) > 0.8


def test_a_student_of_the_transcriber_hears_no_log_mels_of_speech():
    with pytest.raises(MelganVcError, match="rate is 22050 in the student that ships and 16000 in the run"):
        trained_note_student(MelConfig())
