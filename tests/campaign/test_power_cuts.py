"""After a cut of the power, or a kill, at any moment: what was saved is there, and what is there is whole."""

import os
import random
import shutil
import signal
import subprocess
import threading
import time
from pathlib import Path

import keras
import numpy as np
import pytest
import soundfile
from checkpoint_writer import SmallTraining, require_kept, save
from recorded_disk import RecordedDisk, make_tree

from melgan_vc.atomic import replacing
from melgan_vc.audio.files import AudioWriter, read
from melgan_vc.config.corpus import CorpusConfig
from melgan_vc.config.mel import MelConfig
from melgan_vc.corpus.prepare import prepare
from melgan_vc.methods.presets import preset
from melgan_vc.runs.run_folder import RunFolder


@pytest.fixture
def disk(tmp_path):
    """A folder under watch."""
    (tmp_path / "disk").mkdir()
    return RecordedDisk(tmp_path / "disk")


@pytest.mark.parametrize("steps", [(10, 20, 30, 40), (10, 10, 20, 20, 20)], ids=["new steps", "steps again"])
def test_a_checkpoint_that_was_saved_survives_a_cut_at_every_call(disk, tries, some, tmp_path, steps):
    training = SmallTraining()
    with disk.recording():
        for step in steps:
            save(disk.folder / "run" / "checkpoints", training.at(step))
            disk.note = step
    again = "saved again" if len(set(steps)) < len(steps) else "saved"
    with tries(f"cut or kill at a call, checkpoint {again}") as one:
        for how, tree, saved in some(disk.outcomes(), 60):
            with one(how):
                require_kept(make_tree(tmp_path / "left", tree) / "run" / "checkpoints", saved)


def _text(folder: Path, version: int) -> None:
    with replacing(folder / "sub" / "notes.txt") as partial:
        partial.write_text(f"version {version}")


def _text_back(folder: Path) -> int:
    return int((folder / "sub" / "notes.txt").read_text().removeprefix("version "))


def _config(folder: Path, version: int) -> None:
    RunFolder(folder / "run").save_config(preset("debug").with_overrides([f"training.seed={version}"]))


def _config_back(folder: Path) -> int:
    return RunFolder(folder / "run").load_config().training.seed


def _network(version: int) -> keras.Model:
    network = keras.Sequential([keras.layers.Input((50,)), keras.layers.Dense(50)], name="small")
    network.set_weights([np.full(weight.shape, version) for weight in network.weights])
    return network


def _weights(folder: Path, version: int) -> None:
    RunFolder(folder / "run").save_weights(_network(version))


def _weights_back(folder: Path) -> int:
    network = _network(0)
    RunFolder(folder / "run").load_weights(network)
    (version,) = set(np.concatenate([weight.ravel() for weight in network.get_weights()]).tolist())
    return int(version)


def _sound(folder: Path, version: int) -> None:
    with AudioWriter(folder / "out" / "sound.flac", rate=8000, channels=1, overwrite=True) as out:
        out.write(np.full(2000, version / 8, np.float32))


def _sound_back(folder: Path) -> int:
    wave, _ = read(folder / "out" / "sound.flac")
    assert len(wave) == 2000
    return round(8 * float(wave[1000, 0]))


WRITERS = {
    "text": (_text, _text_back),
    "config.json": (_config, _config_back),
    "weights": (_weights, _weights_back),
    "sound": (_sound, _sound_back),
}


@pytest.mark.parametrize("what", WRITERS)
def test_a_file_is_the_old_one_or_the_new_one_after_a_cut_at_every_call(disk, tries, some, tmp_path, what):
    write_version, version_back = WRITERS[what]
    with disk.recording():
        for version in (1, 2, 3):
            write_version(disk.folder, version)
            disk.note = version
    with tries("cut or kill at a call, other files") as one:
        for how, tree, saved in some(disk.outcomes(), 12):
            with one(f"{what}, {how}"):
                left = make_tree(tmp_path / "left", tree)
                if saved is not None:
                    assert version_back(left) >= saved


