"""Which weights of a run are loaded, and what is said of those that cannot be."""

import json
import resource
import shutil

import numpy as np
import pytest

from melgan_vc.errors import MelganVcError
from melgan_vc.methods.loading import load_network
from melgan_vc.runs.checkpoint_files import write_checksums
from melgan_vc.runs.run_folder import RunFolder
from melgan_vc.runs.weights_file import write_weights


@pytest.fixture(scope="module")
def network(residual_run):
    return load_network(RunFolder(residual_run))[1]


@pytest.fixture
def run(residual_run, network, tmp_path):
    """A run with weights and a checkpoint of step 10, whose weights are others."""
    run = RunFolder(shutil.copytree(residual_run, tmp_path / "run"))
    run.load_weights(network)
    network.set_weights([2 * weight for weight in network.get_weights()])
    place = run.checkpoints / "step-00000010"
    place.mkdir(parents=True)
    np.savez(place / "state.npz")
    (place / "progress.json").write_text('{"step": 10, "batches": 10}')
    write_weights(network, place / "weights.weights.h5")
    write_checksums(place)
    return run


@pytest.fixture
def first_weight(run, network):
    """``first_weight()`` loads the run's weights and returns a number of them, that tells which they are."""

    def load():
        run.load_weights(network)
        return float(network.get_weights()[0].flat[0])

    return load


def truncate(file, network):
    file.write_bytes(file.read_bytes()[:3000])


def spoil(file, network):
    """Make all NaN, as a training that diverged does."""
    network.set_weights([np.full_like(weight, np.nan) for weight in network.get_weights()])
    write_weights(network, file)


DAMAGES = {
    "empty": lambda file, network: file.write_bytes(b""),
    "truncated": truncate,
    "not finite": spoil,
    "lost": lambda file, network: file.unlink(),
}
SAID = {"not finite": "Expected finite weights", "lost": "there is no weights.weights.h5"}


@pytest.mark.parametrize("damage", DAMAGES)
def test_instead_of_damaged_weights_those_of_the_last_checkpoint_are_loaded(
    run, network, first_weight, damage, capsys
):
    good = first_weight()
    assert capsys.readouterr().err == ""
    DAMAGES[damage](run.weights_file, network)
    assert first_weight() == pytest.approx(2 * good)
    (line,) = capsys.readouterr().err.splitlines()
    assert SAID.get(damage, "do not fit or are damaged") in line
    assert line.endswith("Used instead: " + str(run.checkpoints / "step-00000010" / "weights.weights.h5"))


def test_instead_of_the_best_weights_the_newest_are_loaded(run, first_weight, capsys):
    good = first_weight()
    run.best_file.write_bytes(b"")
    assert first_weight() == good
    assert capsys.readouterr().err.rstrip().endswith("Used instead: " + str(run.weights_file))


def test_a_damaged_checkpoint_is_no_help(run, network):
    run.weights_file.write_bytes(b"")
    truncate(run.checkpoints / "step-00000010" / "weights.weights.h5", network)
    with pytest.raises(MelganVcError, match=r"received: .*run/weights.weights.h5, which do not fit or are damaged"):
        run.load_weights(network)


def test_weights_that_are_not_finite_are_called_that(run, network):
    spoil(run.weights_file, network)
    shutil.rmtree(run.checkpoints)
    with pytest.raises(MelganVcError, match=r"Expected finite weights, received: .*weights.weights.h5, some of"):
        run.load_weights(network)


def test_weights_of_other_networks_are_told_as_before(run):
    shutil.rmtree(run.checkpoints)
    values = json.loads(run.config_file.read_text())
    values["method"]["generator"]["channels"] = 24
    run.config_file.write_text(json.dumps(values))
    with pytest.raises(MelganVcError, match="Expected weights of a residual_generator as .*config.json describes it"):
        load_network(run)


def test_on_a_full_disk_no_weights_are_begun(network, tmp_path):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, before[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            write_weights(network, tmp_path / "x.weights.h5")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    write_weights(network, tmp_path / "x.weights.h5")
    network.load_weights(tmp_path / "x.weights.h5")
