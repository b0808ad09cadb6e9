"""Unpacking a zip that may have been made to do harm, or all zips of a folder.

The whole archive is refused when any member would leave the folder or is a
link, when it is encrypted, or when it would fill the disk. Zips inside a zip
stay as they are. Unpacked once; an archive that is opened again is found in the cache.
"""

import contextlib
import errno
import hashlib
import lzma
import re
import shutil
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from transfergui.core.base import files, paths
from transfergui.core.base.encodings import encoding_of
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _

MAX_RATIO = 100
"""Unpacked bytes per packed byte beyond which an archive is a bomb ..."""
HARMLESS = 200_000_000
"""... unless it is smaller than this many bytes unpacked."""
SPARE = 500_000_000
"""Bytes that must stay free on the disk."""
BLOCK = 1 << 20
LONGEST_NAME = 100
"""Bytes of the archive's name that its folder repeats."""
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    RuntimeError,  # encrypted in a way that its header does not tell
    struct.error,
    ValueError,
    OSError,
)
"""What reading a damaged archive raises; OSError: names that cannot be written side by side."""
FULL = (errno.ENOSPC, errno.EDQUOT)
ENCRYPTED = 0x1
UTF8_NAME = 0x800
EVERY = "*.zip"
"""Instead of the name of a zip: all of its folder."""
MOST_BESIDE = 100_000_000
"""Bytes of a file beside several zips that is taken along: a table that says what is in them."""


def archives(source: Path) -> list[Path]:
    """The zip that is meant: one, or with :data:`EVERY` those of a folder."""
    if source.name != EVERY:
        return [source]
    found = (path for path in source.parent.iterdir() if path.suffix.lower() == ".zip")
    return sorted(path for path in found if path.is_file())


def names(source: Path) -> Iterator[str]:
    """The files in a zip; in several, each in a folder that is called like its zip.

    Raises:
        OSError, ValueError, zipfile.BadZipFile: it cannot be read.
    """
    for archive in archives(source):
        above = f"{archive.stem}/" if source.name == EVERY else ""
        with zipfile.ZipFile(archive) as opened:
            yield from (f"{above}{name}" for name in opened.namelist() if not name.endswith("/"))


def head(source: Path, name: str, size: int) -> bytes:
    """The first bytes of one of the :func:`names`.

    Raises:
        OSError, ValueError, zipfile.BadZipFile, KeyError: it cannot be read.
    """
    archive, member = source, name
    if source.name == EVERY:
        stem, _slash, member = name.partition("/")
        archive = next(each for each in archives(source) if each.stem == stem)
    with zipfile.ZipFile(archive) as opened, opened.open(member) as stream:
        return stream.read(size)


def unpacked(source: Path, progress: Callable[[int], None] = lambda count: None) -> Path:
    """The folder in the cache that holds what is in a zip, or in all of a folder.

    Of several, each is a folder there, called like the zip; what lies beside them is there, too.

    Args:
        source: a zip; or ``EVERY`` in a folder.
        progress: called with the number of files unpacked; may raise to cancel.

    Raises:
        UserError: ``zip.damaged``, ``zip.encrypted``, ``zip.unsafe``, ``zip.bomb``,
            ``zip.no_space``, ``disk.full``; nothing stays behind.
    """
    several = source.name == EVERY
    found = archives(source)
    beside = [each for each in source.parent.iterdir() if _goes_along(each)] if several else []
    home = paths.cache_dir() / "unpacked"
    target = home / folder_name(
        [*found, *sorted(beside)], source.parent.name if several else source.stem
    )
    if target.is_dir():
        return target
    temporary = fresh_folder(home)
    try:
        for archive in found:
            with _refusing_damage(archive, home):
                _unpack(archive, temporary / archive.stem if several else temporary, progress)
        with _refusing_damage(source, home):
            for each in beside:
                shutil.copyfile(each, temporary / each.name)
            return in_place(temporary, target)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


