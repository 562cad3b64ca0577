"""Checkpoints appear whole or not at all, and a damaged one is told from a good one."""

import json
import os
import shutil

import numpy as np
import pytest

from melgan_vc import atomic
from melgan_vc.atomic import NoRoomError
from melgan_vc.errors import MelganVcError
from melgan_vc.methods.presets import preset
from melgan_vc.runs.checkpoint_files import read_state
from melgan_vc.training import checkpoints as module
from melgan_vc.training.checkpoints import Checkpoints
from melgan_vc.training.trainer import Trainer

# What happens to files has nothing to do with the method.
of_one_method = pytest.mark.parametrize("method", ["travelgan"], indirect=True, scope="session")


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


@of_one_method
def test_a_crash_while_saving_leaves_the_former(checkpoints, save, trainer, monkeypatch):
    save(10)

    def half(path, **arrays):
        path.write_bytes(b"half of it")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module.np, "savez", half)
    with pytest.raises(NoRoomError, match=r"step-00000020: the disk is full.*make room and try again"):
        save(20)
    assert names(checkpoints) == ["latest.json", "step-00000010"]
    checkpoints.restore(trainer, checkpoints.latest())


@of_one_method
def test_what_a_killed_process_left_half_written_is_no_checkpoint(checkpoints, save):
    place = save(10)
    shutil.copytree(place, checkpoints.folder / ".partial-12345678" / "step-00000020")
    assert checkpoints.latest().name == "step-00000010"


@of_one_method
def test_whatever_latest_json_says_the_newest_is_taken(checkpoints, save):
    save(10), save(20)
    for content in ("{", '{"folder": "step-00000010"}', '{"folder": "step-00000099"}', "[]"):
        (checkpoints.folder / "latest.json").write_text(content)
        assert checkpoints.latest().name == "step-00000020"
    (checkpoints.folder / "latest.json").unlink()
    assert checkpoints.latest().name == "step-00000020"


@of_one_method
def test_what_is_saved_is_not_written_again(checkpoints, save, trainer, monkeypatch):
    place = save(10)
    monkeypatch.setattr(module.np, "savez", lambda *arguments, **arrays: pytest.fail("written again"))
    assert save(10) == place
    with pytest.raises(pytest.fail.Exception):  # after a rollback: the same step, and more of the corpus is used up
        checkpoints.save(trainer, batches=20)


@of_one_method
def test_a_crash_while_a_step_is_saved_again_leaves_it_as_it_was(checkpoints, save, trainer, monkeypatch):
    place, renamed = save(10), []

    def rename(source, target, replace=os.replace):
        renamed.append(target)
        if target == place:
            raise KeyboardInterrupt
        replace(source, target)

    with monkeypatch.context() as crashing:
        crashing.setattr(atomic.os, "replace", rename)
        crashing.setattr(atomic, "_clear", lambda place: None)
        with pytest.raises(KeyboardInterrupt):
            checkpoints.save(trainer, batches=20)
    assert len(renamed) == 2, "the one before was moved aside"
    atomic.sweep(checkpoints.folder)
    assert names(checkpoints) == ["latest.json", "step-00000010"]
    assert checkpoints.restore(trainer, checkpoints.latest()) == 13


def truncate(place):
    whole = (place / "state.npz").read_bytes()
    (place / "state.npz").write_bytes(whole[: len(whole) // 2])


def flip(place):
    content = bytearray((place / "state.npz").read_bytes())
    content[len(content) // 2] ^= 0xFF
    (place / "state.npz").write_bytes(content)


def pickle(place):
    np.savez(place / "state.npz", **{"00000": np.array([{"an": "object"}], dtype=object)})


def other_numbers(place):
    arrays = read_state(place)
    np.savez(place / "state.npz", **{name: array + 1 for name, array in arrays.items()})


def without_checksums(damage):
    def call(place):
        (place / "checksums.json").unlink()
        damage(place)

    return call


@of_one_method
@pytest.mark.parametrize(
    "damage",
    [
        truncate,
        flip,
        pickle,
        other_numbers,
        without_checksums(truncate),
        without_checksums(flip),
        without_checksums(pickle),
        lambda place: (place / "checksums.json").write_bytes(b"\0" * 300),
        lambda place: (place / "state.npz").write_bytes(b""),
        lambda place: (place / "state.npz").unlink(),
        lambda place: (place / "progress.json").write_text("{"),
        lambda place: (place / "progress.json").write_text("[]"),
    ],
    ids=[
        *("truncated", "flipped bit", "pickled", "other numbers", "old truncated", "old flipped bit", "old pickled"),
        *("checksums", "empty", "missing", "half progress", "other progress"),
    ],
)
def test_of_a_damaged_checkpoint_the_one_before_is_taken(checkpoints, save, trainer, damage):
    save(10)
    damage(save(20))
    said = []
    place = checkpoints.latest(said.append)
    assert place.name == "step-00000010" and checkpoints.restore(trainer, place) == 13
    (line,) = said
    assert "checkpoint step-00000020 is damaged (" in line and "one before, step-00000010" in line
    assert "\n" not in line


@of_one_method
def test_what_goes_on_from_before_a_damaged_checkpoint_takes_its_place(checkpoints, save):
    for step in (10, 20, 30):
        save(step)
    truncate(checkpoints.folder / "step-00000030")
    save(25)
    assert names(checkpoints) == ["latest.json", "step-00000020", "step-00000025"]


@of_one_method
def test_if_all_are_damaged_each_is_named(checkpoints, save):
    save(10), save(20)
    for place in checkpoints.folder.glob("step-*"):
        truncate(place)
    with pytest.raises(MelganVcError, match=r"whole checkpoint.*step-00000020 is damaged.*step-00000010 is damaged"):
        checkpoints.latest()


@of_one_method
def test_a_checkpoint_that_is_damaged_while_it_is_read(checkpoints, save, trainer):
    place = save(10)
    truncate(place)
    with pytest.raises(MelganVcError, match=r"whole checkpoint, received: .*step-00000010.*Remove that folder"):
        checkpoints.restore(trainer, place)


@of_one_method
def test_weights_that_are_not_finite_are_not_gone_on_with(checkpoints, save, trainer):
    weight = trainer.variables_of_networks()[0]
    good = np.array(weight)
    weight.assign(np.full(weight.shape, np.nan))
    place = save(10)
    weight.assign(good)
    with pytest.raises(MelganVcError, match="Expected a checkpoint of finite weights"):
        checkpoints.restore(trainer, place)
    np.testing.assert_array_equal(np.array(weight), good)


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
    (place / "checksums.json").unlink()
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
    first, (network, *_) = next(iter(trainer.method.players.items()))
    assert names[0].startswith(f"{first}/{network.name}/000-")
