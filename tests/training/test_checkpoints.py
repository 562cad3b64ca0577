"""Checkpoints appear whole or not at all, and a damaged one is told from a good one."""

import json
import os

import numpy as np
import pytest

from melgan_vc.errors import MelganVcError
from melgan_vc.methods.presets import preset
from melgan_vc.training import checkpoints as module
from melgan_vc.training.checkpoints import Checkpoints, read_state
from melgan_vc.training.trainer import Trainer


@pytest.fixture
def checkpoints(tmp_path):
    return Checkpoints(tmp_path / "checkpoints", keep=2)


@pytest.fixture
def save(checkpoints, trainer):
    """``save(step)`` saves the trainer as if it had come to that step."""

    def call(step):
        trainer.optimizer.iterations.assign(step)
        return checkpoints.save(trainer, batches=step + 3)

    return call


def names(checkpoints):
    return sorted(path.name for path in checkpoints.folder.iterdir())


def test_everything_comes_back(checkpoints, save, trainer):
    place = save(7)
    variables = [*trainer.variables_of_networks(), *trainer.optimizer.variables]
    before = [np.array(variable) for variable in variables]
    for variable in variables:
        variable.assign(variable + 1)
    assert checkpoints.restore(trainer, place) == 10, "the batches drawn so far"
    assert trainer.step == 7
    for variable, array in zip(variables, before, strict=True):
        np.testing.assert_array_equal(np.array(variable), array)


def test_only_the_newest_are_kept(checkpoints, save):
    for step in (10, 20, 30):
        save(step)
    assert names(checkpoints) == ["latest.json", "step-00000020", "step-00000030"]
    assert checkpoints.latest().name == "step-00000030"


def test_a_crash_while_saving_leaves_the_former(checkpoints, save, trainer, monkeypatch):
    save(10)

    def half(path, **arrays):
        path.write_bytes(b"half of it")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module.np, "savez", half)
    for step in (10, 20):
        with pytest.raises(OSError):
            save(step)
    assert names(checkpoints) == ["latest.json", "step-00000010"]
    checkpoints.restore(trainer, checkpoints.latest())


def test_the_rest_of_a_killed_process_is_no_checkpoint_and_in_nobodys_way(checkpoints, save):
    # A container gives every process the same number, so a killed one's half-written folder has our name.
    save(10)
    half_written = checkpoints.folder / f".partial-{os.getpid()}-step-00000020"
    half_written.mkdir()
    assert checkpoints.latest().name == "step-00000010"
    save(20)
    assert names(checkpoints) == ["latest.json", "step-00000010", "step-00000020"]


def test_without_latest_json_the_newest_is_taken(checkpoints, save):
    save(10), save(20)
    for content in ("{", '{"folder": "step-00000099"}', "[]"):
        (checkpoints.folder / "latest.json").write_text(content)
        assert checkpoints.latest().name == "step-00000020"
    (checkpoints.folder / "latest.json").unlink()
    assert checkpoints.latest().name == "step-00000020"


def truncate(place):
    whole = (place / "state.npz").read_bytes()
    (place / "state.npz").write_bytes(whole[: len(whole) // 2])


def flip(place):
    content = bytearray((place / "state.npz").read_bytes())
    content[len(content) // 2] ^= 0xFF
    (place / "state.npz").write_bytes(content)


def pickle(place):
    np.savez(place / "state.npz", **{"00000": np.array([{"an": "object"}], dtype=object)})


@pytest.mark.parametrize(
    "damage",
    [
        truncate,
        flip,
        pickle,
        lambda place: (place / "state.npz").write_bytes(b""),
        lambda place: (place / "state.npz").unlink(),
        lambda place: (place / "progress.json").write_text("{"),
        lambda place: (place / "progress.json").write_text("[]"),
    ],
    ids=["truncated", "flipped bit", "pickled", "empty", "missing", "half progress", "other progress"],
)
def test_a_damaged_checkpoint_gives_a_sentence_and_a_way_on(checkpoints, save, trainer, damage):
    save(10)
    damage(save(20))
    with pytest.raises(MelganVcError, match=r"whole checkpoint.*step-00000020.*Remove that folder") as caught:
        checkpoints.restore(trainer, checkpoints.latest())
    assert "\n" not in str(caught.value)
    for file in checkpoints.latest().iterdir():
        file.unlink()
    checkpoints.latest().rmdir()
    assert checkpoints.latest().name == "step-00000010"
    assert checkpoints.restore(trainer, checkpoints.latest()) == 13


def test_a_checkpoint_of_other_networks(checkpoints, save, method):
    critic = "method.critic_channels" if method == "vocoder" else "method.critic.channels"
    other = Trainer(preset("debug", method).with_overrides([f"{critic}=24"]))
    before = np.array(other.variables_of_networks()[0])
    with pytest.raises(MelganVcError, match=r"other shapes.*config.json changed\?"):
        checkpoints.restore(other, save(10))
    np.testing.assert_array_equal(np.array(other.variables_of_networks()[0]), before)


def test_progress_json_is_readable(save):
    assert json.loads((save(12) / "progress.json").read_text()) == {"step": 12, "batches": 15}


def test_one_of_a_version_that_saved_by_position(checkpoints, save, trainer):
    place = save(10)
    arrays = list(read_state(place).values())
    np.savez(place / "state.npz", **{f"{index:05d}": array for index, array in enumerate(arrays)})
    for variable in trainer.variables_of_networks():
        variable.assign(variable * 0)
    assert checkpoints.restore(trainer, place) == 13
    for variable, array in zip(trainer.variables_of_networks(), arrays, strict=False):
        np.testing.assert_array_equal(np.array(variable), array)


def test_the_arrays_of_a_network_are_found_by_name(save, trainer):
    names = list(read_state(save(10)))
    assert len(set(names)) == len(names) and names[-1].startswith("optimizer/")
    for player, networks in trainer.method.players.items():
        variables = sum(len(network.variables) for network in networks)
        assert sum(name.startswith(f"{player}/") for name in names) == variables
    assert names[0].startswith(f"generator/{trainer.method.network.name}/000-")
