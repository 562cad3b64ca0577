"""From a folder of audio to features: what a person who trains would notice."""

import json
import os
import shutil
import threading

import numpy as np
import pytest

from melgan_vc.audio.files import AudioReader
from melgan_vc.audio.loudness import LoudnessMeter
from melgan_vc.audio.mel import log_mel
from melgan_vc.config.mel import MelConfig
from melgan_vc.corpus import measure as measure_module
from melgan_vc.corpus import tables
from melgan_vc.corpus.cache import CorpusCache
from melgan_vc.corpus.compare import warnings_about
from melgan_vc.corpus.prepare import inspect_folders
from melgan_vc.corpus.sampler import CropSampler
from melgan_vc.errors import MelganVcError
from melgan_vc.features.log_mel import LogMel
from melgan_vc.methods.presets import preset

MEL = MelConfig(n_fft=256, hop_length=64, n_mels=16)

PLACE_OF_VOICE = "2d/2d612f8167f277310f0deb3f09a4692d.npy"
PLACE_OF_WAVEFORM = "59/59bd319c9caee643c5d40f745ca7ef98.npy"


def noise(seconds=0.5, *, seed=0, amplitude=0.1, rate=16000):
    return np.random.default_rng(seed).normal(0, amplitude, round(seconds * rate)).clip(-0.99, 0.99)


@pytest.fixture
def decoded(monkeypatch):
    """Names of the files that are decoded from now on, in order."""
    names = []

    class Counted(AudioReader):
        def __init__(self, source, **options):
            names.append(os.path.basename(source))
            super().__init__(source, **options)

    monkeypatch.setattr(measure_module, "AudioReader", Counted)
    monkeypatch.setattr(tables, "AudioReader", Counted)
    return names


def test_features_are_the_log_mel_spectrogram_of_the_file(record, prepared):
    record("a/x.wav", noise())
    store = prepared().train
    np.testing.assert_allclose(store[0], log_mel(noise().astype(np.float32), MEL), atol=6e-4)


def test_stereo_is_mixed_and_other_rates_are_resampled(record, prepared):
    record("a/x.wav", np.stack([noise(rate=32000), noise(rate=32000, seed=1)], axis=1), rate=32000)
    domain = prepared()
    (file,) = domain.report.files
    assert (file.rate, file.channels, file.seconds) == (32000, 2, 0.5)
    assert domain.train.frames == MEL.frames(8000)


def test_long_file_streamed_from_disk_gives_the_same_features(record, prepared, monkeypatch, tmp_path):
    wave = np.concatenate([noise(1.0), np.zeros(16000), noise(0.5, seed=1)])
    record("a/x.wav", wave)
    whole = np.array(prepared(trim_silence=True, level_db=-20.0).train[0])
    shutil.rmtree(tmp_path / "cache")
    monkeypatch.setattr(measure_module, "KEPT_WAVE_SECONDS", 0.1)
    monkeypatch.setattr(measure_module, "BLOCK", 1000)
    streamed = np.array(prepared(trim_silence=True, level_db=-20.0).train[0])
    np.testing.assert_allclose(streamed, whole, atol=2e-3)
    assert streamed.shape == (MEL.frames(16000 + 8000 + 3200), 16)


def test_silence_is_trimmed_and_levels_are_evened_out(record, prepared):
    record("a/quiet.wav", np.concatenate([np.zeros(16000), noise(1.0, amplitude=0.005), np.zeros(16000)]))
    record("a/loud.wav", noise(1.0, amplitude=0.2))
    domain = prepared(trim_silence=True, level_db=-26.0)
    loud, quiet = sorted(domain.report.files, key=lambda file: file.path)
    assert (loud.used_seconds, quiet.used_seconds) == (1.0, pytest.approx(1.2))
    assert (loud.level_db, quiet.level_db) == (pytest.approx(-14, abs=0.2), pytest.approx(-46, abs=0.2))
    inside = [np.array(domain.train[i])[50:200].mean() for i in range(2)]
    assert inside[0] == pytest.approx(inside[1], abs=0.02)
    meter = LoudnessMeter(16000)
    meter.update(noise(1.0, amplitude=0.2).astype(np.float32))
    expected = log_mel((noise(1.0, amplitude=0.2) * meter.gain_to(-26.0)).astype(np.float32), MEL)
    np.testing.assert_allclose(domain.train[0], expected, atol=1e-3)


