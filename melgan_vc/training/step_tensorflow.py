"""The training step on TensorFlow: one persistent tape, one gradient for each player."""

from collections.abc import Callable

import tensorflow as tf

from melgan_vc.training.optimizers import player_variables


class TensorflowStep:
    """Mix-in for the trainer: the step as ``keras.Model.fit`` calls it on TensorFlow."""

    def make_train_function(self, force=False):
        """Compile one step for each set of players that moves together; who does is chosen in Python."""
        if self.train_function is not None and not force:
            return
        turns = self.optimizer.turns
        steps = {players: self._compiled_step(players) for players in dict.fromkeys(turns)}

        def train_function(iterator):
            turn = int(self.optimizer.iterations) % len(turns) if len(turns) > 1 else 0
            return steps[turns[turn]](next(iterator))

        self.train_function = train_function

    def _compiled_step(self, players: tuple[str, ...]) -> Callable:
        """A step of these players as a graph, unless the trainer runs eagerly."""

        def step(data):
            (batch,) = data
            self._play(batch, players)
            self.optimizer.iterations.assign_add(1)
            return self.get_metrics_result()

        if self.run_eagerly:
            return step
        return tf.function(step, jit_compile=self.jit_compile, reduce_retracing=True, autograph=False)

    def _play(self, batch, players) -> None:
        """Train on one batch, as `Method.batches` gives it."""
        with tf.GradientTape(persistent=len(players) > 1) as tape:
            losses, terms = self.method.losses(batch, players, self.optimizer.iterations.value)
        gradients = {
            player: tape.gradient(losses[player], [v.value for v in player_variables(self.method, player)])
            for player in players
        }
        for player in players:
            self.optimizer.by_player[player].apply([_summed(gradient) for gradient in gradients[player]])
        self.record(players, losses, terms)


def _summed(gradient):
    """A gradient as one tensor.

    That of a table of vectors comes as slices, one for each time that a vector was looked up; their norm, by which a
    gradient is clipped, is not that of their sum.
    """
    return gradient if gradient is None else tf.convert_to_tensor(gradient)
