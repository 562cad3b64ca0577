"""The training step: the same on both backends, each player moved by its own loss alone, on its own batches.

Run as a script, this file is the other side of the comparison: it trains with whatever backend ``KERAS_BACKEND``
names, each time from the weights in ``NAME-in.npz`` of a folder, and writes what came of it to ``NAME-out.npz``.
"""

import json
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

from melgan_vc.audio.mel import window_log_mel
from melgan_vc.config.run import RunConfig
from melgan_vc.features.registry import features_of
from melgan_vc.methods.autoencoder.prosody import prosody_code
from melgan_vc.methods.presets import preset
from melgan_vc.methods.registry import build_method
from melgan_vc.training.optimizers import player_variables
from melgan_vc.training.trainer import Trainer

# The published recipe on a small scale: batch statistics, spectral vectors, and turns.
PUBLISHED = [
    "method.width=48",
    "method.pieces=3",
    "method.pairs=single",
    "method.generator.architecture=paper",
    "method.siamese.architecture=paper",
    "method.critic.architecture=paper",
    "training.generator.every=3",
    "training.generator.clip_norm=none",
    "training.critic.clip_norm=none",
    "training.ema=0",
]


# The networks of CycleGAN-VC2; those of the debug preset are of the simpler kinds.
GATED = [
    "method.generator.architecture=two_one_two",
    "method.generator.channels=8",
    "method.critic.architecture=gated_patch",
    "method.critic.channels=8",
    "method.identity_steps=1",
    "training.batch_size=2",
]

# Every content term at once, and a generator with a mask.
CONTENT = [
    "method.cycle=10",
    "method.patch_nce=1",
    "method.self_regularization=1",
    "method.masked_frames=6",
]


def configure(*overrides, method="travelgan") -> RunConfig:
    return preset("debug", method).with_overrides(["training.seed=5", *overrides])


# With a second derivative, and every term that has no weight in the debug preset.
PENALISED = [
    "method.pitches=[200,100]",
    "method.diversity=1",
    "method.gradient_penalty=10",
    "method.r1=1",
    "method.perturbation=1.2",
]


def batches(config, number=6) -> list[tuple[np.ndarray, ...]]:
    """Random batches as the method wants them."""
    training, method = config.training, config.method
    if method.name == "vocoder":
        return [vocoder_batch(config, step) for step in range(number)]
    if method.name == "autoencoder":
        return [autoencoder_batch(config, step) for step in range(number)]
    shape = (number, 2, training.batch_size, method.width, config.mel.n_mels)
    windows = np.random.default_rng(11).uniform(-1.0, 1.0, shape).astype(np.float32)
    if method.name != "stargan":
        return [tuple(batch) for batch in windows]
    domain = np.arange(training.batch_size, dtype=np.int32) % 2
    (augment,) = build_method(config).augmentation(())
    return [tuple(augment((one, domain, other, 1 - domain), step)) for step, (one, other) in enumerate(windows)]


def vocoder_batch(config, step: int) -> tuple[np.ndarray, ...]:
    """Noise, its log-mel, and other noise to start from."""
    draw = np.random.default_rng([12, step])
    samples = (config.method.width - 1) * config.mel.hop_length + config.mel.n_fft
    wave, start = (0.1 * draw.standard_normal((2, config.training.batch_size, samples))).astype(np.float32)
    mel = np.stack([window_log_mel(each, config.mel) for each in wave])
    return (mel, wave, start) if config.method.has_start else (mel, wave)


def autoencoder_batch(config, step: int) -> tuple[np.ndarray, ...]:
    """Random windows, and as many again that are to be said with another voice where conversions are heard."""
    draw, method, number = np.random.default_rng([13, step]), config.method, config.training.batch_size
    heard = 2 * number if method.consistency else number
    mel, (recognised,) = config.mel.n_mels, features_of(["content"], config.mel)
    windows = draw.uniform(-1.0, 1.0, (heard, method.width, mel)).astype(np.float32)
    content = draw.standard_normal((heard, method.width, 0 if method.encodes else recognised.columns)).astype(
        np.float32
    )
    prosody = draw.uniform([0.0, 1.0, 0.0], [3.0, 1.0, 1.0], (heard, method.width, 3))
    voice = (np.arange(heard) % len(method.domains)).astype(np.int32)
    reference = windows if method.voice == "reference" else windows[..., :0]
    told = prosody_code(prosody, config.mel)
    return windows[:number], windows, content, told, told[..., :0], voice, reference, voice


def eager_trainer(*overrides, method="travelgan") -> Trainer:
    """A trainer that takes its few steps without tracing a graph first, which takes longer than they do."""
    trainer = Trainer(configure(*overrides, method=method))
    trainer.run_eagerly = True
    return trainer


