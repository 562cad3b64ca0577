"""A disk that is full at any moment: one sentence, the last whole state kept, and on with it after room is made."""

import subprocess

import pytest
from checkpoint_writer import SmallTraining, newest, save

from melgan_vc.errors import MelganVcError


def fill(place, *, free: int) -> None:
    """Leave so many bytes on a disk."""
    subprocess.run(["mount", "-o", "remount,size=64m", place], check=True)
    used = int(subprocess.run(["du", "-sB1", place], capture_output=True, check=True, text=True).stdout.split()[0])
    subprocess.run(["mount", "-o", f"remount,size={used + free}", place], check=True)


def make_room(place) -> None:
    subprocess.run(["mount", "-o", "remount,size=64m", place], check=True)


def test_a_checkpoint_that_finds_no_room_leaves_the_former_and_is_saved_once_there_is(mounted, tries, some):
    place = mounted(size="64m")
    training = SmallTraining()
    save(place / "checkpoints", training.at(1))
    with tries("full disk, checkpoint") as one:
        for step, pages in enumerate(some(range(0, 44, 2), 8), start=2):
            saved = newest(place / "checkpoints")
            fill(place, free=4096 * pages)
            with one(f"{pages} pages of room"):
                try:
                    save(place / "checkpoints", training.at(step))
                    saved = step
                except MelganVcError as error:
                    assert "the disk is full" in str(error) and "\n" not in str(error)
                assert newest(place / "checkpoints") == saved
                make_room(place)
                save(place / "checkpoints", training.at(step))
                assert newest(place / "checkpoints") == step


@pytest.fixture
def pages(size, chance):
    """``pages(large)``: rooms for a disk, in bytes, from nothing to all that a small training writes."""
    return lambda number, most: sorted(chance.randrange(0, most, 4096) for _ in range(number))


def test_a_training_on_a_full_disk_says_so_and_goes_on_once_there_is_room(
    needs_campaign, mounted, small_training, start, told, tries, pages, tmp_path
):
    place = mounted(size="64m")
    with tries("full disk, training") as one:
        for number, free in enumerate(pages(10, 6_000_000)):
            run = place / f"run {number}"
            arguments = ["train_cli.py", *small_training, "--run", run, "--cache", tmp_path / "cache"]
            fill(place, free=free)
            with one(f"{free} bytes of room for the run"):
                said = told(start(*arguments))
                make_room(place)
                resumable = (run / "config.json").exists()
                if "Done: 40 steps" not in said:
                    assert "disk is full" in said or "No space" in said, said
                    again = told(start(*(arguments if not resumable else _resume(run, tmp_path))), {0})
                    assert "Done: 40 steps" in again, again
            subprocess.run(["rm", "-rf", run], check=True)


def _resume(run, tmp_path) -> list:
    return ["train_cli.py", "travelgan", "--run", run, "--cache", tmp_path / "cache", "--resume"]


def test_a_cache_on_a_full_disk_is_told_and_filled_once_there_is_room(
    needs_campaign, mounted, small_training, start, told, tries, pages, tmp_path
):
    place = mounted(size="64m")
    with tries("full disk, cache") as one:
        for number, free in enumerate(pages(10, 400_000)):
            cache, run = place / f"cache {number}", tmp_path / f"run {number}"
            arguments = ["train_cli.py", *small_training, "--run", run, "--cache", cache]
            fill(place, free=free)
            with one(f"{free} bytes of room for the cache"):
                said = told(start(*arguments))
                make_room(place)
                if "Done: 40 steps" not in said:
                    assert "disk is full" in said or "No space" in said, said
                    assert "Done: 40 steps" in told(start(*arguments), {0})
            subprocess.run(["rm", "-rf", cache], check=True)


def test_a_conversion_to_a_full_disk_leaves_nothing_half_written(
    needs_campaign, mounted, identity_run, folders, start, told, tries, pages
):
    place = mounted(size="64m")
    sizes = pages(6, 30_000) + pages(6, 200_000)
    with tries("full disk, conversion and picture") as one:
        for number, free in enumerate(sizes):
            song, out = folders["source"] / "source 0.wav", place / f"out {number}.wav"
            arguments = ["convert_cli.py", song, "--model", identity_run, "-o", out, "--picture"]
            fill(place, free=free)
            with one(f"{free} bytes of room"):
                said = told(start(*arguments), {0, 1, 2})
                left = [path.name for path in place.rglob("*") if path.is_file()]
                assert all(name in (out.name, out.with_suffix(".png").name) for name in left), left
                make_room(place)
                if len(left) < 2:
                    assert "disk is full" in said or "No space" in said, said
                    told(start(*arguments, "--force"), {0})
                assert out.stat().st_size == 24044 and out.with_suffix(".png").is_file()
            subprocess.run(["find", place, "-mindepth", "1", "-delete"], check=True)


@pytest.mark.parametrize("program", ["convert to standard output", "models", "inspect", "export", "train"])
def test_what_prints_to_a_full_disk_ends_without_a_traceback(
    needs_campaign, program, identity_run, folders, small_training, start, told, tries, tmp_path
):
    arguments = {
        "convert to standard output": ("convert_cli.py", "-", "--model", identity_run),
        "models": ("melgan-vc", "models"),
        "inspect": ("melgan-vc", "inspect", folders["source"]),
        "export": ("melgan-vc", "export", identity_run, "-o", tmp_path / "exported", "--task", "x"),
        "train": ("train_cli.py", *small_training, "--run", tmp_path / "run", "--cache", tmp_path / "cache"),
    }[program]
    with (
        tries("full disk, standard output") as one,
        one(program),
        open("/dev/full", "wb") as full,
        open(folders["source"] / "source 0.wav", "rb") as song,
    ):
        told(start(*arguments, stdout=full, stdin=song), {0, 1, 2})
        if program == "train":
            last = tmp_path / "run" / "checkpoints" / "step-00000040"
            assert last.is_dir(), "it was to go on without a reader"
