"""Runs to export, as training leaves them."""

import pytest


@pytest.fixture(scope="session")
def run(save_run_with_card, tmp_path_factory):
    """A run folder: look, but do not touch."""
    return save_run_with_card(tmp_path_factory.mktemp("runs") / "my run")


@pytest.fixture(scope="session")
def paper_run(save_run_with_card, tmp_path_factory):
    """A run folder of the other architecture."""
    settings = ("method.generator.architecture=paper", "method.generator.channels=32")
    return save_run_with_card(tmp_path_factory.mktemp("runs") / "paper", *settings)


@pytest.fixture(scope="session")
def cyclegan_run(save_run_with_card, tmp_path_factory):
    """A run folder of the other method."""
    return save_run_with_card(tmp_path_factory.mktemp("runs") / "cyclegan", method="cyclegan")


@pytest.fixture(scope="session")
def stargan_run(save_run_with_card, tmp_path_factory):
    """A run folder of many styles."""
    settings = ('method.domains=["rock","jazz","old folk"]',)
    return save_run_with_card(tmp_path_factory.mktemp("runs") / "stargan", *settings, method="stargan")