def leave_identity(trainer) -> None:
    """Random weights for the untrained network, whose exact copy leaves losses only their rounding error."""
    draw = np.random.default_rng(3)
    for variable in trainer.method.network.trainable_variables:
        variable.assign(variable + 0.1 * draw.normal(size=variable.shape))


def train_on(trainer, batch) -> dict[str, float]:
    """One step of ``fit``; the figures it logged."""
    data = ((part,) for part in [batch])
    history = trainer.fit(data, steps_per_epoch=1, epochs=1, verbose=0, shuffle=False).history
    return {name: values[0] for name, values in history.items()}


def values_of(variables) -> list[np.ndarray]:
    return [keras.ops.convert_to_numpy(variable) for variable in variables]


def weights_of(trainer) -> dict[str, list[np.ndarray]]:
    """Trainable weights of each player."""
    return {player: values_of(player_variables(trainer.method, player)) for player in trainer.method.players}


def assert_equal(first, second):
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one, other)


def play(config, weights, batches, *, eagerly=False) -> dict[str, np.ndarray]:
    """Train from ``weights``: the figures of every step, and all weights after the last."""
    trainer = Trainer(config)
    trainer.run_eagerly = eagerly
    for variable, value in zip(trainer.variables_of_networks(), weights, strict=True):
        variable.assign(value)
    logs = [train_on(trainer, batch) for batch in batches]
    result = {f"log_{name}": np.array([log[name] for log in logs]) for name in logs[0]}
    result |= {f"weight_{i}": value for i, value in enumerate(values_of(trainer.variables_of_networks()))}
    result |= {f"average_{i}": value for i, value in enumerate(trainer.averaged_weights())}
    return result | {"steps": np.array(trainer.step)}


# Every player of an autoencoder at once: with a student, a probe of two voices, and conversions that it hears.
STUDENT = [
    'method.domains=["anna","boris"]',
    "method.content=student",
    "method.consistency=1",
    "training.batch_size=2",
]

# Settings, number of steps, steps to one of the first player, method.
COMPARED = {
    "debug": ([], 3, 1, "travelgan"),
    "published": (PUBLISHED, 6, 3, "travelgan"),
    "content": (CONTENT, 2, 1, "travelgan"),
    "cyclegan": (GATED, 2, 1, "cyclegan"),
    "stargan": (PENALISED, 2, 1, "stargan"),
    "vocoder": ([], 2, 1, "vocoder"),
    "autoencoder": (STUDENT, 2, 1, "autoencoder"),
}


def given_of(path: Path) -> tuple[RunConfig, list[np.ndarray]]:
    """Settings and starting weights."""
    given = dict(np.load(path))
    names = [name for name in given if name.startswith("arr_")]
    return RunConfig.from_json(str(given["config"])), [given[f"arr_{i}"] for i in range(len(names))]


class TestBackends:
    """The same losses and weights on TensorFlow and on JAX."""

    @pytest.fixture(scope="class")
    def on_jax(self, tmp_path_factory, run_on_jax):
        """The folder with what is given to JAX and what it made of it, for each of `COMPARED`."""
        pytest.importorskip("jax")
        folder = tmp_path_factory.mktemp("backends")
        for name, (overrides, steps, _, method) in COMPARED.items():
            config = configure(*overrides, method=method)
            trainer = Trainer(config)
            leave_identity(trainer)
            start = values_of(trainer.variables_of_networks())
            np.savez(folder / f"{name}-in.npz", *start, steps=steps, config=np.array(json.dumps(config.model_dump())))
        run_on_jax(__file__, folder)
        return folder

    @pytest.fixture(scope="class", params=COMPARED)
    def both(self, request, on_jax):
        """Starting weights, what TensorFlow and JAX made of them, number of steps, steps to one of the first."""
        _, steps, every, method = COMPARED[request.param]
        config, start = given_of(on_jax / f"{request.param}-in.npz")
        # A graph takes far longer than so few steps do; that of one is compared.
        on_tensorflow = play(config, start, batches(config, steps), eagerly=request.param != "debug")
        first = f"log_{next(iter(preset('debug', method).training.players))}_loss"
        return start, on_tensorflow, dict(np.load(on_jax / f"{request.param}-out.npz")), steps, every, first

    def test_jax_side_never_loads_tensorflow(self, both):
        assert keras.backend.backend() == "tensorflow"
        assert both[2]["backend"] == "jax"
        assert not both[2]["tensorflow_loaded"]

    def test_every_figure_of_every_step_agrees(self, both):
        _, tensorflow, jax, steps, every, first = both
        names = [name for name in tensorflow if name.startswith("log_")]
        assert {first, "log_critic_loss", "log_adversarial"} <= set(names)
        for name in names:
            assert tensorflow[name].shape == (steps,)
            np.testing.assert_allclose(jax[name], tensorflow[name], rtol=1e-4, atol=1e-4, err_msg=name)
        assert jax["steps"] == tensorflow["steps"] == steps
        for side in (tensorflow, jax):
            assert [loss != 0.0 for loss in side[first]] == [(k + 1) % every == 0 for k in range(steps)]

    @pytest.mark.parametrize("kind", ["weight", "average"])
    def test_weights_agree_far_closer_than_training_moved_them(self, both, kind):
        start, tensorflow, jax, *_ = both
        names = [name for name in tensorflow if name.startswith(f"{kind}_")]
        assert len(names) > 5
        moved = np.concatenate([np.ravel(tensorflow[f"weight_{i}"] - old) for i, old in enumerate(start)])
        apart = np.concatenate([np.ravel(jax[name] - tensorflow[name]) for name in names])
        assert np.abs(apart).max() < 1e-3
        # Adam's step is the learning rate whatever the size of a gradient: where that is only rounding error,
        # backends may go separate ways; a wrong gradient would show in all.
        assert np.quantile(np.abs(apart), 0.99) < 0.02 * np.quantile(np.abs(moved), 0.5)


