"""A folder under watch: what a cut of the power, or a kill, at each moment may leave of it."""

import contextlib
import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

NAMES = ("replace", "rename", "link", "symlink", "mkdir", "rmdir", "unlink", "remove", "truncate")
SYNCS = ("fsync", "fdatasync", "sync")

Folders = dict[int, dict[str, int]]


@dataclass(frozen=True)
class Moment:
    """What was on the disk, and what of it was promised to stay, at one moment.

    Attributes
    ----------
    after : str
        The call before it, for a person.
    folders : dict
        The names in each folder, as every program saw them.
    kept_folders : dict
        The names in each folder when it was last synced.
    files : dict
        What each file held, as every program saw it.
    kept_files : dict
        What each file held when it was last synced; one that never was is not in it.
    all_folders : set
        The numbers that are folders, the others are files.
    note : object
        What the test had marked last.
    """

    after: str
    folders: Folders
    kept_folders: Folders
    files: dict[int, bytes]
    kept_files: dict[int, bytes]
    all_folders: set[int]
    note: object

    def kill(self) -> tuple:
        """A kill: the system goes on, so everything that was written is there."""
        return self._tree(0, self.folders, self.files)

    def cut_of_contents(self) -> tuple:
        """A cut on a disk that keeps names at once and contents late, as ext4 does: what was not synced is empty."""
        return self._tree(0, self.folders, self.kept_files)

    def cut_halfway(self) -> tuple:
        """The same, where half of each content came to the disk."""
        halves = {file: content[: len(content) // 2] for file, content in self.files.items()}
        return self._tree(0, self.folders, halves | self.kept_files)

    def cut_of_everything(self) -> tuple:
        """A cut on a disk that keeps only what it promised: neither names nor contents that were not synced."""
        return self._tree(0, self.kept_folders, self.kept_files)

    def _tree(self, folder: int, folders: Folders, files: dict[int, bytes]) -> tuple:
        """``(name, tree or content)`` of everything in a folder."""
        names = sorted(folders.get(folder, {}).items())
        return tuple(
            (name, self._tree(node, folders, files) if node in self.all_folders else files.get(node, b""))
            for name, node in names
        )


CUTS = (Moment.kill, Moment.cut_of_contents, Moment.cut_halfway, Moment.cut_of_everything)


class RecordedDisk:
    """Watches a folder while this process writes to it; ``moments`` is what it saw, before and after each call.

    Parameters
    ----------
    folder : Path
        What lies in it at the start is taken as kept.
    """

    def __init__(self, folder: Path):
        self.folder = folder
        self.moments: list[Moment] = []
        self.note: object = None
        self._nodes: dict[int, int] = {}  # inode to a number that is never used again, as inodes are
        self._count = 0
        self._all_folders: set[int] = set()
        self._contents: dict[bytes, bytes] = {}  # one copy of each
        self._kept_folders: Folders = {}
        self._kept_files: dict[int, bytes] = {}

    @contextlib.contextmanager
    def recording(self) -> Iterator["RecordedDisk"]:
        """Watch for as long as the block runs."""
        originals = {name: getattr(os, name) for name in (*NAMES, *SYNCS)}
        self._kept_folders, self._kept_files = self._look()
        try:
            for name, call in originals.items():
                setattr(os, name, self._watched(name, call))
            yield self
            self._record("the end")
        finally:
            for name, call in originals.items():
                setattr(os, name, call)

    def outcomes(self) -> Iterator[tuple[str, tuple, object]]:
        """What each kind of cut leaves at each moment, as ``(why, tree, note)``; each outcome once for each note."""
        seen = set()
        for moment in self.moments:
            for cut in CUTS:
                tree = cut(moment)
                if (tree, moment.note) not in seen:
                    seen.add((tree, moment.note))
                    yield f"{cut.__name__} after {moment.after}", tree, moment.note

    def _watched(self, name, call):
        def watched(*arguments, **options):
            shown = f"{name}({', '.join(self._shown(argument, name) for argument in arguments)})"
            self._record(f"what was written before {shown}")
            result = call(*arguments, **options)
            if name in SYNCS:
                self._keep(*arguments)
            self._record(shown)
            return result

        return watched

    def _shown(self, argument, name: str) -> str:
        if isinstance(argument, int):
            return os.path.basename(os.readlink(f"/proc/self/fd/{argument}")) if name in SYNCS else f"{argument:o}"
        return os.path.basename(os.fsdecode(argument))

    def _record(self, after: str) -> None:
        folders, files = self._look()
        kept = dict(self._kept_folders), files, dict(self._kept_files)
        self.moments.append(Moment(after, folders, *kept, self._all_folders, self.note))

    def _keep(self, descriptor: int | None = None) -> None:
        folders, files = self._look()
        if descriptor is None:
            self._kept_folders, self._kept_files = folders, files
            return
        node = self._node(os.fstat(descriptor).st_ino)
        if node in folders:
            self._kept_folders[node] = folders[node]
        elif node in files:
            self._kept_files[node] = files[node]

    def _look(self) -> tuple[Folders, dict[int, bytes]]:
        folders: Folders = {}
        files: dict[int, bytes] = {}
        inodes = set()

        def look(folder: Path, node: int) -> None:
            folders[node] = {}
            self._all_folders.add(node)
            for entry in os.scandir(folder):
                inode = entry.inode()
                inodes.add(inode)
                number = folders[node][entry.name] = self._node(inode)
                if stat.S_ISDIR(entry.stat(follow_symlinks=False).st_mode):
                    look(Path(entry.path), number)
                else:
                    content = Path(entry.path).read_bytes()
                    files[number] = self._contents.setdefault(content, content)

        inodes.add(os.stat(self.folder).st_ino)
        self._nodes.setdefault(os.stat(self.folder).st_ino, 0)
        look(self.folder, 0)
        self._nodes = {inode: node for inode, node in self._nodes.items() if inode in inodes}
        return folders, files

    def _node(self, inode: int) -> int:
        if inode not in self._nodes:
            self._count += 1
            self._nodes[inode] = self._count
        return self._nodes[inode]


def make_tree(folder: Path, tree: tuple) -> Path:
    """Write what a cut has left to a new folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, content in tree:
        if isinstance(content, bytes):
            (folder / name).write_bytes(content)
        else:
            make_tree(folder / name, content)
    return folder
