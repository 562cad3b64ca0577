"""Settings that go together, and those that do not."""

import pytest

from melgan_vc.errors import MelganVcError
from melgan_vc.methods.presets import preset, presets_of

STUDENT = "method.content=student"
ALONE = 'method.domains=["anna"]'


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (["method.domains=[]"], r"expected 1 to 100 voices of different names, received: \[\]"),
        (['method.domains=["anna","anna"]'], r"voices of different names, received: \['anna', 'anna'\]"),
        ([STUDENT, 'method.sources=["anna"]', ALONE], r"received: \['anna'\] and sources \['anna'\]"),
        (['method.sources=["source"]'], "expected sources only with content=student.*content=bottleneck"),
        (["method.consistency=1"], "expected consistency with content=student or recognizer of speech, and two"),
        ([STUDENT, ALONE, "method.consistency=1"], "expected consistency .* received: content=student, 1 of them"),
        (["method.content=adversarial", ALONE], "expected two voices or more for content=adversarial"),
        (["method.content=recogniser"], "method.content"),
        (["method.decoder.channels=2048", "method.blocks=60"], "gigabytes, received: channels=2048 and 60 blocks"),
        (["method.student.channels=2048", "method.student_blocks=60"], "received: channels=2048 and 60 blocks"),
    ],
)
def test_what_is_refused(settings, overrides, message):
    with pytest.raises(MelganVcError, match=message):
        settings(*overrides)


@pytest.mark.parametrize(
    ("content", "speeds", "needs", "trained_with"),
    [
        ("recognizer", "true", ("content", "pitch", "loudness"), ("content_slower", "content_faster")),
        ("recognizer", "false", ("content", "pitch", "loudness"), ()),
        ("student", "true", ("pitch", "loudness"), ("content",)),
        ("bottleneck", "true", ("pitch", "loudness"), ()),
        ("adversarial", "true", ("pitch", "loudness"), ()),
        ("instance_norm", "true", ("pitch", "loudness"), ()),
    ],
)
def test_what_is_heard_in_conversion_and_what_in_training_alone(settings, content, speeds, needs, trained_with):
    method = settings(f"method.content={content}", f"method.speeds={speeds}").method
    assert (method.needs, method.trained_with) == (needs, trained_with)


@pytest.mark.parametrize(
    ("overrides", "trained_with"),
    [
        ([], ("voice_print",)),
        ([STUDENT], ("content", "voice_print")),
        ([STUDENT, "method.polish=true"], ("voice_print",)),
    ],
)
def test_a_voice_that_is_a_print_is_heard_in_training_and_then_of_a_reference_alone(
    settings, overrides, trained_with
):
    method = settings("method.voice=print", *overrides).method
    assert method.trained_with == trained_with and method.needs == ("pitch", "loudness")
    assert method.ways_to_use("RUN")[-1] == "--model RUN --like REFERENCE"


def test_the_card_names_its_voices_and_how_to_ask_for_them(settings):
    two = settings().method
    assert two.what_it_does(["a", "b"]).startswith("Says with the voice of `anna`, `boris` what anybody says")
    assert two.ways_to_use("RUN") == ["--model RUN --to anna", "--model RUN --to boris"]
    assert preset("voice", "autoencoder").method.ways_to_use("RUN") == ["--model RUN"]


def test_each_published_form_is_a_preset_and_the_default_is_that_of_a_recogniser():
    contents = {name: preset(name, "autoencoder").method.content for name in presets_of("autoencoder")}
    assert contents == {
        "voice": "recognizer",
        "recognizer": "recognizer",
        "voices": "recognizer",
        "student": "student",
        "autovc": "bottleneck",
        "adain": "instance_norm",
        "adversarial": "adversarial",
        "music": "notes",
        "note_student": "student",
        "debug": "bottleneck",
    }
    voice, recognizer = (preset(name, "autoencoder") for name in ("voice", "recognizer"))
    assert voice.model_copy(update={"preset": "recognizer"}) == recognizer
