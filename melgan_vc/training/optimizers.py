"""One optimizer for each player, behind the interface of one."""

import math

import keras

from melgan_vc.config.run import RunConfig
from melgan_vc.config.training import PlayerConfig
from melgan_vc.methods.base import Method

if keras.backend.backend() == "tensorflow":
    from melgan_vc.training.fused_adam import FusedAdam as Adam
else:
    from keras.optimizers import Adam


class PlayerOptimizers(keras.optimizers.Optimizer):
    """Holds each player's Adam, counts batches, and knows who moves on which batch.

    Its ``variables`` are those of all players' optimizers and the batch counter, so that Keras keeps, passes and
    restores them as it does any optimizer's.
    """

    def __init__(self, method: Method, config: RunConfig):
        super().__init__(learning_rate=0.0, name="players")
        self.every = {}
        self.by_player = {}
        for player, networks in method.players.items():
            settings = config.training.players[player]
            averaged = config.training.ema > 0 and _is_kept(method, networks)
            self.by_player[player] = Adam(
                learning_rate=_learning_rate(settings),
                beta_1=settings.beta_1,
                beta_2=settings.beta_2,
                global_clipnorm=settings.clip_norm,
                use_ema=averaged,
                ema_momentum=config.training.ema if averaged else 0.99,
                name=f"{player}_adam",
            )
            self.by_player[player].build(player_variables(method, player))
            self.every[player] = settings.every
        self.built = True

    @property
    def variables(self) -> list:
        """The batch counter and every player's optimizer variables."""
        return [self.iterations, *(v for opt in self.by_player.values() for v in opt.variables)]

    @property
    def turns(self) -> list[tuple[str, ...]]:
        """Who moves, for each batch of one period. Batch ``k`` (from 0) is ``turns[k % len(turns)]``.

        A player with ``every`` of 3 moves on the third batch, the sixth, and so on.
        """
        period = math.lcm(*self.every.values())
        return [
            tuple(player for player, every in self.every.items() if (batch + 1) % every == 0)
            for batch in range(period)
        ]


def _is_kept(method: Method, networks) -> bool:
    """Whether what a player trains is left when training is over, all of it or a part."""
    kept = {id(variable) for variable in method.network.trainable_variables}
    return any(id(variable) in kept for network in networks for variable in network.trainable_variables)


def _learning_rate(settings: PlayerConfig):
    """A constant, or one that halves again and again."""
    if settings.half_life is None:
        return settings.learning_rate
    return keras.optimizers.schedules.ExponentialDecay(settings.learning_rate, settings.half_life, 0.5)


def player_variables(method: Method, player: str) -> list:
    """Trainable variables of all of a player's networks."""
    return [variable for network in method.players[player] for variable in network.trainable_variables]
