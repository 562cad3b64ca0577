"""The training step on TensorFlow: one persistent tape, one gradient for each player."""

import tensorflow as tf

from melgan_vc.training.optimizers import player_variables


class TensorflowStep:
    """Mix-in for the trainer: `train_step` as ``keras.Model.fit`` calls it on TensorFlow."""

    def train_step(self, data):
        """Train on one batch, ``((source, target),)``: one ``(B, L, n_mels)`` array for each domain."""
        (batch,) = data
        turns = self.optimizer.turns
        kinds = list(dict.fromkeys(turns))  # a graph for each, however long the period is
        if len(kinds) == 1:
            self._play(batch, kinds[0])
        else:
            kind_of_turn = tf.constant([kinds.index(turn) for turn in turns])
            kind = kind_of_turn[self.optimizer.iterations.value % len(turns)]
            tf.switch_case(kind, [lambda players=players: self._play(batch, players) for players in kinds])
        self.optimizer.iterations.assign_add(1)
        return self.get_metrics_result()

    def _play(self, batch, players) -> tf.Tensor:
        with tf.GradientTape(persistent=len(players) > 1) as tape:
            losses, terms = self.method.losses(batch, players, self.optimizer.iterations.value)
        gradients = {
            player: tape.gradient(losses[player], [v.value for v in player_variables(self.method, player)])
            for player in players
        }
        for player in players:
            self.optimizer.by_player[player].apply(gradients[player])
        self.record(players, losses, terms)
        return tf.constant(0)  # switch_case wants branches that return something
