"""The trainer: a ``keras.Model`` whose ``fit`` trains any method on either backend."""

import functools

import keras

from melgan_vc.config.run import RunConfig
from melgan_vc.engine.devices import compiles_step
from melgan_vc.methods.registry import build_method
from melgan_vc.training.optimizers import PlayerOptimizers, player_variables

if keras.backend.backend() == "jax":
    from melgan_vc.training.step_jax import JaxStep as _Step
else:
    from melgan_vc.training.step_tensorflow import TensorflowStep as _Step


class Trainer(_Step, keras.Model):
    """A method and its players' optimizers, ready for ``fit``.

    Parameters
    ----------
    config : RunConfig
        Everything; ``config.training.seed`` decides the initial weights.

    Examples
    --------
    >>> from melgan_vc.methods.presets import preset
    >>> list(Trainer(preset("debug")).method.players)
    ['generator', 'critic']
    """

    def __init__(self, config: RunConfig):
        super().__init__(name="trainer")
        self.config = config
        self.method = build_method(config)
        self.networks = [network for player in self.method.players.values() for network in player]
        self._means = {
            name: keras.metrics.Mean(name=name)
            for player, names in self.method.terms.items()
            for name in (*names, f"{player}_loss")
        }
        self.built = True
        self.compile(optimizer=PlayerOptimizers(self.method, config), jit_compile=compiles_step(config.training.jit))

    @property
    def metrics(self) -> list[keras.metrics.Metric]:
        """Running means of every term since they were last reset."""
        return list(self._means.values())

    def record(self, players, losses: dict, terms: dict) -> None:
        """Add one batch's figures to the running means."""
        for player in players:
            self._means[f"{player}_loss"].update_state(losses[player])
        for name, value in terms.items():
            self._means[name].update_state(value)

    def get_metrics_result(self) -> dict:
        """Mean of every term, by name."""
        return {name: mean.result() for name, mean in self._means.items()}

    def call(self, mel):
        """What is left of the method after training, on frames ``(B, T, C)``."""
        return self.method.network(mel)

    def variables_of_networks(self) -> list:
        """Every variable of every network, trainable or not, in a fixed order."""
        return [variable for network in self.networks for variable in network.variables]

    def names_of_variables(self) -> list[str]:
        """``player/network/number-name`` of each of them, in that order; the same in every process."""
        names, seen = [], {}
        for player, networks in self.method.players.items():
            for network in networks:
                place = f"{player}/{network.name}"
                seen[place] = seen.get(place, -1) + 1
                place += f"-{seen[place]}" if seen[place] else ""
                names += [f"{place}/{index:03d}-{v.name}" for index, v in enumerate(network.variables)]
        return names

    @property
    def step(self) -> int:
        """Batches trained on so far."""
        self.synchronise()
        return int(self.optimizer.iterations)

    def synchronise(self) -> None:
        """Bring the variables up to date while ``fit`` runs: JAX holds the newest values outside of them."""
        if hasattr(self, "jax_state_sync"):
            self.jax_state_sync()

    def averaged_weights(self) -> list:
        """The weights of the method's network as arrays, in order; averaged over training where they are to be."""
        self.synchronise()
        averages = {}
        for player, optimizer in self.optimizer.by_player.items():
            if optimizer.use_ema:
                variables = map(id, player_variables(self.method, player))
                averages |= zip(variables, optimizer._model_variables_moving_average, strict=True)
        return [keras.ops.convert_to_numpy(averages.get(id(v), v)) for v in self.method.network.weights]

    def averaged_network(self) -> keras.Model:
        """The method's network with `averaged_weights`, as a run folder holds it; the next call changes it."""
        self._network_of_averages.set_weights(self.averaged_weights())
        return self._network_of_averages

    @functools.cached_property  # which Keras does not take for a part of the trainer
    def _network_of_averages(self) -> keras.Model:
        return self.method.build_network(self.config)