class TestTurns:
    """``generator.every=3``: the critic moves on each batch, generator and siamese network on every third."""

    @pytest.fixture(scope="class")
    def story(self):
        """Weights before and after each of six batches, and the logs."""
        trainer = eager_trainer("training.generator.every=3")
        weights, logs = [weights_of(trainer)], []
        for batch in batches(trainer.config):
            logs.append(train_on(trainer, batch))
            weights.append(weights_of(trainer))
        return weights, logs, trainer

    def test_critic_moves_on_every_batch(self, story):
        weights, _, _ = story
        for before, after in zip(weights, weights[1:], strict=False):
            assert any(np.any(a != b) for a, b in zip(before["critic"], after["critic"], strict=True))

    def test_generator_moves_on_the_third_batch_and_the_sixth_only(self, story):
        weights, _, _ = story
        moved = [
            any(np.any(a != b) for a, b in zip(before["generator"], after["generator"], strict=True))
            for before, after in zip(weights, weights[1:], strict=False)
        ]
        assert moved == [False, False, True, False, False, True]

    def test_figures_of_a_player_come_from_its_own_batches(self, story):
        _, logs, _ = story
        assert [log["generator_loss"] != 0.0 for log in logs] == [False, False, True, False, False, True]
        assert all(log["critic_loss"] > 0.0 for log in logs)

    def test_all_batches_are_counted(self, story):
        assert story[2].step == 6

    def test_turns_of_players_with_different_periods(self):
        optimizer = Trainer(configure("training.generator.every=2", "training.critic.every=3")).optimizer
        assert [set(turn) for turn in optimizer.turns] == [
            set(), {"generator"}, {"critic"}, {"generator"}, set(), {"generator", "critic"},
        ]  # fmt: skip


class TestPlayersApart:
    """The loss of one player never moves another's weights; the first player's network is the one that is kept."""

    @pytest.fixture(scope="class")
    def players(self, method):
        """Names of the first player and of the critic."""
        first, *others = build_method(configure(method=method)).players
        assert "critic" in others
        return {"first": first, "critic": "critic"}

    @pytest.fixture(scope="class")
    def after_one_step(self, method, players):
        """Weights before and after one batch: both move, only one moves."""
        results = {}
        settings = {
            "both": [],
            "critic": [f"training.{players['first']}.every=2"],
            "first": ["training.critic.every=2"],
        }
        for name, overrides in settings.items():
            trainer = eager_trainer(*overrides, method=method)
            leave_identity(trainer)
            before = weights_of(trainer)
            train_on(trainer, batches(trainer.config)[0])
            results[name] = before, weights_of(trainer)
        return results

    @pytest.mark.parametrize(("mover", "other"), [("critic", "first"), ("first", "critic")])
    def test_only_the_player_that_moves_changes(self, after_one_step, players, mover, other):
        before, after = after_one_step[mover]
        assert_equal(before[players[other]], after[players[other]])

    @pytest.mark.parametrize("which", ["critic", "first"])
    def test_a_player_moves_as_if_alone(self, after_one_step, players, which):
        player = players[which]
        _, alone = after_one_step[which]
        before, together = after_one_step["both"]
        moved = np.concatenate([np.ravel(b - a) for a, b in zip(before[player], together[player], strict=True)])
        apart = np.concatenate([np.ravel(b - a) for a, b in zip(alone[player], together[player], strict=True)])
        assert np.quantile(np.abs(moved), 0.5) > 5e-5  # the least learning rate is 1e-4
        assert np.quantile(np.abs(apart), 0.99) < 1e-5


