"""The training step on TensorFlow: one persistent tape, one gradient for each player."""

from collections.abc import Callable, Iterator

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

    def as_data(self, feed: Iterator[tuple]) -> tf.data.Dataset:
        """A feed as ``fit`` is given it: as Keras would take it, but for a thread that tunes how it is read.

        That thread sleeps for up to a minute at a time, and whoever lets go of the data waits for it: at the end of a
        long training the process would.
        """
        first = next(feed)

        def every():
            yield first
            yield from feed

        specs = tf.nest.map_structure(lambda array: tf.TensorSpec((None, *array.shape[1:]), array.dtype), first)
        untuned = tf.data.Options()
        untuned.autotune.enabled = False
        return tf.data.Dataset.from_generator(every, output_signature=specs).prefetch(2).with_options(untuned)

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
