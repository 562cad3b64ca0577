"""Which vocoder makes the sound: by its settings, by name, by path; a wrong one is refused with a reason."""

import numpy as np
import pytest

from melgan_vc.config.mel import MelConfig
from melgan_vc.errors import MelganVcError
from melgan_vc.export.strip import export
from melgan_vc.methods.loading import load_conversion
from melgan_vc.methods.presets import preset
from melgan_vc.pretrained.vocoders import choose_vocoder, shipped_vocoders
from melgan_vc.vocoders.griffin_lim import GriffinLim

DEBUG = preset("debug").mel


@pytest.fixture(scope="module")
def root(save_run_with_card, tmp_path_factory):
    """Models as they ship: a vocoder of the debug preset's log-mels, and a model that converts."""
    place = tmp_path_factory.mktemp("models")
    export(save_run_with_card(place / "runs" / "v", method="vocoder"), place / "small", task="A vocoder")
    export(save_run_with_card(place / "runs" / "c"), place / "converter", task="A model")
    return place


@pytest.fixture(scope="module")
def vocoder_run(save_run, tmp_path_factory):
    return save_run(tmp_path_factory.mktemp("runs") / "mine", method="vocoder")


def test_auto_takes_the_one_of_the_same_settings(root):
    assert choose_vocoder("auto", DEBUG, root=root).name == "small"


def test_auto_falls_back_on_griffin_lim(root):
    found = choose_vocoder("auto", MelConfig(hop_length=200), root=root)
    assert isinstance(found, GriffinLim) and found.iterations == 32 and found.config.hop_length == 200


def test_iterations_ask_for_griffin_lim(root):
    assert choose_vocoder("auto", DEBUG, iterations=5, root=root).iterations == 5
    assert choose_vocoder("griffin-lim", DEBUG, iterations=7, root=root).iterations == 7
    with pytest.raises(MelganVcError, match="Expected --iterations with --vocoder griffin-lim, received: --vo"):
        choose_vocoder("small", DEBUG, iterations=5, root=root)


def test_by_name_and_by_path_they_make_the_same_sound(root, draw):
    mel = draw.uniform(-1, 1, (40, 32)).astype(np.float32)
    by_name, by_path = choose_vocoder("small", DEBUG, root=root), choose_vocoder(str(root / "small"), DEBUG)
    np.testing.assert_array_equal(by_name.invert(mel), by_path.invert(mel))


def test_other_settings_are_refused_with_both_values(root):
    with pytest.raises(MelganVcError, match="hop_length is 64 in the model and 128 in the vocoder small"):
        choose_vocoder("small", DEBUG.model_copy(update={"hop_length": 64}), root=root)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("smal", "among auto, griffin-lim, small, or a run folder, received: smal .*did you mean 'small'"),
        ("converter", "a run of the method vocoder, received: .*converter, which is of travelgan"),
    ],
)
def test_what_is_no_vocoder_is_refused(root, name, said):
    with pytest.raises(MelganVcError, match=said):
        choose_vocoder(name, DEBUG, root=root)


def test_a_vocoder_is_no_model_to_convert_with(vocoder_run):
    with pytest.raises(MelganVcError, match="a vocoder, which only makes sound of log-mels. It goes to --vocoder"):
        load_conversion(vocoder_run)


def test_the_package_lists_its_vocoders_apart():
    assert all(config.method.name == "vocoder" for config in shipped_vocoders().values())
