"""Settings of a small autoencoder, and folders of made-up features: no recogniser is heard."""

import keras
import numpy as np
import pytest
from keras import ops

from melgan_vc.corpus.store import FrameFile, FrameStore
from melgan_vc.features.log_mel import LogMel
from melgan_vc.features.registry import features_of
from melgan_vc.methods.autoencoder.batches import AutoencoderBatch
from melgan_vc.methods.autoencoder.prosody import prosody_code
from melgan_vc.methods.presets import preset
from melgan_vc.methods.registry import build_network
from melgan_vc.runs.run_folder import RunFolder

TWO = 'method.domains=["anna","boris"]'
OCTAVES = (1.0, 2.0, 0.5)
"""Above 60 Hz: the middle of the pitch of each folder."""


@pytest.fixture(scope="session")
def settings():
    """``settings("method.content=student", ...)``: those of the debug preset for two voices, with others."""

    def make(*overrides):
        content = [setting for setting in overrides if setting.startswith("method.content=")]
        return preset("debug", "autoencoder").with_overrides([TWO, *content, *overrides])

    return make


@pytest.fixture
def store_of(tmp_path):
    """``store_of(config, number, files=2)``: the frames of a folder.

    Its log-mels are ``number / 10`` all over; its pitch lies a quarter of an octave around that of `OCTAVES`, and
    three frames of four are voiced; it is of loudness 0.6. Contents have mean ``number``, and deviation 2.
    """

    def make(config, number, files=2, frames=200):
        features = (LogMel(config.mel), *features_of((*config.method.needs, *config.method.trained_with), config.mel))
        made = []
        for file in range(files):
            tables = []
            for feature in features:
                draw = np.random.default_rng([number, file, *feature.name.encode()])
                values = table(feature, number, frames, draw)
                tables.append(tmp_path / f"{number}-{file}-{feature.name}.npy")
                np.save(tables[-1], values.astype(np.float16))
            made.append(FrameFile(tmp_path / f"{number}-{file}.wav", tuple(tables), frames))
        return FrameStore(made, features)

    return make


def table(feature, number, frames, draw) -> np.ndarray:
    """Numbers of one feature."""
    if feature.name == "log_mel":
        return np.full((frames, feature.columns), number / 10.0)
    if feature.name == "sustained":
        return np.full((frames, 1), 0.5 + 0.1 * number)
    if feature.name == "notes":
        return np.tile(np.arange(176) % 88 == 39 + number, (frames, 1)).astype(float)
    if feature.name == "loudness":
        return np.full((frames, 1), 0.6)
    if feature.name == "pitch":
        voiced = np.arange(frames) % 4 > 0
        return (
            np.stack([OCTAVES[number] + draw.uniform(-0.25, 0.25, frames), np.ones(frames)], axis=1) * voiced[:, None]
        )
    return number + 2.0 * draw.standard_normal((frames, feature.columns))


@pytest.fixture(scope="session")
def batch_of():
    """``batch_of(method)``: three windows of both voices, and as many for other voices where conversions are made."""

    def make(method) -> AutoencoderBatch:
        draw, config = np.random.default_rng(0), method.config.method
        heard, frames = 6 if config.consistency or config.polish else 3, config.width
        windows = draw.uniform(-1.0, 1.0, (heard, frames, 32)).astype(np.float32)
        content = draw.standard_normal((heard, frames, 0 if config.encodes else 512)).astype(np.float32)
        prosody = prosody_code(draw.uniform([0.0, 1.0, 0.0], [3.0, 1.0, 1.0], (heard, frames, 3)), method.config.mel)
        neutral = prosody if config.neutral else prosody[..., :0]
        batch = windows[:3], windows, content, prosody, neutral, np.array([0, 1, 0, 1, 0, 1][:heard], np.int32)
        prints = draw.uniform(0.0, 0.1, (heard, frames, 256)).astype(np.float32)
        batch += ({"reference": windows, "print": prints}.get(config.voice, windows[..., :0]),)
        batch += (np.array([0, 1, 0, 0, 1, 0][:heard], np.int32),)
        return AutoencoderBatch(*map(ops.convert_to_tensor, batch))

    return make


@pytest.fixture
def run_of(tmp_path):
    """``run_of(config)``: a run folder with random weights, and its network."""

    def make(config):
        folder = RunFolder(tmp_path / "before")
        keras.utils.set_random_seed(1)
        network = build_network(config)
        folder.save_config(config)
        network.save_weights(folder.weights_file)
        return folder.path, network

    return make
