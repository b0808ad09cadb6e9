"""Writing that survives kill -9 and a full disk: the old file or the new one, never a mixture."""

import contextlib
import errno
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from transfergui.core.errors import UserError


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
    """A temporary file name that becomes ``path`` when the block ends without an exception."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield temporary
        temporary.replace(path)
        _sync_folder(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def digest(path: Path) -> str:
    """32 hex digits over the bytes of a file.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as stream:
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
        twice = next(key for i, (key, _) in enumerate(pairs) if key in dict(pairs[:i]))
        raise ValueError(f"{twice!r} stands there twice")
    return tree


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number")


def _sync_folder(folder: Path) -> None:
    with contextlib.suppress(OSError):  # Windows and some network shares cannot
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
