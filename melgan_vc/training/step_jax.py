"""The training step on JAX: the same losses in a stateless scope, one ``jax.vjp``, one pull-back for each player."""

import jax
import jax.numpy as jnp
import keras

from melgan_vc.training.optimizers import player_variables


class JaxStep:
    """Mix-in for the trainer: the step as ``keras.Model.fit`` calls it on JAX.

    Its state is Keras's tuple of lists of arrays: trainable, other, optimizer and metric variables.
    """

    def make_train_function(self, force=False):
        """Compile one step for each set of players that moves together.

        The choice is made in Python: XLA on a CPU runs convolutions inside a conditional on one thread, and the
        `paper` preset took 20.8 s a step that way.
        """
        if self.train_function is not None and not force:
            return
        turns = self.optimizer.turns
        compiled = {players: jax.jit(self._step(players), donate_argnums=0) for players in set(turns)}

        def train_function(state, iterator):
            batch_number = int(state[2][0]) if len(turns) > 1 else 0
            return compiled[turns[batch_number % len(turns)]](state, next(iterator))

        self.train_function = train_function

    def as_data(self, feed):
        """A feed as ``fit`` is given it: as it is."""
        return feed

    def _step(self, players):
        return lambda state, data: self._count(self._play(state, data[0], players))

    def _count(self, state):
        """Advance the batch counter; return the log and the state as Keras wants them."""
        trainable, other, optimizer, metrics = state
        optimizer = [optimizer[0] + 1, *optimizer[1:]]  # the first is the batch counter
        with keras.StatelessScope(state_mapping=list(zip(self.metrics_variables, metrics, strict=True))):
            logs = self.get_metrics_result()
        return logs, (trainable, other, optimizer, metrics)

    def _play(self, state, batch, players):
        trainable, other, optimizer, metrics = state

        def forward(trainable):
            mapping = [*zip(self.trainable_variables, trainable, strict=True)]
            mapping += zip(self.non_trainable_variables, other, strict=True)
            with keras.StatelessScope(state_mapping=mapping) as scope:
                losses, terms = self.method.losses(batch, players, optimizer[0])
            moved = [_current(scope, variable) for variable in self.non_trainable_variables]
            return [losses[player] for player in players], (losses, terms, moved)

        values, pull_back, (losses, terms, other) = jax.vjp(forward, trainable, has_aux=True)
        mapping = [*zip(self.trainable_variables, trainable, strict=True)]
        mapping += zip(self.optimizer.variables, optimizer, strict=True)
        mapping += zip(self.metrics_variables, metrics, strict=True)
        position = {id(variable): index for index, variable in enumerate(self.trainable_variables)}
        with keras.StatelessScope(state_mapping=mapping) as scope:
            for number, player in enumerate(players):
                seeds = [jnp.ones_like(v) if i == number else jnp.zeros_like(v) for i, v in enumerate(values)]
                (gradients,) = pull_back(seeds)
                mine = [gradients[position[id(v)]] for v in player_variables(self.method, player)]
                self.optimizer.by_player[player].apply(mine)
            self.record(players, losses, terms)
        return (
            [_current(scope, variable) for variable in self.trainable_variables],
            other,
            [_current(scope, variable) for variable in self.optimizer.variables],
            [_current(scope, variable) for variable in self.metrics_variables],
        )


def _current(scope, variable):
    value = scope.get_current_value(variable)
    return variable.value if value is None else value
