"""Reading crops of memory-mapped features."""

import pickle
from dataclasses import replace

import numpy as np

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


def test_open_files_are_bounded(make_store, monkeypatch):
    monkeypatch.setattr(mapped_arrays, "OPEN_FILES", 3)
    store = make_store([5] * 10)
    for index in [*range(10), 0, 9]:
        assert np.isclose(store.crop(index, 0, 1)[0, 0], -0.9 + 0.1 * index, atol=1e-3)
        assert len(store._arrays) <= 3


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