def test_second_run_decodes_nothing(record, prepared, decoded):
    record("a/x.wav", noise())
    record("a/y.wav", noise(seed=1), rate=32000)
    record("a/silent.wav", np.zeros(8000))
    first = prepared()
    assert sorted(decoded) == ["silent.wav", "x.wav", "y.wav"]
    decoded.clear()
    second = prepared()
    assert decoded == []
    assert second.report == first.report
    np.testing.assert_array_equal(second.train[1], first.train[1])


def test_second_run_does_not_even_read_the_files(record, prepared, monkeypatch):
    record("a/x.wav", noise())
    prepared()
    monkeypatch.setattr("melgan_vc.corpus.cache.content_digest", lambda path: pytest.fail(f"read {path}"))
    prepared()


def test_moved_folder_is_not_computed_again(record, prepared, decoded, tmp_path):
    record("a/x.wav", noise())
    prepared()
    decoded.clear()
    (tmp_path / "a").rename(tmp_path / "b")
    prepared("b")
    assert decoded == []


def test_interrupted_run_goes_on(record, prepared, decoded, monkeypatch, tmp_path):
    for i in range(4):
        record(f"a/{i}.wav", noise(seed=i))
    write = tables.write_table
    done = []

    def interrupted(target, frames, **named):
        if len(done) == 2:
            target.write_bytes(b"half a file")
            raise KeyboardInterrupt
        write(target, frames, **named)
        done.append(decoded[-1])

    monkeypatch.setattr("melgan_vc.corpus.examine.write_table", interrupted)
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    with pytest.raises(KeyboardInterrupt):
        prepared()
    assert not list((tmp_path / "cache").rglob(".*"))
    assert len(list((tmp_path / "cache").rglob("*.npy"))) == 2

    monkeypatch.setattr("melgan_vc.corpus.examine.write_table", write)
    decoded.clear()
    domain = prepared()
    assert set(decoded).isdisjoint(done)
    for i in range(4):
        expected = log_mel(noise(seed=i).astype(np.float32), MEL)
        np.testing.assert_allclose(domain.train[i], expected, atol=6e-4)


