"""Putting one file in its place: never over another one, and whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from transfergui.core.acting.names import alike
from transfergui.core.base import files, shards

CHUNK = 1 << 22
FULL = (errno.ENOSPC, errno.EDQUOT)
LOCKED = (errno.EACCES, errno.EPERM, errno.EROFS)
NO_LINKS = (errno.EXDEV, errno.EMLINK, errno.ENOTSUP, errno.EOPNOTSUPP)
OF_ONE_FILE = (errno.EACCES, errno.EPERM)
"""A file may be locked although its folder can be written to."""

Beat = Callable[[], object]
"""Called now and then within a large file; raises where the work is to end."""


class SourceError(OSError):
    """The file that is to be copied cannot be read; that of another is not affected.

    Attributes:
        code: of the sentence.
    """

    code = "act.unreadable"


class LeftError(SourceError):
    """One file cannot be put where it belongs, and stays; others can."""

    code = "act.not_moved"


class LinkError(LeftError):
    """No hard link can lead from here to there."""

    code = "act.not_linked"


class PlaceError(OSError):
    """A folder that cannot be written to.

    Attributes:
        folder: which.
    """

    def __init__(self, error: OSError, folder: Path) -> None:
        super().__init__(error.errno, error.strerror or str(error))
        self.folder = folder


@contextlib.contextmanager
def _into(folder: Path) -> Iterator[None]:
    """Errors of the system within are those of this folder.

    Raises:
        PlaceError, FileExistsError.
    """
    try:
        yield
    except (PlaceError, SourceError, FileExistsError):
        raise
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            raise LeftError(error.errno, error.strerror) from error
        raise PlaceError(error, folder) from error


@contextlib.contextmanager
def _out_of(folder: Path) -> Iterator[None]:
    """As :func:`_into`, where a file is taken away from a folder.

    Raises:
        LeftError: only this file cannot be.
        PlaceError.
    """
    try:
        yield
    except OSError as error:
        if error.errno in OF_ONE_FILE and os.access(folder, os.W_OK | os.X_OK):
            raise LeftError(error.errno, error.strerror or str(error)) from error
        raise PlaceError(error, folder) from error


def part_name(target: Path, number: int, id: str) -> Path:
    """The temporary file of a step, known from the record alone, so that it is found again.

    It is one as of :data:`files.PART`.
    """
    name = files.shortened(target.name, files.SHOWN_NAME)
    return target.with_name(f".{name}.{number}.{id}.part")


def copy(source: Path, target: Path, part: Path, beat: Beat) -> str:
    """Copy a file to a free name, with its times; the digest of its bytes.

    Raises:
        SourceError, PlaceError; FileExistsError: the name is taken; nothing was done.
    """
    with _removing(part):
        digest = _written(source, part, beat)
        with _into(target.parent), contextlib.suppress(PermissionError):  # of times only
            shutil.copystat(shards.on_disk(source), part)
        _place(part, target)
    return digest


def write(data: bytes, target: Path, part: Path) -> str:
    """Write a new file; as :func:`copy`."""
    with _removing(part):
        with _into(target.parent), part.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        _place(part, target)
    return digest_of(data)


def move(source: Path, target: Path, part: Path, beat: Beat) -> str:
    """Give a file another name; as :func:`move_across` where the system cannot do that, which two
    places of one disk may be, too (bind mounts, containers).

    Returns:
        The digest of what was copied; empty where it was only renamed.

    Raises:
        SourceError, PlaceError, FileExistsError: nothing was done.
    """
    try:
        _place(source, target)
    except PlaceError as error:
        if error.errno != errno.EXDEV:
            raise
        return move_across(source, target, part, beat)
    return ""


def move_across(source: Path, target: Path, part: Path, beat: Beat) -> str:
    """Move a file to another disk: copy it, read the copy again, and only then delete the file.

    Raises:
        SourceError, PlaceError, FileExistsError: nothing was done.
    """
    digest = copy(source, target, part, beat)
    try:
        with _into(target.parent):
            if files.digest(target) != digest:
                raise OSError(errno.EIO, os.strerror(errno.EIO))
        with _out_of(source.parent):
            source.unlink()
    except BaseException:
        with contextlib.suppress(OSError):
            if os.path.lexists(source):
                target.unlink()
        raise
    return digest


def link(source: Path, target: Path, symbolic: bool) -> None:
    """
    Raises:
        LinkError: there are no hard links between these places.
        SourceError, PlaceError, FileExistsError: nothing was done.
    """
    try:
        with _into(target.parent):
            if symbolic:
                target.symlink_to(source)
            else:
                os.link(source, target)
    except PlaceError as error:
        one = error.errno in OF_ONE_FILE and os.access(target.parent, os.W_OK | os.X_OK)
        if not symbolic and (one or error.errno in NO_LINKS):
            raise LinkError(error.errno, error.strerror) from error
        raise


def is_same(source: Path, target: Path) -> bool:
    """Whether two files are one, or have the same bytes."""
    if not shards.is_member(source) and source.samefile(target):
        return True
    if shards.status(source)[0] != target.stat().st_size:
        return False
    return files.digest(source) == files.digest(target)


def leads_to(path: Path, target: Path) -> bool:
    """Whether a path is this very entry of a folder, by itself or through links, of the file or of
    a folder above it: whoever deletes the target deletes what is at the path.

    A hard link is another entry. Names that differ in case only count as one.

    Raises:
        OSError: one of them is gone.
    """
    found = Path(os.path.realpath(path, strict=True))
    if not os.path.samestat(found.stat(), target.lstat()):
        return False
    if found.stat().st_nlink < 2:
        return True
    return alike(found.name) == alike(target.name) and found.parent.samefile(target.parent)


@contextlib.contextmanager
def _removing(part: Path) -> Iterator[None]:
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            part.unlink()


def _written(source: Path, part: Path, beat: Beat) -> str:
    try:
        inside = shards.is_member(source)
        reading = io.BytesIO(shards.read(source)) if inside else files.open_regular(source)
    except OSError as error:
        raise SourceError(error.errno, error.strerror or str(error)) from error
    found = hashlib.blake2b(digest_size=16)
    with reading, _into(part.parent), part.open("wb") as writing:
        while True:
            try:
                chunk = reading.read(CHUNK)
            except OSError as error:
                raise SourceError(error.errno, error.strerror or str(error)) from error
            if not chunk:
                break
            found.update(chunk)
            writing.write(chunk)
            beat()
        writing.flush()
        os.fsync(writing.fileno())
    return found.hexdigest()


def digest_of(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def _place(source: Path, target: Path) -> None:
    """Rename, but never over another file.

    A second name is made, which fails where the name is taken, and the first one deleted. File
    systems without hard links (FAT) get an empty file first, which takes the name.

    Raises:
        PlaceError, FileExistsError: nothing was done.
    """
    if sys.platform == "win32":  # where renaming is never over another file
        with _into(target.parent):
            source.rename(target)
        return
    try:
        os.link(source, target)
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno == errno.EXDEV:
            raise PlaceError(error, target.parent) from error
        _place_without_links(source, target)
        return
    try:
        with _out_of(source.parent):
            source.unlink()
    except OSError:
        target.unlink()
        raise


def _place_without_links(source: Path, target: Path) -> None:
    with _into(target.parent):
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
    try:
        with _out_of(source.parent):
            source.replace(target)
    except OSError:
        target.unlink()
        raise
