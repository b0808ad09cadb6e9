"""Listing a folder: every regular file once, nothing opened, nothing followed in circles."""

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from transfergui.core.data.dataset import Problem

SYSTEM_NAMES = frozenset(
    {"thumbs.db", "ehthumbs.db", "desktop.ini", "__macosx", "@eadir", "$recycle.bin"}
    | {"system volume information"}
)
"""What systems leave in folders, in lower case; names that begin with a dot go without saying, and
so do those of workbooks that are open in Excel (``~$list.xlsx``)."""


RUN = frozenset({"recipe.json", "split.json", "environment.json"})
"""Files that each folder of a training has (:mod:`transfergui.core.runs.run`): no data of users."""


class Folder(NamedTuple):
    """What one folder holds directly.

    Attributes:
        path: relative to the root, with forward slashes; empty for the root.
        files: the name of each regular file, in no order.
        leaf: whether it has no folder below it.
    """

    path: str
    files: list[str]
    leaf: bool


def ignored(name: str) -> bool:
    """Whether ``name`` is hidden or a system's own."""
    return name[0] == "." or name.startswith("~$") or name.casefold() in SYSTEM_NAMES


def joined(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


class Walk:
    """The folders below ``root``, hidden and system files left out. Iterate once.

    A link is followed when it leads out of the tree, once per target, after everything
    else: so each real file comes once, under the same name on every machine.

    Attributes:
        problems: what could not be listed; complete when the iteration has ended.
        repeats: links to files that are listed already, and the file that each leads to; listed
            all the same, where that was asked for.
    """

    def __init__(
        self,
        root: Path,
        is_file_name: Callable[[str], bool] = lambda name: False,
        skip: Path | None = None,
        keep_repeats: bool = False,
    ) -> None:
        """Args:
        root: an existing folder.
        is_file_name: tells names that only files should have; folders of such a name are
            not entered but listed.
        skip: a folder that is left out.
        keep_repeats: whether links to files that are listed anyway are listed, too, if they are
            named like files: in another folder, they may stand for another class.
        """
        self.problems: list[Problem] = []
        self.repeats: dict[str, str] = {}
        self._keep_repeats = keep_repeats
        self._root = os.path.realpath(root)
        self._skip = os.path.realpath(skip) if skip else None
        self._is_file_name = is_file_name
        self._links: list[str] = []
        self._entered = [self._root]

    def __iter__(self) -> Iterator[Folder]:
        yield from self._below("")
        targets: set[str] = set()
        while self._links:
            links, self._links = sorted(self._links), []
            for link in links:
                yield from self._follow(link, targets)

    def _below(self, top: str) -> Iterator[Folder]:
        waiting = [top]
        while waiting:
            path = waiting.pop()
            files: list[str] = []
            below: list[str] = []
            try:
                self._read(path, files, below)
            except OSError as error:
                self._report("data.folder_unreadable", path or ".", reason=error.strerror or "")
            if path and RUN.issubset(files):
                self._report("data.run_folder", path)
                continue
            waiting += below
            yield Folder(path, files, leaf=not below)

    def _read(self, folder: str, files: list[str], below: list[str]) -> None:
        """Sort the entries of one folder; what kind they are costs no further system call."""
        with os.scandir(self._absolute(folder)) as entries:
            for entry in entries:
                name = entry.name
                if ignored(name):
                    continue
                if entry.is_file(follow_symlinks=False):
                    files.append(name)
                elif entry.is_dir(follow_symlinks=False):
                    self._enter(joined(folder, name), name, below)
                elif entry.is_symlink():
                    self._links.append(joined(folder, name))
                else:
                    self._report("data.not_a_file", joined(folder, name))

    def _enter(self, path: str, name: str, below: list[str]) -> None:
        if self._is_file_name(name):
            self._report("data.folder_like_file", path)
        elif self._skip is None or self._absolute(path) != self._skip:
            below.append(path)

    def _follow(self, link: str, targets: set[str]) -> Iterator[Folder]:
        try:
            target = os.path.realpath(self._absolute(link))
            mode = os.stat(target).st_mode  # noqa: PTH116 - paths are plain strings here
        except OSError:
            self._report("data.link_broken", link)
            return
        folder, _, name = link.rpartition("/")
        if target in targets or target == self._skip or self._known(target):
            if self._keep_repeats and stat.S_ISREG(mode) and self._is_file_name(name):
                self.repeats[link] = target
                yield Folder(folder, [name], leaf=False)
            else:
                self.report_repeat(link)
        elif stat.S_ISREG(mode):
            targets.add(target)
            yield Folder(folder, [name], leaf=False)
        elif stat.S_ISDIR(mode):
            self._entered.append(target)
            yield from self._below(link)
        else:
            self._report("data.not_a_file", link)

    def report_repeat(self, link: str) -> None:
        """Note that a link leads to what is there anyway."""
        self._report("data.link_repeats", link)

    def _known(self, target: str) -> bool:
        """Whether ``target`` is listed anyway, or holds what is."""
        return any(_visible(target, top) or _within(top, target) for top in self._entered)

    def _absolute(self, path: str) -> str:
        return f"{self._root}/{path}" if path else self._root

    def _report(self, code: str, path: str, **values: str) -> None:
        self.problems.append(Problem(code, values, path=path))


def _within(path: str, top: str) -> bool:
    return path == top or path.startswith(top.rstrip(os.sep) + os.sep)


def _visible(path: str, top: str) -> bool:
    """Whether a walk from ``top`` meets ``path``: git-annex keeps its files in a hidden folder."""
    return _within(path, top) and not any(map(ignored, Path(path[len(top) + 1 :]).parts))


def extension(name: str) -> str:
    """``.jpg`` for ``Photo.JPG``, and for ``photo.jpg.`` and ``photo.jpg `` as well.

    Written for a million calls: twice as fast as ``os.path.splitext``.
    """
    _, dot, last = name.rstrip(" .").rpartition(".")
    return f".{last.lower()}" if dot and "/" not in last else ""


def size_of(path: str) -> int | None:
    """Bytes of a file; None where it cannot be looked at, as when it was just deleted."""
    try:
        return os.stat(path).st_size  # noqa: PTH116 - a million of them
    except OSError:
        return None