DAMAGES = {
    "empty": lambda content: b"",
    "cut off": lambda content: content[:60],
    "one byte short": lambda content: content[:-1],
    "something behind it": lambda content: content + b"]",
    "zeros": lambda content: bytes(len(content)),
    "another beginning": lambda content: b"[" * 200 + content[200:],
    "of another shape": lambda content: content.replace(b"126", b"125"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_entries_are_made_again(record, prepared, tmp_path, damage):
    record("a/x.wav", noise())
    prepared()
    for entry in (tmp_path / "cache").rglob("*.*"):
        if entry.is_file():
            entry.write_bytes(DAMAGES[damage](entry.read_bytes()))
    np.testing.assert_allclose(prepared().train[0], log_mel(noise().astype(np.float32), MEL), atol=6e-4)


@pytest.mark.parametrize("text", ["[]", "3", '{"a": 1}', '{"a": []}', "[" * 100_000, "\ufffd"])
def test_json_of_something_else_in_the_cache_is_made_again(record, prepared, tmp_path, text):
    record("a/x.wav", noise())
    first = prepared()
    for entry in (tmp_path / "cache").rglob("*.json"):
        entry.write_text(text)
    assert prepared().report == first.report


def test_what_a_killed_process_left_in_the_cache_is_swept(record, prepared, tmp_path):
    record("a/x.wav", noise())
    (tmp_path / "cache" / "ab" / ".partial-12345678").mkdir(parents=True)
    prepared()
    assert not list((tmp_path / "cache").rglob(".*"))


def test_a_complete_cache_need_not_be_written_to(record, prepared, monkeypatch):
    record("a/x.wav", noise())
    first = prepared()

    def refuse(*arguments, **options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("melgan_vc.atomic.tempfile.mkdtemp", refuse)
    assert prepared().report == first.report


def test_a_table_takes_its_room_while_it_is_written(tmp_path):
    """Not all at once as a hole, for which a full disk has no room when it is filled."""
    sizes = []

    def frames():
        for _ in range(3):
            yield np.ones((1000, 16), np.float32)
            sizes.append((tmp_path / "x.npy").stat().st_size)

    tables.write_table(tmp_path / "x.npy", frames(), shape=(4000, 16))
    assert sizes[0] < sizes[1] < sizes[2] < (tmp_path / "x.npy").stat().st_size
    written = np.load(tmp_path / "x.npy")
    assert written.shape == (4000, 16) and written.dtype == np.float16
    assert (written[:3000] == 1).all() and (written[3000:] == 0).all()


def test_log_mels_of_earlier_versions_are_found(record, prepared, tmp_path):
    """Their places in a cache, by the content of the file and the settings, are what they were in version 0.1.0."""
    cache = CorpusCache(tmp_path)
    settings = {"trim_silence": True, "trim_db": 45.0, "level_db": -26.0}
    place = cache.place("0123456789abcdef" * 2, ".npy", **LogMel(preset("voice").mel).cache_key, **settings)
    assert place.relative_to(tmp_path).as_posix() == PLACE_OF_VOICE
    waveform = cache.place("0123456789abcdef" * 2, ".npy", waveform=16000, **settings)
    assert waveform.relative_to(tmp_path).as_posix() == PLACE_OF_WAVEFORM


def test_changed_settings_are_computed_again(record, prepared, decoded):
    record("a/x.wav", noise())
    first = prepared()
    for changed in [
        {"mel": MEL.model_copy(update={"n_mels": 20})},
        {"level_db": -20.0},
        {"trim_silence": True},
    ]:
        decoded.clear()
        store = prepared(**changed).train
        assert decoded == ["x.wav"]
        assert store.files[0].log_mel != first.train.files[0].log_mel
    assert prepared(held_out=0.3).train.files == first.train.files


def test_changed_content_is_computed_again_even_under_the_same_size(record, prepared):
    path = record("a/x.wav", noise())
    first = np.array(prepared().train[0])
    record("a/x.wav", noise(seed=1))
    os.utime(path, ns=(10**18, 10**18))
    second = np.array(prepared().train[0])
    assert second.shape == first.shape
    assert np.abs(second - first).mean() > 0.01


def test_every_skipped_file_is_reported_with_its_reason(record, prepared, tmp_path):
    record("a/good.wav", noise())
    record("a/silent.wav", np.zeros(8000))
    record("a/short.wav", noise(0.01))
    record("a/none.wav", np.zeros(0))
    broken = noise()
    broken[100] = np.nan
    record("a/nan.wav", broken)
    (tmp_path / "a/zero.wav").touch()
    (tmp_path / "a/broken.wav").write_bytes(b"this is no audio at all" * 10)
    (tmp_path / "a/notes.txt").write_text("notes")
    report = prepared().report
    assert [file.path for file in report.files] == ["good.wav"]
    assert {file.path: file.reason for file in report.skipped} == {
        "silent.wav": "silent",
        "short.wav": "too short",
        "none.wav": "empty",
        "nan.wav": "NaN",
        "zero.wav": "empty",
        "broken.wav": "unreadable",
        "notes.txt": "not audio",
    }


def test_file_shorter_than_a_crop_is_used_with_silence_around(record, prepared):
    record("a/x.wav", noise(0.2))
    store = prepared().train
    crops = CropSampler([store], length=128, batch_size=4, seed=0).batch(0)[0]
    assert store.frames == 51
    assert np.all((crops[:, :, 8] > -1).sum(axis=1) == 51)


def test_held_out_files_are_never_in_a_crop(record, prepared):
    for i in range(12):
        tone = np.sin(2 * np.pi * 440 * np.arange(4000) / 16000)
        record(f"a/{i}.wav", 10 ** (-i / 4) * 0.5 * tone)
    domain = prepared(held_out=0.3)
    kept_out = {path.name for path in domain.held_out.paths}
    assert 1 <= len(kept_out) < 12
    assert kept_out == {file.path for file in domain.report.files if file.held_out}
    assert kept_out.isdisjoint(path.name for path in domain.train.paths)
    loudest = {round(float(np.max(domain.held_out[i])), 2) for i in range(len(domain.held_out))}
    sampler = CropSampler([domain.train], length=30, batch_size=64, seed=0)
    seen = {round(float(crop.max()), 2) for step in range(5) for crop in sampler.batch(step)[0]}
    assert len(seen) == len(domain.train)
    assert seen.isdisjoint(loudest)


def test_subfolders_are_searched(record, prepared):
    record("a/one/x.wav", noise())
    record("a/two/x.wav", noise(seed=1))
    assert [file.path for file in prepared().report.files] == ["one/x.wav", "two/x.wav"]


def test_folder_without_a_usable_file_says_what_was_found(prepared, record, tmp_path):
    record("a/silent.wav", np.zeros(8000))
    (tmp_path / "a/notes.txt").write_text("notes")
    (tmp_path / "a/zero.wav").touch()
    with pytest.raises(MelganVcError) as error:
        prepared()
    assert str(error.value) == (
        f"Expected a folder with audio files, received: {tmp_path / 'a'} "
        "(3 files, none usable: 1 silent (silent.wav), 1 empty (zero.wav), 1 not audio (notes.txt))"
    )


def test_empty_folder_and_file_in_place_of_a_folder(prepared, record, tmp_path):
    (tmp_path / "a").mkdir()
    with pytest.raises(MelganVcError, match="it is empty"):
        prepared()
    record("b/x.wav", noise())
    with pytest.raises(MelganVcError, match=r"x\.wav \(it is no folder\)"):
        prepared("b/x.wav")


def test_missing_folder_names_the_one_that_was_meant(record, prepared):
    record("jazz/x.wav", noise())
    with pytest.raises(MelganVcError, match=r"jaz \(it does not exist; did you mean 'jazz'\?\)"):
        prepared("jaz")


def test_inspection_reports_the_same_without_making_features(record, prepared, tmp_path):
    record("a/x.wav", noise())
    record("b/y.wav", noise(seed=1))
    reports = inspect_folders([tmp_path / "a", tmp_path / "b"], progress=False)
    assert [report.files[0].path for report in reports] == ["x.wav", "y.wav"]
    assert not (tmp_path / "cache").exists()
    settings = {"trim_silence": True}
    assert reports[0].files == prepared(held_out=0.0, **settings).report.files
    assert any("minutes" in warning for warning in warnings_about(reports))


def test_inspection_with_a_cache_saves_preparing_from_measuring(record, prepared, decoded, tmp_path):
    record("a/x.wav", noise())
    inspect_folders([tmp_path / "a"], cache=tmp_path / "cache", progress=False)
    decoded.clear()
    prepared(trim_silence=True)
    assert decoded == ["x.wav"]
    decoded.clear()
    inspect_folders([tmp_path / "a"], cache=tmp_path / "cache", progress=False)
    assert decoded == []


def test_telephone_recordings_are_told_from_studio_recordings(record, tmp_path):
    record("studio/x.wav", noise(2.0))
    record("phone/x.wav", noise(2.0, rate=8000, seed=1), rate=8000)
    warnings = warnings_about(inspect_folders([tmp_path / "studio", tmp_path / "phone"], progress=False))
    assert any("phone seems to be low-passed" in warning and "4.0 kHz" in warning for warning in warnings)


def test_progress_goes_to_standard_error(record, tmp_path, capfd):
    record("a/x.wav", noise())
    inspect_folders([tmp_path / "a"])
    printed = capfd.readouterr()
    assert printed.out == ""
    assert "1/1" in printed.err
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("corpus")]


class TestChannels:
    """Whatever the layout of a voice, it is trained on as mono is."""

    @pytest.fixture
    def mono(self, record, prepared, female_voice):
        record("mono/voice.wav", female_voice)
        return prepared("mono", level_db=-26.0).train[0]

    @pytest.mark.parametrize("layout", ["inverted", "one of two", "spaced", "offset"])
    def test_the_features_are_those_of_mono(self, record, prepared, female_voice, mono, layout):
        nothing, late = np.zeros_like(female_voice), 0.99 * np.roll(female_voice, 37)
        channels = {
            "inverted": [female_voice, -female_voice],
            "one of two": [nothing, female_voice],
            "spaced": [female_voice, late],
            "offset": [female_voice + np.float32(0.2), female_voice + np.float32(0.2)],
        }
        record("other/voice.wav", np.stack(channels[layout], axis=1))
        np.testing.assert_allclose(prepared("other", level_db=-26.0).train[0], mono, atol=2e-2)

    def test_a_long_file_is_decoded_as_it_was_measured(self, record, prepared, female_voice, mono, monkeypatch):
        monkeypatch.setattr("melgan_vc.corpus.measure.KEPT_WAVE_SECONDS", 1.0)
        record("long/voice.wav", np.stack([female_voice + np.float32(0.1), -female_voice], axis=1))
        np.testing.assert_allclose(prepared("long", level_db=-26.0).train[0], mono, atol=2e-2)

    def test_what_the_mean_of_channels_called_silent_is_heard_again(self, record, prepared, female_voice, tmp_path):
        record("a/voice.wav", np.stack([female_voice, -female_voice], axis=1))
        prepared()
        (measures,) = (path for path in tmp_path.glob("cache/**/*.json") if "stretches" in path.read_text())
        old = json.loads(measures.read_text()) | {"level_db": None}
        measures.write_text(json.dumps({key: value for key, value in old.items() if key not in ("mix", "offset")}))
        assert len(prepared().train) == 1

    def test_an_offset_is_named(self, record, prepared, female_voice):
        record("a/faulty.wav", female_voice + np.float32(0.2))
        warnings = " ".join(warnings_about([prepared(level_db=-26.0).report]))
        assert "1 with an offset" in warnings and "0.2 in faulty.wav" in warnings
