"""Which clips are judged: those that training never sees, and enough of them."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from melgan_vc.config.corpus import CorpusConfig
from melgan_vc.corpus.clips import NamedClip, examples, held_out_clips, unheard_clips, with_parallel
from melgan_vc.corpus.held_out import name_hash
from melgan_vc.corpus.prepare import prepare
from melgan_vc.errors import MelganVcError
from melgan_vc.methods.presets import preset

RATE = 8000


@pytest.fixture
def record(tmp_path, draw):
    """``record(*names, seconds=3.0)`` writes noise for each name under ``tmp_path / "voice"``; the folder."""

    def write(*names, seconds=3.0, scale=0.1, folder="voice") -> Path:
        for name in names:
            path = tmp_path / folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            wave = scale * draw.standard_normal(int(seconds * RATE))
            soundfile.write(path, wave, RATE)
        return tmp_path / folder

    return write


def names(clips) -> list[str]:
    return [clip.name for clip in clips]


def choose(folder, *, share=0.25, count=99, **options):
    return held_out_clips(folder, rate=RATE, share=share, count=count, seconds=3.0, **options)


def show(folder, *, share=0.25):
    return examples(folder, rate=RATE, share=share, count=99, seconds=3.0)


def trained_and_held_out(folder, cache, share):
    """What a training on the folder takes, and what it leaves."""
    corpus = CorpusConfig(held_out=share)
    domain = prepare(folder, mel=preset("debug").mel, corpus=corpus, cache=cache, progress=False)
    return tuple(
        sorted(path.relative_to(folder.absolute()).with_suffix("").as_posix() for path in map(Path, store.paths))
        for store in (domain.train, domain.held_out)
    )


def test_the_held_out_clips_are_those_of_training(record, tmp_path):
    folder = record(*(f"disc {number % 3}/{number}.wav" for number in range(16)))
    trained, held_out = trained_and_held_out(folder, tmp_path / "cache", 0.25)
    assert 1 < len(held_out) < 15
    assert names(choose(folder)) == held_out
    assert names(show(folder)) == trained


def untouched(count: int, share: float) -> list[str]:
    """Names of which none falls to the share, the one of the smallest hash first."""
    found = (f"{number}.wav" for number in range(999))
    return sorted(
        [name for name in found if name_hash(Path(name)) >= share][:count], key=lambda n: name_hash(Path(n))
    )


def test_training_would_not_hold_out_a_file_that_it_cannot_use(record, tmp_path):
    nearest, *others = untouched(7, 0.05)
    folder = record(*others)
    (folder / nearest).write_text("no sound")  # else the one to go
    trained, held_out = trained_and_held_out(folder, tmp_path / "cache", 0.05)
    assert held_out == [Path(others[0]).stem]
    assert names(choose(folder, share=0.05)) == held_out
    assert names(show(folder, share=0.05)) == trained


def test_a_file_too_few_is_none_held_out(record):
    *usable, damaged = untouched(5, 0.05)
    folder = record(*usable)
    (folder / damaged).write_text("no sound")
    with pytest.raises(MelganVcError, match="held-out files in .*received: 4 audio files, all of them for training"):
        choose(folder, share=0.05)


def test_all_of_a_folder_of_test_files(record):
    assert names(choose(record("a.wav", "b/c.flac"), everything=True)) == ["a", "b/c"]


def test_of_what_nobody_heard_all_is_judged_and_other_files_are_examples(record):
    folder = record(*(f"{number:02}.wav" for number in range(7)))
    options = {"rate": RATE, "shown": 99, "seconds": 3.0}
    clips, shown = unheard_clips(folder, count=3, **options)
    assert names(clips) == ["00", "03", "06"] and names(shown) == ["01", "02", "04", "05"]
    clips, shown = unheard_clips(folder, count=7, **options)
    assert names(clips) == names(shown) == [f"{number:02}" for number in range(7)], "there are no others"


def test_of_what_nobody_heard_files_that_are_no_audio_are_no_examples(record):
    folder = record("a.wav", "b.wav")
    (folder / "c.wav").write_bytes(b"")
    clips, shown = unheard_clips(folder, rate=RATE, count=2, shown=9, seconds=3.0)
    assert names(clips) == names(shown) == ["a", "b"]


def test_several_clips_of_few_files(record):
    folder = record("long.wav", seconds=10.0)
    record("longer.wav", seconds=14.0)
    clips = choose(folder, everything=True, count=6)
    assert names(clips) == ["long", "long-1", "long-2", "longer", "longer-1", "longer-2"]
    assert {len(clip.wave) for clip in clips} == {3 * RATE}
    whole, _ = soundfile.read(folder / "long.wav", dtype="float32")
    np.testing.assert_array_equal(np.concatenate([clip.wave for clip in clips[:3]]), whole[: 9 * RATE])


def test_many_files_give_one_clip_each_from_all_over_the_folder(record):
    folder = record(*(f"{number:02}.wav" for number in range(20)), seconds=7.0)
    assert names(choose(folder, everything=True, count=4)) == ["00", "06", "13", "19"]


def test_short_files_only_where_there_are_no_longer_ones(record):
    folder = record("short.wav", seconds=1.0)
    assert names(choose(folder, everything=True)) == ["short"]
    record("long.wav", seconds=2.6)
    assert names(choose(folder, everything=True)) == ["long"]


def test_what_holds_no_sound_is_left_out(record):
    folder = record("sound.wav")
    record("silence.wav", scale=0.0)
    (folder / "words.wav").write_text("no sound")
    assert names(choose(folder, everything=True)) == ["sound"]
    (folder / "sound.wav").unlink()
    with pytest.raises(MelganVcError, match="audio files in .*received: 2, none of them usable: silence.wav"):
        choose(folder, everything=True)


@pytest.mark.parametrize("find", [choose, show, lambda folder: choose(folder, everything=True)])
def test_an_empty_folder(find, tmp_path):
    with pytest.raises(MelganVcError, match=r"Expected a folder with audio files, received: .*\(none found in it\)"):
        find(tmp_path)


def test_without_held_out_files_every_file_is_an_example(record):
    folder = record("a.wav", "b.wav")
    assert names(show(folder, share=0.0)) == ["a", "b"]


def test_clips_come_mono_and_at_the_rate_asked_for(tmp_path):
    soundfile.write(tmp_path / "stereo.wav", 0.1 * np.ones((132300, 2)), 44100)
    (clip,) = choose(tmp_path, everything=True)
    assert clip.wave.shape == (24000,) and clip.wave.dtype == np.float32


def test_a_parallel_recording_has_the_name_of_the_clip(record):
    folder = record("a.flac", seconds=1.5, folder="same words")
    waves = {"a": 2.0, "b": 2.0}
    clips = [NamedClip(name, np.ones(int(seconds * RATE), np.float32)) for name, seconds in waves.items()]
    found = with_parallel(clips, folder, rate=RATE, seconds=3.0)
    assert found[0].parallel.shape == (12000,) and found[1].parallel is None


def test_a_part_of_a_file_has_no_parallel_recording(record):
    folder = record("a.flac", folder="same words")
    with pytest.raises(
        MelganVcError, match=r"names of the clips, received: 1 audio files, none .* less than 3 s.*: a$"
    ):
        with_parallel([NamedClip("a", np.ones(3 * RATE, np.float32))], folder, rate=RATE, seconds=3.0)