def first_moments(trainer, player) -> np.ndarray:
    """Adam's running mean of a player's gradient, after one step a share of the (clipped) gradient itself."""
    optimizer = trainer.optimizer.by_player[player]
    return np.concatenate([np.ravel(v) for v in optimizer.variables if "momentum" in v.path])


def test_gradient_of_one_player_is_clipped_and_the_others_is_not(method):
    first = next(iter(preset("debug", method).training.players))
    settings = ["training.critic.clip_norm=0.001", f"training.{first}.clip_norm=none"]
    trainer = eager_trainer(*settings, method=method)
    train_on(trainer, batches(trainer.config)[0])
    # After one step the mean is a share of the gradient, half of it where beta_1 is 0.5.
    share = 1.0 - trainer.config.training.players["critic"].beta_1
    assert np.linalg.norm(first_moments(trainer, "critic")) == pytest.approx(0.001 * share, rel=1e-3)
    assert np.linalg.norm(first_moments(trainer, first)) > 0.005 * share


@pytest.mark.parametrize("method", ["autoencoder", "stargan"])  # the trainer does it for whatever a method keeps
def test_averaged_weights_are_the_moving_average_of_the_network_that_is_kept(method):
    trainer = eager_trainer("training.ema=0.6", method=method)
    average, number = None, len(trainer.variables)
    for batch in batches(trainer.config, 4):
        train_on(trainer, batch)
        assert_equal(trainer.averaged_network().get_weights(), trainer.averaged_weights())
        now = trainer.method.network.get_weights()
        average = average or now
        average = [0.6 * old + 0.4 * new for old, new in zip(average, now, strict=True)]
    assert len(trainer.variables) == number, "a network for averages is no part of what is trained"
    trained = {id(variable) for variable in trainer.method.network.trainable_variables}
    weights = trainer.method.network.weights
    assert len(trained) > 0.9 * len(weights)
    for variable, computed, expected, raw in zip(weights, trainer.averaged_weights(), average, now, strict=True):
        np.testing.assert_allclose(computed, expected, atol=1e-6)
        assert np.any(computed != raw) == (id(variable) in trained)


def test_whatever_is_kept_of_several_players_is_averaged():
    """A student beside the decoder; not the critic and the probe, which are gone when training is over."""
    trainer = eager_trainer(*STUDENT, method="autoencoder")
    averaged = {player for player, optimizer in trainer.optimizer.by_player.items() if optimizer.use_ema}
    assert averaged == {"decoder", "student"}
    for batch in batches(trainer.config, 2):  # the first is where an average begins
        train_on(trainer, batch)
    students = {id(variable) for variable in trainer.method.voices.encoder.trainable_variables}
    weights = zip(trainer.method.network.weights, trainer.averaged_weights(), strict=True)
    apart = [np.any(value != np.array(variable)) for variable, value in weights if id(variable) in students]
    assert len(apart) == len(students) and all(apart)


@pytest.mark.parametrize("method", ["autoencoder", "stargan"])  # the trainer does it for whatever a method keeps
def test_without_an_average_the_weights_are_those_of_the_network(method):
    trainer = eager_trainer("training.ema=0", method=method)
    train_on(trainer, batches(trainer.config)[0])
    assert_equal(trainer.averaged_weights(), trainer.method.network.get_weights())


@pytest.mark.parametrize("method", ["autoencoder", "stargan"])  # the trainer does it for whatever a method keeps
def test_same_seed_same_start_and_another_seed_another(method):
    first, again, other = (
        values_of(Trainer(configure(f"training.seed={seed}", method=method)).variables_of_networks())
        for seed in (1, 1, 2)
    )
    assert_equal(first, again)
    assert any(np.any(a != b) for a, b in zip(first, other, strict=True))


def test_two_layers_of_one_shape_start_differently(method):
    """One seed for the run is not one seed for each layer."""
    kernels = [
        keras.ops.convert_to_numpy(variable)
        for variable in Trainer(configure(method=method)).method.network.trainable_variables
        if variable.path.endswith("kernel") and np.any(variable)
    ]
    for index, kernel in enumerate(kernels):
        for other in kernels[index + 1 :]:
            assert kernel.shape != other.shape or np.any(kernel != other)


def main(folder: str) -> None:
    """The other backend's side of `TestBackends`."""
    from tests.quick_trainings import collect_garbage_rarely

    collect_garbage_rarely()
    for source in Path(folder).glob("*-in.npz"):
        config, start = given_of(source)
        result = play(config, start, batches(config, int(np.load(source)["steps"])))
        np.savez(
            source.with_name(source.name.replace("-in", "-out")),
            backend=np.array(keras.backend.backend()),
            tensorflow_loaded=np.array("tensorflow" in sys.modules),
            **result,
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
