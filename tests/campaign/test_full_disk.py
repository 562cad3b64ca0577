"""A disk that is full at any moment: one sentence, the last whole state kept, and on with it after room is made."""

import subprocess

import pytest
import soundfile
from checkpoint_writer import SmallTraining, newest, save

from melgan_vc.cli import convert, train
from melgan_vc.errors import MelganVcError
from melgan_vc.runs.checkpoint_files import newest_whole


def fill(place, *, free: int) -> None:
    """Leave so many bytes on a disk, or a page of an empty one: none would mean no limit."""
    subprocess.run(["mount", "-o", "remount,size=64m", place], check=True)
    used = int(subprocess.run(["du", "-sB1", place], capture_output=True, check=True, text=True).stdout.split()[0])
    subprocess.run(["mount", "-o", f"remount,size={max(used + free, 4096)}", place], check=True)


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
                assert newest(place / "checkpoints") in (saved, step), (
                    "the one before, or this one and no latest.json"
                )
                make_room(place)
                save(place / "checkpoints", training.at(step))
                assert newest(place / "checkpoints") == step


@pytest.fixture
def rooms(size, chance):
    """``rooms(small, large, most)``: so many rooms on a disk, in bytes, from nothing to the most, both among them."""

    def draw(small: int, large: int, most: int) -> list[int]:
        return [0, *(chance.randrange(0, most, 4096) for _ in range(size(small, large) - 1))]

    return draw


@pytest.fixture
def told(command):
    """``told(app, *arguments)``: what a command prints, be it all or one sentence of a full disk; no traceback."""

    def call(app, *arguments) -> str:
        result = command(app, *arguments)
        assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
        assert result.exit_code == 0 or "disk is full" in result.stderr, result.stderr
        assert result.exit_code in (0, 1, 2), result.exit_code
        return result.stdout

    return call


@pytest.mark.parametrize("what", ["run", "cache"])
def test_a_training_on_a_full_disk_says_so_and_goes_on_once_there_is_room(
    needs_campaign, mounted, small_training, told, tries, rooms, tmp_path, what
):
    with tries(f"full disk, {what} of a training") as one:
        for number, free in enumerate(rooms(1, 6, 4_000_000 if what == "run" else 120_000)):
            disk = mounted(size="64m")  # of its own: arrays that a training has open take room on the one before
            places = {name: (disk if name == what else tmp_path) / f"{name} {number}" for name in ("run", "cache")}
            options = [f"--{name}={place}" for name, place in places.items()]
            new, resumed = [*small_training, *options], ["travelgan", *options, "--resume"]
            fill(disk, free=free)
            with one(f"{free} bytes of room"):
                if "Done: 40 steps" not in told(train.app, *new):
                    make_room(disk)
                    again = resumed if (places["run"] / "config.json").exists() else new
                    assert "Done: 40 steps" in told(train.app, *again)
                assert newest_whole(places["run"] / "checkpoints").name == "step-00000040"


def test_a_conversion_to_a_full_disk_leaves_nothing_half_written(mounted, identity_run, folders, told, tries, rooms):
    disk, song = mounted(size="64m"), folders["source"] / "source 0.wav"
    with tries("full disk, conversion and picture") as one:
        for number, free in enumerate(rooms(1, 12, 30_000) + rooms(1, 12, 200_000)):
            sound = disk / f"out {number}.wav"
            wanted = {sound.name, sound.with_suffix(".png").name}
            arguments = [song, "--model", identity_run, "-o", sound, "--picture"]
            fill(disk, free=free)
            with one(f"{free} bytes of room"):
                told(convert.app, *arguments)
                left = {path.name for path in disk.rglob("*") if path.is_file()}
                assert left <= wanted, f"left over: {left - wanted}"
                make_room(disk)
                if left != wanted:
                    told(convert.app, *arguments, "--force")
                assert {path.name for path in disk.iterdir()} == wanted
                assert soundfile.info(sound).frames == 12000
            make_room(disk)
            for path in disk.iterdir():
                path.unlink()


@pytest.mark.parametrize("program", ["convert to standard output", "models", "inspect", "export", "train"])
def test_what_prints_to_a_full_disk_ends_without_a_traceback(
    needs_campaign, program, identity_run, folders, small_training, start, ended, tries, tmp_path
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
        ended(start(*arguments, stdout=full, stdin=song), {0, 1, 2})
        if program == "train":
            last = tmp_path / "run" / "checkpoints" / "step-00000040"
            assert last.is_dir(), "it was to go on without a reader"
