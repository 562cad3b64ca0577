"""Which domain a sound is of: the loss of a classifier and of a generator that obeys one."""

from keras import ops


def classification(logits, domains):
    r"""Mean cross-entropy :math:`-E[\log p(c \mid a)]` of logits against domains.

    One formula for every use. A classifier minimises it on real sound and its domains; a generator minimises it on
    what it made and the domains it was asked for (Choi et al. 2018, "StarGAN", eqs. 2 and 3). On what was made, its
    argument must be the logits of the generator's own output: a published port has those of real sound there, which
    leave the generator without any gradient.

    Parameters
    ----------
    logits : tensor
        Shape ``(B, domains)``, unbounded.
    domains : tensor
        Shape ``(B,)``, integers from 0.

    Returns
    -------
    scalar tensor, at least 0; ``log(domains)`` for a classifier that knows nothing.
    """
    return ops.mean(ops.sparse_categorical_crossentropy(domains, logits, from_logits=True))
