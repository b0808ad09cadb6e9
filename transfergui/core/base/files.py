"""Writing that survives kill -9 and a full disk: the old file or the new one, never a mixture.

Only ordinary files are read and replaced: pipes and devices may never end, and are not ours.
"""

import contextlib
import errno
import hashlib
import json
import os
import re
import secrets
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from io import BufferedReader
from pathlib import Path
from typing import IO, Any

from transfergui.core.base import paths, shards
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _

SHOWN_NAME = 60
"""Bytes of a file's name that the name of its temporary file repeats."""
PART = re.compile(r"\..+\.\d+\.[0-9a-f]{12}\.part", re.DOTALL)
"""The name of a temporary file."""
STREAMS = (Path("/dev"), Path("/dev/fd"), Path("/proc/self/fd"))
"""Links in these folders stand for what is open, such as ``/dev/stdout``."""


class NotAFileError(OSError):
    """A folder, a pipe or a device is where an ordinary file belongs."""

    def __init__(self, path: Path) -> None:
        if path.is_dir():
            super().__init__(errno.EISDIR, _("this is a folder, not a file"), str(path))
        else:
            super().__init__(errno.EINVAL, _("this is a pipe or a device, not a file"), str(path))


def not_written(path: Path, error: Exception) -> UserError:
    """What to tell where ``path``, or a file in it, could not be written.

    Returns:
        ``disk.in_the_way``, which names what must be moved away; ``path.too_long``; else
        ``disk.full``.
    """
    if isinstance(error, NotAFileError):
        return UserError("disk.in_the_way", path=str(error.filename), reason=str(error.strerror))
    if getattr(error, "errno", None) == errno.ENAMETOOLONG:
        return UserError("path.too_long", path=str(getattr(error, "filename", None) or path))
    reason = str(getattr(error, "strerror", None) or error)  # else it names the temporary file
    return UserError("disk.full", path=str(path), reason=reason)


def write_atomic(path: Path, data: bytes | str) -> None:
    """Replace ``path`` by ``data`` in one step.

    Raises:
        OSError: the disk is full or the folder cannot be written; the old file is intact.
    """
    raw = data.encode("utf-8", "surrogateescape") if isinstance(data, str) else data
    write_atomic_with(path, lambda stream: stream.write(raw))