def _features(audio: Path, cache: Path) -> list[np.ndarray]:
    """The log-mels of a folder of audio."""
    mel, corpus = MelConfig(n_fft=256, hop_length=64, n_mels=16), CorpusConfig(held_out=0.0)
    store = prepare(audio, mel=mel, corpus=corpus, cache=cache, workers=1, progress=False).train
    return [np.array(store[index]) for index in range(len(store))]


def test_a_cache_gives_the_same_features_after_a_cut_at_every_call(disk, tries, some, tmp_path):
    draw = np.random.default_rng(0)
    (tmp_path / "audio").mkdir()
    for name in ("a", "b"):
        soundfile.write(tmp_path / "audio" / f"{name}.wav", 0.1 * draw.standard_normal(4000), 16000)
    with disk.recording():
        features = _features(tmp_path / "audio", disk.folder / "cache")
    with tries("cut or kill at a call, cache") as one:
        for how, tree, _ in some(disk.outcomes(), 12):
            with one(how):
                again = _features(tmp_path / "audio", make_tree(tmp_path / "left", tree) / "cache")
                for one_table, other in zip(again, features, strict=True):
                    np.testing.assert_array_equal(one_table, other)


class Image:
    """An ext4 file system in a file, of which copies are taken as a cut of the power would leave it.

    Parameters
    ----------
    folder : Path
        In memory, so that a copy takes milliseconds.
    """

    def __init__(self, folder: Path, megabytes: int):
        self.file, self.place = folder / "image", folder / "mounted"
        self.copy, self.copy_place = folder / "copy", folder / "after the cut"
        for place in (self.place, self.copy_place):
            place.mkdir()
        with open(self.file, "wb") as file:
            file.truncate(megabytes * 2**20)
        subprocess.run(["mkfs.ext4", "-q", "-F", self.file], check=True)
        # Names are written every second, contents after thirty: the kernel's own times, but for the first.
        subprocess.run(["mount", "-o", "loop,commit=1", self.file, self.place], check=True)

    def cut(self) -> None:
        """Take a copy: of one moment, because nothing has changed while it was compared."""
        before, now = None, self.file.read_bytes()
        while now != before:
            before, now = now, self.file.read_bytes()
        self.copy.write_bytes(now)

    def mount_copy(self) -> Path:
        """What is there after the cut; the journal is replayed."""
        subprocess.run(["mount", "-o", "loop", self.copy, self.copy_place], check=True)
        return self.copy_place

    def release_copy(self) -> None:
        subprocess.run(["umount", self.copy_place], check=True)

    def release(self) -> None:
        subprocess.run(["umount", "--lazy", self.place], check=True)


@pytest.fixture
def image(mounted):
    """An ext4 file system of 24 MB."""
    if shutil.which("mkfs.ext4") is None:
        pytest.skip("needs mkfs.ext4")
    made = Image(mounted(size="120m"), megabytes=24)
    yield made
    made.release()


def test_a_checkpoint_that_was_saved_survives_power_cuts_of_an_ext4_disk(needs_campaign, image, start, tries, chance):
    run = "run/checkpoints"
    saved = []
    writer = start(Path(__file__).with_name("checkpoint_writer.py"), image.place / run)
    threading.Thread(target=lambda: saved.extend(map(int, iter(writer.stdout.readline, ""))), daemon=True).start()
    with tries("power cut of an ext4 image, checkpoint") as one:
        for number in range(150):
            _wait(chance, saved, writer)
            if number % 2:  # between two calls; else the kernel may be writing as well
                os.kill(writer.pid, signal.SIGSTOP)
            told = saved[-1]
            image.cut()
            os.kill(writer.pid, signal.SIGCONT)
            try:
                with one(f"cut {number} after step {told}"):
                    require_kept(image.mount_copy() / run, told)
            finally:
                image.release_copy()


def _wait(chance: random.Random, saved: list, writer: subprocess.Popen) -> None:
    while not saved:
        assert writer.poll() is None, writer.stderr.read()
        time.sleep(0.05)
    time.sleep(chance.uniform(0.0, 0.3))