@contextlib.contextmanager
def _refusing_damage(archive: Path, home: Path) -> Iterator[None]:
    try:
        yield
    except DAMAGED as error:
        if isinstance(error, OSError) and error.errno in FULL:
            raise UserError("disk.full", path=str(home), reason=error.strerror) from error
        raise UserError("zip.damaged", path=str(archive), reason=str(error)) from error


def _goes_along(path: Path) -> bool:
    """Whether a file beside several zips may say what is in them."""
    if path.suffix.lower() == ".zip" or path.name.startswith("."):
        return False
    return path.is_file() and path.stat().st_size <= MOST_BESIDE


def fresh_folder(home: Path) -> Path:
    """An empty folder in the cache to unpack into.

    Raises:
        UserError: ``disk.full``.
    """
    try:
        files.cache_folder("unpacked")
        return Path(tempfile.mkdtemp(dir=home, prefix=".part-"))
    except OSError as error:
        raise UserError("disk.full", path=str(home), reason=error.strerror) from error


def in_place(temporary: Path, target: Path) -> Path:
    """Give an unpacked folder its name."""
    try:
        return temporary.rename(target)
    except OSError:
        if target.is_dir():  # another process was faster
            return target
        raise


def folder_name(found: Sequence[Path], called: str) -> str:
    """How the folder of unpacked archives is called: changes when one of them does."""
    digest = hashlib.blake2b(digest_size=8)
    for path in found:
        status = path.stat()
        key = f"{path.resolve()}\0{status.st_size}\0{status.st_mtime_ns}"
        digest.update(key.encode("utf-8", "surrogateescape"))
    stem = re.sub(r"[^\w.-]+", "-", called)
    return f"{files.shortened(stem, LONGEST_NAME)}-{digest.hexdigest()}"


def _unpack(archive: Path, folder: Path, progress: Callable[[int], None]) -> None:
    with zipfile.ZipFile(archive) as opened:
        members = [member for member in opened.infolist() if not member.is_dir()]
        names = [_member_name(member) for member in members]
        _require_safe(archive, members, names)
        for count, (member, name) in enumerate(zip(members, names, strict=True)):
            progress(count)
            _extract(opened, member, folder / name)


def _require_safe(archive: Path, members: list[zipfile.ZipInfo], names: list[str]) -> None:
    if any(member.flag_bits & ENCRYPTED for member in members):
        raise UserError("zip.encrypted", path=str(archive))
    for member, name in zip(members, names, strict=True):
        if leaves(name) or stat.S_ISLNK(member.external_attr >> 16):
            raise UserError("zip.unsafe", path=str(archive), member=name)
    total = sum(member.file_size for member in members)
    if total > max(HARMLESS, MAX_RATIO * archive.stat().st_size):
        raise UserError("zip.bomb", path=str(archive), gigabytes=round(total / 1e9, 1))
    if total + SPARE > shutil.disk_usage(paths.cache_dir()).free:
        raise UserError("zip.no_space", path=str(archive), gigabytes=round(total / 1e9, 1))


def leaves(name: str) -> bool:
    """Whether a member's name leads out of the folder, on any system."""
    parts = re.split(r"[/\\]", name)
    return ".." in parts or not parts[0] or ":" in parts[0] or "\0" in name


def _member_name(member: zipfile.ZipInfo) -> str:
    """The name with forward slashes; not garbled where an old Windows wrote it in Chinese."""
    name = member.orig_filename
    if not member.flag_bits & UTF8_NAME and not name.isascii():
        raw = name.encode("cp437")  # what zipfile took it for
        name = raw.decode(encoding_of(raw, otherwise="cp437"))
    return name.replace("\\", "/")


def _extract(opened: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> None:
    """Write one member; never more bytes than its header declares."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with opened.open(member) as source, target.open("wb") as stream:
        left = member.file_size
        while block := source.read(BLOCK):
            left -= len(block)
            if left < 0:
                text = _("{name} is larger than declared")
                raise zipfile.BadZipFile(text.format(name=member.filename))
            stream.write(block)