def write_atomic_with(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Replace ``path`` by what ``write`` writes to the stream it is given.

    The bytes go to a temporary file beside ``path``, are synced, and take its
    name; then the folder is synced, so that a power cut leaves old or new.
    """
    with replacing(path) as temporary, temporary.open("wb") as stream:
        write(stream)
        stream.flush()
        os.fsync(stream.fileno())


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary file name that becomes ``path`` when the block ends without an exception.

    The name is used once: several threads and processes may write one file, the last one wins.

    Raises:
        OSError: :class:`NotAFileError` where ``path`` is a folder, a pipe or a device.
    """
    if path.is_dir() or is_special(path):
        raise NotAFileError(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    mark = f"{os.getpid()}.{secrets.token_hex(6)}"
    temporary = path.with_name(f"{_hidden(path.name)}{mark}.part")
    with _unfinished(temporary):
        try:
            yield temporary
            temporary.replace(path)
            _sync_folder(path.parent)
        finally:
            temporary.unlink(missing_ok=True)


_being_made: set[Path] = set()


@contextlib.contextmanager
def _unfinished(path: Path) -> Iterator[None]:
    """Meanwhile, :func:`remove_unfinished` removes ``path``."""
    _being_made.add(path)
    try:
        yield
    finally:
        _being_made.discard(path)


def remove_unfinished() -> None:
    """Delete what this process has not written to its end: it ends now, in the midst of that."""
    for path in tuple(_being_made):
        remove(path)


def _hidden(name: str) -> str:
    """With what the names of the temporary files begin that become the file ``name``."""
    return f".{shortened(name, SHOWN_NAME)}."


def parts(folder: Path) -> list[Path]:
    """The temporary files of :func:`replacing` in ``folder``, of who writes or was killed."""
    try:
        return [path for path in folder.iterdir() if PART.fullmatch(path.name)]
    except OSError:
        return []


def remove_parts(folder: Path, but: str = "") -> None:
    """Delete what killed processes left in a folder in which nobody else writes.

    Args:
        but: the name of a file that others may be writing.
    """
    for path in parts(folder):
        if not (but and path.name.startswith(_hidden(but))):
            remove(path)


def write_output(path: Path, data: bytes) -> None:
    """Write what the user wants at ``path``: as a file, or into the pipe or device that is there.

    Raises:
        OSError: it cannot be written, or nobody reads from the pipe.
    """
    if not is_special(path):
        write_atomic(path, data)
        return
    handle = os.open(path, os.O_WRONLY | getattr(os, "O_NONBLOCK", 0))  # no waiting for a reader
    os.set_blocking(handle, True)
    with open(handle, "wb") as stream:  # noqa: PTH123 - a handle
        stream.write(data)


def is_special(path: Path) -> bool:
    """Whether a pipe, a socket or a device is at ``path``, or something that is open."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return False
    if path.parent in STREAMS and path.is_symlink():
        return True
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def open_regular(path: Path) -> BufferedReader:
    """Open an ordinary file to read; a pipe is not waited for.

    Raises:
        OSError: it cannot be opened; :class:`NotAFileError`: it is a folder, a pipe or a device.
    """
    if path.is_dir():
        raise NotAFileError(path)
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    stream = open(os.open(path, flags), "rb")  # noqa: PTH123, SIM115 - a handle, given away
    if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
        stream.close()
        raise NotAFileError(path)
    return stream


def require_regular(path: Path) -> None:
    """For readers that open the file themselves.

    Raises:
        OSError: as :func:`open_regular`.
    """
    open_regular(path).close()


def read_regular(path: Path, limit: int) -> bytes:
    """The bytes of an ordinary file.

    Raises:
        OSError: as :func:`open_regular`, or it has more than ``limit`` bytes.
    """
    with open_regular(path) as stream:
        data = stream.read(limit + 1)
    if len(data) > limit:
        raise OSError(errno.EFBIG, _("the file is far too large"), str(path))
    return data


def head(path: Path, size: int) -> bytes:
    """The first bytes of an ordinary file.

    Raises:
        OSError: as :func:`open_regular`.
    """
    with open_regular(path) as stream:
        return stream.read(size)


def remove(path: Path) -> None:
    """Delete a file or a folder as far as possible, whatever it is."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with contextlib.suppress(OSError):
            path.unlink()


def cache_folder(*names: str) -> Path:
    """A folder of the cache, made; a file that lies in its place is deleted.

    Raises:
        OSError: it cannot be made.
    """
    folder = paths.cache_dir()
    for name in names:
        folder /= name
        if folder.exists() and not folder.is_dir():
            remove(folder)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextlib.contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder that is deleted at the end; in the cache where the system has no place for it.

    Raises:
        UserError: ``disk.no_temporary``: there is no place at all.
    """
    try:
        try:
            folder = Path(tempfile.mkdtemp())
        except OSError:
            folder = Path(tempfile.mkdtemp(dir=cache_folder("temporary")))
    except OSError as error:
        reason = error.strerror or str(error)
        raise UserError("disk.no_temporary", path=str(paths.cache_dir()), reason=reason) from None
    with _unfinished(folder):
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def shortened(name: str, limit: int) -> str:
    """The beginning of ``name`` that takes at most ``limit`` bytes, as file systems count."""
    raw = name.encode("utf-8", "surrogateescape")
    if len(raw) <= limit:
        return name
    cut = raw[:limit].decode("utf-8", "surrogateescape")
    while cut and not name.startswith(cut):  # amid a letter
        cut = cut[:-1]
    return cut


def digest(path: Path) -> str:
    """32 hex digits over the bytes of a file.

    Raises:
        OSError: it cannot be read.
    """
    if shards.is_member(path):
        return hashlib.blake2b(shards.read(path), digest_size=16).hexdigest()
    with open_regular(path) as stream:
        return hashlib.file_digest(stream, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def changed(path: Path) -> int:
    """When a file was last changed, in nanoseconds since 1970; 0 where there is none."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def nameable(path: Path) -> Path:
    """``path``, which the system can at least name; of others, ``Path`` raises at any question.

    Raises:
        UserError: ``path.too_long``: on Linux, a name of more than 255 bytes, a path of over 4095.
    """
    try:
        path.lstat()
    except (OSError, ValueError) as error:
        if getattr(error, "errno", None) == errno.ENAMETOOLONG:
            raise UserError("path.too_long", path=str(path)) from None
    return path


def parse_json(text: str | bytes) -> Any:
    """JSON without what two readers would understand differently: repeated keys, NaN, infinity.

    Raises:
        ValueError: it is not that.
        RecursionError: it is nested thousands of levels deep.
    """
    return json.loads(text, object_pairs_hook=_unique_keys, parse_constant=_refuse_constant)


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    tree = dict(pairs)
    if len(tree) != len(pairs):
        twice = next(key for i, (key, _value) in enumerate(pairs) if key in dict(pairs[:i]))
        raise ValueError(_("{name} occurs twice").format(name=repr(twice)))
    return tree


def _refuse_constant(name: str) -> None:
    raise ValueError(_("{name} is not a number").format(name=name))


def _sync_folder(folder: Path) -> None:
    with contextlib.suppress(OSError):  # Windows and some network shares cannot
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
