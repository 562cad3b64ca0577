"""Adversarial losses by name: the critic's, and the generator's."""

from melgan_vc.losses.hinge import hinge_critic, hinge_generator
from melgan_vc.losses.least_squares import least_squares_critic, least_squares_generator
from melgan_vc.losses.wasserstein import wasserstein_critic, wasserstein_generator

ADVERSARIAL_LOSSES = {
    "hinge": (hinge_critic, hinge_generator),
    "least_squares": (least_squares_critic, least_squares_generator),
    "wasserstein": (wasserstein_critic, wasserstein_generator),
}
