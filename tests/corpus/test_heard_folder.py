"""Is a folder one person who speaks?"""

import numpy as np
import pytest

from melgan_vc.corpus import heard_folder
from melgan_vc.corpus.heard_folder import hear_folder, require_voice
from melgan_vc.errors import MelganVcError
from melgan_vc.features.packages import MissingEvaluator


class ByPitch:
    """Stands in for the print of a speaker: a direction for whoever is high, and another for whoever is low."""

    def embed(self, wave, rate):
        crossings = np.mean(np.diff(np.sign(wave)) != 0) * rate
        return np.eye(2)[int(crossings > 6000.0)]


@pytest.fixture(autouse=True)
def prints(monkeypatch):
    monkeypatch.setattr(heard_folder, "SpeakerPrint", ByPitch)


@pytest.fixture
def listen(tmp_path):
    """``listen("a")``: what is heard in a folder under ``tmp_path``."""

    def call(folder, **options):
        return hear_folder(tmp_path / folder, **options)

    return call


@pytest.fixture
def speak(record, female_voice, draw):
    """``speak("a/1.wav", high=False)``: three seconds of speech, a woman's or with a whistle above it."""

    def call(name, *, high=False):
        start = draw.integers(3 * 16000)
        whistle = np.sin(2 * np.pi * 5000.0 * np.arange(3 * 16000) / 16000)
        return record(name, female_voice[start : start + 3 * 16000] + 0.3 * whistle * high)

    return call


def test_a_person_who_speaks_is_no_reason_for_a_warning(speak, listen):
    for number in range(8):
        speak(f"anna/{number}.wav")
    heard = listen("anna")
    assert heard.warnings() == [] and heard.clips == 8
    require_voice("anna", heard)


def test_the_range_of_a_pitch_is_told(record, sing, listen):
    """From 120 to 240 Hz, at every pitch as long."""
    record("anna/1.wav", 0.3 * sing(120.0 * 2.0 ** np.linspace(0.0, 1.0, 6 * 16000)))
    low, middle, high = listen("anna").spoken.hertz
    assert (low, middle, high) == pytest.approx((124.2, 169.7, 231.8), rel=0.03)
    told = listen("anna", speakers=False).pitch()
    assert "anna: " in told and " Hz, half above " in told


def test_of_what_has_no_pitch_none_is_told(record, listen, draw):
    record("noise/1.wav", 0.1 * draw.standard_normal(3 * 16000))
    assert listen("noise").pitch() == ""


def test_a_second_person_is_told_with_the_clips_that_are_theirs(speak, listen):
    for number in range(8):
        speak(f"both/{number}.wav", high=number > 5)
    (warning,) = listen("both").warnings()
    assert "both sounds like more than one person" in warning
    assert "of 8 clips, 2 are unlike the rest (6, 7)" in warning
    assert "give each person a folder" in warning
    assert listen("both", speakers=False).warnings() == []


def test_music_is_told_and_refused(record, play_keys, listen):
    for number in range(3):
        record(f"piano/{number}.wav", play_keys(60 + np.array([0, 4, 7, 5, 2, 0]) + number), rate=22050)
    heard = listen("piano")
    (warning,) = heard.warnings()
    assert "piano does not sound like speech: the pitch moves by" in warning
    with pytest.raises(MelganVcError, match="Expected somebody who speaks in the folder of anna, .*piano, in"):
        require_voice("anna", heard)


def test_singing_is_taken_when_it_is_told(record, sing, listen, draw):
    """A scale, each note held for half a second."""
    for number in range(3):
        notes = np.repeat(np.roll([196.0, 220.0, 247.0, 262.0], number), 8000)
        record(f"singer/{number}.wav", 0.2 * sing(notes))
    heard = listen("singer")
    with pytest.raises(MelganVcError, match="If that is singing without accompaniment: --set method.sings=true"):
        require_voice("anna", heard)
    require_voice("anna", heard, sings=True)
    assert heard.warnings() and not heard.warnings(sings=True)
    record("noise/0.wav", 0.1 * draw.standard_normal(48000))
    with pytest.raises(
        MelganVcError, match="has the pitch of a voice, as in noise or whispering. Give it .* music.$"
    ):
        require_voice("anna", listen("noise"), sings=True)


def test_noise_is_refused(record, draw, listen):
    record("noise/x.wav", 0.1 * draw.standard_normal(5 * 16000))
    with pytest.raises(MelganVcError, match="received: .*noise, in which of what sounds 0% has .*Give it recordings"):
        require_voice("boris", listen("noise"))


def test_without_the_package_the_rest_is_heard(speak, listen, monkeypatch):
    def missing():
        raise MissingEvaluator("Expected ears, received: none. Install them with: pip install ears")

    monkeypatch.setattr(heard_folder, "SpeakerPrint", missing)
    speak("anna/1.wav")
    heard = listen("anna")
    assert heard.warnings() == [] and "pip install ears" in heard.unknown
