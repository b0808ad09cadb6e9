"""Over there: what is kept, how large it is, and what of it no unfinished training needs.

A training is finished once its result is on the computer that asked for it. Whatever was sent for
others is theirs, too: a file goes when no training is left whose list names it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import comma_list
from transfergui.core.places.jobs import NAME, Job
from transfergui.core.places.store import Store

WEIGHTS = "weights/"
"""How the paths of pretrained weights begin in a manifest."""


class Amount(msgspec.Struct, frozen=True):
    """Bytes of one kind.

    Attributes:
        total: that are there.
        unused: of these, what no unfinished training needs.
    """

    total: int
    unused: int


class Training(msgspec.Struct, frozen=True):
    """One that runs over there.

    Attributes:
        job: its name there.
        run: the name of its run.
        began: when it was started there last, in seconds since 1970.
    """

    job: str
    run: str
    began: float | None = None


class Kept(msgspec.Struct, frozen=True):
    """What is there.

    Attributes:
        running, unfinished, finished: trainings, by the names of their runs. Unfinished are those
            that were paused, have failed, are still being sent, or were not brought back.
        data, weights, runs: their sizes.
    """

    running: tuple[str, ...]
    unfinished: tuple[str, ...]
    finished: tuple[str, ...]
    data: Amount
    weights: Amount
    runs: Amount

    @property
    def total(self) -> int:
        """Bytes of everything."""
        return sum(each.total for each in self._amounts)

    @property
    def unused(self) -> int:
        """Bytes of what no unfinished training needs."""
        return sum(each.unused for each in self._amounts)

    @property
    def _amounts(self) -> tuple[Amount, ...]:
        return self.data, self.weights, self.runs


@dataclass(frozen=True)
class _Look:
    """All trainings and stored files of a place.

    Attributes:
        sizes: bytes of each stored file, by its hash.
        own: bytes of each training that are not those of stored files, by its folder.
        states: ``running``, ``unfinished`` or ``finished``, likewise.
        files: the hashes of each, by the paths below its folder; None where that is not known.
    """

    sizes: Mapping[str, int]
    own: Mapping[Path, int]
    states: Mapping[Path, str]
    files: Mapping[Path, Mapping[str, str] | None]

    def named(self, state: str) -> tuple[str, ...]:
        folders = (folder for folder, each in self.states.items() if each == state)
        return tuple(folder.name.rpartition(".")[0] for folder in folders)

    def unused(self, everything: bool) -> tuple[set[Path], set[str]]:
        """The folders of trainings and the hashes of files that may be deleted."""
        gone = {f for f, state in self.states.items() if everything or state == "finished"}
        left = [self.files[folder] for folder in self.states if folder not in gone]
        if None in left:  # it may need anything
            return gone, set()
        used = {digest for each in left if each is not None for digest in each.values()}
        return gone, set(self.sizes) - used


def trainings(folder: Path) -> tuple[Training, ...]:
    """Those that run.

    Args:
        folder: of the place.
    """
    running = (job for job in _jobs(folder) if job.state() == "running")
    return tuple(Training(job.folder.name, job.run.path.name, job.began) for job in running)


def kept(folder: Path, store: Store) -> Kept:
    """
    Args:
        folder: of the place.

    Raises:
        OSError: it cannot be read.
    """
    return _told(_look(folder, store))


def clean(folder: Path, store: Store, everything: bool) -> int:
    """Delete what no unfinished training needs.

    Args:
        everything: what unfinished trainings need, too.

    Returns:
        the bytes that were freed.

    Raises:
        UserError: ``place.clean_running``, ``place.clean_sending``.
        OSError: it cannot be deleted.
    """
    with store.alone():
        look = _look(folder, store)
        if running := look.named("running"):
            raise UserError("place.clean_running", names=comma_list(running))
        gone, digests = look.unused(everything)
        for each in gone:
            shutil.rmtree(each)
        store.delete(digests)
    return sum(look.own[each] for each in gone) + sum(look.sizes[each] for each in digests)


def _told(look: _Look) -> Kept:
    gone, digests = look.unused(False)
    every = [each for each in look.files.values() if each is not None]
    weights = {
        digest for each in every for path, digest in each.items() if path.startswith(WEIGHTS)
    }
    return Kept(
        running=look.named("running"),
        unfinished=look.named("unfinished"),
        finished=look.named("finished"),
        data=_amount(look.sizes, set(look.sizes) - weights, digests - weights),
        weights=_amount(look.sizes, weights & set(look.sizes), digests & weights),
        runs=Amount(sum(look.own.values()), sum(look.own[each] for each in gone)),
    )


def _amount(sizes: Mapping[str, int], all_of: set[str], unused: set[str]) -> Amount:
    return Amount(sum(sizes[each] for each in all_of), sum(sizes[each] for each in unused))


def _look(folder: Path, store: Store) -> _Look:
    jobs = {job.folder: job for job in _jobs(folder)}
    return _Look(
        sizes=store.sizes(),
        own={path: _own_bytes(job) for path, job in jobs.items()},
        states={path: _state(job) for path, job in jobs.items()},
        files={path: _files(job) for path, job in jobs.items()},
    )


def _jobs(folder: Path) -> Iterator[Job]:
    parent = folder / "jobs"
    names = sorted(each.name for each in parent.iterdir()) if parent.is_dir() else []
    yield from (Job(folder, name) for name in names if NAME.fullmatch(name))


def _state(job: Job) -> str:
    if job.state() == "running":
        return "running"
    return "finished" if job.brought else "unfinished"


def _files(job: Job) -> Mapping[str, str] | None:
    found = job.manifest()
    return None if found is None else found.files


def _own_bytes(job: Job) -> int:
    """Of its run, its logs and copies; a link to a stored file is none."""
    total = 0
    for place, _folders, names in os.walk(job.folder):
        for name in names:
            found = Path(place, name).lstat()
            total += found.st_size if found.st_nlink == 1 else 0
    return total
