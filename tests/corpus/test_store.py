"""Reading crops of memory-mapped features."""

import os
import pickle
import resource
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from melgan_vc.config.mel import MelConfig
from melgan_vc.corpus import mapped_arrays
from melgan_vc.corpus.store import FrameStore
from melgan_vc.features.feature import Feature
from melgan_vc.features.log_mel import LogMel


def test_crop_within_a_file_is_its_frames(make_store):
    store = make_store([50, 60])
    crop = store.crop(1, 10, 20)
    assert crop.dtype == np.float32
    np.testing.assert_allclose(crop, np.load(store.files[1].log_mel)[10:30].astype(np.float32))


def test_beyond_the_ends_there_is_silence(make_store):
    crop = make_store([50]).crop(0, -10, 70)
    assert np.all(crop[:10] == -1.0)
    assert np.all(crop[60:] == -1.0)
    assert np.all(crop[10:60] > -1.0)
    assert np.all(make_store([50]).crop(0, 50, 5) == -1.0)


def test_features_are_mapped_not_loaded(make_store):
    store = make_store([50])
    assert isinstance(store[0], np.memmap)
    np.testing.assert_array_equal(store[0], np.load(store.files[0].log_mel))


def test_totals(make_store):
    store = make_store([50, 60])
    assert (len(store), store.frames) == (2, 110)
    assert [path.name for path in store.paths] == ["0.wav", "1.wav"]


@pytest.fixture
def limit_of_open_files():
    """Sets how many files this process may open, until the end of the test."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield lambda limit: resource.setrlimit(resource.RLIMIT_NOFILE, (limit, before[1]))
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def open_tables(folder):
    """How many ``.npy`` files below a folder this process holds open."""
    held = Path("/proc/self/fd") if Path("/proc/self/fd").is_dir() else pytest.skip("needs /proc")
    places = [os.readlink(file) for file in held.iterdir() if file.exists()]
    return sum(place.startswith(str(folder)) and place.endswith(".npy") for place in places)


@pytest.mark.parametrize("limit", [256, 400])
def test_all_stores_of_a_process_share_one_budget_of_open_files(make_store, limit_of_open_files, tmp_path, limit):
    stores = [make_store([5] * 110) for _ in range(3)]
    limit_of_open_files(limit)
    for index in [*range(110), 0, 109]:
        for store in stores:
            assert np.isclose(store.crop(index, 0, 1)[0, 0], -0.9 + 0.1 * index, rtol=1e-3, atol=1e-3)
        assert open_tables(tmp_path) <= limit // 4
    assert open_tables(tmp_path) == limit // 4, "what may be open is"


def test_a_store_that_is_gone_keeps_no_file_open_and_none_from_the_others(make_store, tmp_path, monkeypatch):
    monkeypatch.setattr(mapped_arrays, "most_open_arrays", lambda: 3)
    first = make_store([5] * 3)
    for index in range(3):
        first.crop(index, 0, 1)
    del first
    second = make_store([5] * 3)
    for index in range(3):
        second.crop(index, 0, 1)
    assert open_tables(tmp_path) == len(second._arrays) == 3


def test_a_file_that_is_gone_is_told_each_time_it_is_asked_for(make_store):
    store = make_store([5])
    store.files[0].log_mel.unlink()
    for _ in range(2):
        with pytest.raises(FileNotFoundError):
            store.crop(0, 0, 1)
    assert len(store._arrays) == 0


def test_pickled_store_reads_the_same(make_store):
    store = make_store([50])
    store.crop(0, 0, 10)
    again = pickle.loads(pickle.dumps(store))
    np.testing.assert_array_equal(again.crop(0, 5, 10), store.crop(0, 5, 10))


def test_empty_store_is_possible():
    assert FrameStore([], [LogMel(MelConfig())]).frames == 0


class Ramp(Feature):
    """Two numbers a frame, for a store beside the log-mel; nothing is (5, 6)."""

    columns = 2
    silence = np.array([5.0, 6.0], np.float32)
    reach = (0, 0)

    def stream(self, blocks):
        raise NotImplementedError


def test_features_are_columns_beside_the_log_mel_each_with_its_silence(make_store, tmp_path):
    store = make_store([50])
    np.save(tmp_path / "ramp.npy", np.arange(100).reshape(50, 2).astype(np.float16))
    (file,) = store.files
    wider = FrameStore(
        [replace(file, tables=(*file.tables, tmp_path / "ramp.npy"))], [*store.features, Ramp(MelConfig())]
    )
    assert wider.columns == store.columns + 2
    crop = wider.crop(0, 45, 10)
    np.testing.assert_array_equal(crop[:, :-2], store.crop(0, 45, 10))
    np.testing.assert_array_equal(crop[:5, -2:], np.arange(90, 100).reshape(5, 2))
    np.testing.assert_array_equal(crop[5:, -2:], np.tile([5.0, 6.0], (5, 1)))
