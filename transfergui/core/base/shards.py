"""Reading what is in a tar without unpacking it: the files of WebDataset shards.

A file in a tar is named like every part of a file (:class:`transfergui.core.data.file_part.
FilePart`): ``train-000000.tar#1536`` is the one whose header begins at byte 1536. The header says
how long it is, so that reading one is a seek and two reads, from any process, without an index.
"""

import contextlib
import errno
import functools
import hashlib
import io
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from transfergui.core.base.encodings import encoding_of

BLOCK = 512
"""Bytes that everything in a tar is a multiple of."""
SUFFIX = ".tar"
COMPRESSED = re.compile(r"\.(tgz|tbz2?|txz|tzst|tar\.(gz|bz2|xz|zst|lz4|lzma|z))$", re.IGNORECASE)
"""How the names of compressed tars end, in which nothing can be read without all before it."""
MEMBER = re.compile(r"(.*\.tar)#([0-9]{1,12})", re.DOTALL | re.IGNORECASE)
LARGEST = 1 << 30
"""More bytes of one file are not read at once: no picture has as many."""
BUFFER = 1 << 17
"""Bytes that are read at once where all headers are wanted."""
AT_ONCE = 1 << 14
"""Bytes that are read together with the header: often all that there are."""
BINARY = getattr(os, "O_BINARY", 0)
"""Windows alone turns line ends, where it is not asked not to."""
MOST_EXTRA = 1 << 20
"""Bytes of a long name or of a PAX header; more is damage."""
AFTER_END = 24 * BLOCK
"""Bytes behind the end that are looked at: archivers write up to 21 blocks of zeros there."""
LOOKED_BACK = 16 * BLOCK
"""Bytes before a header in which its long name may stand."""
REGULAR = b"0\0007"
LABELS = (".cls", ".json", ".txt")
"""How the names of files end that say labels: all of each is in the digest of a tar."""
MOST_LABEL = 1 << 16
"""Bytes of a label; longer ones are none."""
BEGINNING = 1 << 10
"""Bytes of any other file that are in the digest of a tar."""
LINKS, FOLDER, LONG_NAME, LONG_LINK, PAX, PAX_OF_ALL, SPARSE = (
    b"12",
    b"5",
    b"L",
    b"K",
    b"x",
    b"g",
    b"S",
)


class Header(NamedTuple):
    """What the 512 bytes before a file in a tar say.

    Attributes:
        size: bytes of the file.
        kind: the type flag.
    """

    name: str
    size: int
    kind: bytes


class Entry(NamedTuple):
    """A file in a tar.

    Attributes:
        name: with its folders, as it was put in.
        offset: where its header begins, in bytes.
        kind: ``file``, ``link`` (to another, without content), ``sparse`` (stored with holes left
            out), ``special`` (a device or a pipe).
    """

    name: str
    offset: int
    size: int
    kind: str


class Listed(NamedTuple):
    """A tar as it was when it was listed.

    Attributes:
        size: in bytes.
        modified: when it was changed, in nanoseconds since 1970.
        headers: how many are in it.
        digest: of these, and of what tells what is behind each (:class:`Trace`).
    """

    size: int
    modified: int
    headers: int = 0
    digest: str = ""


_listed: dict[str, Listed] = {}
"""Each tar as it was when it was listed last."""


class Trace:
    """A digest of what is in a tar, as far as it is read: the headers, all that is in labels, and
    how other files begin.

    Args:
        most: so many headers are looked at; None for all.
    """

    def __init__(self, most: int | None = None) -> None:
        self.headers, self._most = 0, most
        self._hash = hashlib.blake2b(digest_size=16)

    @property
    def is_full(self) -> bool:
        """Whether no more headers are looked at."""
        return self.headers == self._most

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()

    def add(self, block: bytes, name: str, size: int, stream: BinaryIO) -> None:
        """
        Args:
            stream: behind the header, where it is left.
        """
        if self.is_full:
            return
        at = stream.tell()
        most = MOST_LABEL if name.lower().endswith(LABELS) else BEGINNING
        self.headers += 1
        for part in (block, name.encode("utf-8", "surrogateescape"), stream.read(min(size, most))):
            self._hash.update(part)
        stream.seek(at)


class DamagedError(OSError):
    """A tar cannot be read from some byte on.

    Attributes:
        code: ``cut_off`` where it ends too early, ``joined`` where another tar follows it,
            ``changed`` where it is not the one that was listed, else ``damaged``.
        at: that byte.
    """

    def __init__(self, code: str, at: int) -> None:
        super().__init__(errno.EIO, code)
        self.code, self.at = code, at


def is_tar(name: str) -> bool:
    """Whether a file is called like a tar, compressed or not."""
    return name.lower().endswith(SUFFIX) or COMPRESSED.search(name) is not None


def is_member(path: str | os.PathLike[str]) -> bool:
    """Whether a path names a file in a tar; a file that is called so is none of them."""
    text = os.fspath(path)
    return text[-1:].isdigit() and MEMBER.fullmatch(text) is not None


def _divided(path: str | os.PathLike[str]) -> tuple[str, int]:
    found = MEMBER.fullmatch(os.fspath(path))
    if found is None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), os.fspath(path))
    return found[1], int(found[2])


def note_listed(tar: Path, found: Listed) -> None:
    """Remember what is known of a tar: another one may have other labels at the same bytes
    (:func:`read`)."""
    _listed[os.fspath(tar)] = found


def listed(tar: Path) -> Listed | None:
    """A tar as it was when it was listed; None where it was not, in this process."""
    return _listed.get(os.fspath(tar))


def as_now(tar: Path, known: Listed) -> Listed | None:
    """``known`` with the size and time that the tar has now; None where it holds something else
    where it was listed. What was written behind that, or a copy of the tar, changes nothing.

    Raises:
        OSError: it cannot be read.
    """
    status = tar.stat()
    now = known._replace(size=status.st_size, modified=status.st_mtime_ns)
    if now == known:
        return now
    found = _beginning(os.fspath(tar), now)
    return now if found == known.digest else None


@functools.lru_cache(maxsize=4096)  # asked for each picture that is shown
def _beginning(tar: str, now: Listed) -> str:
    """The digest of as many headers as were listed; empty where there are fewer.

    Raises:
        OSError: it cannot be read.
    """
    trace = Trace(now.headers)
    with contextlib.suppress(DamagedError), Path(tar).open("rb", buffering=BUFFER) as stream:
        for _entry in entries(stream, now.size, trace):
            if trace.is_full:
                break
    return trace.digest if trace.is_full else ""


def read(path: str | os.PathLike[str], most: int = LARGEST) -> bytes:
    """The bytes of a file in a tar.

    Args:
        path: for which :func:`is_member` holds.
        most: bytes from the beginning that are enough.

    Raises:
        OSError: there is no such file; :class:`DamagedError`: the tar has changed or is cut off.
    """
    tar, at = _divided(path)
    handle = os.open(tar, os.O_RDONLY | BINARY)  # a file object costs as much as the reading
    try:
        if (known := _listed.get(tar)) is not None:
            now = os.fstat(handle)
            if (now.st_size, now.st_mtime_ns) != known[:2]:
                raise DamagedError("changed", at)
        os.lseek(handle, at, os.SEEK_SET)
        first = os.read(handle, BLOCK + min(most, AT_ONCE))
        header = parsed(first[:BLOCK])
        if header is None or header.kind not in REGULAR or header.size > LARGEST:
            raise DamagedError("damaged", at)
        wanted = min(header.size, most)
        data = first[BLOCK : BLOCK + wanted]
        while len(data) < wanted and (more := os.read(handle, wanted - len(data))):
            data += more
    finally:
        os.close(handle)
    if len(data) < wanted:
        raise DamagedError("cut_off", at)
    return data


def source(path: str) -> str | io.BytesIO:
    """What a library can open: the path of a file, or the bytes of one in a tar."""
    return io.BytesIO(read(path)) if is_member(path) else path


def name(path: str | os.PathLike[str]) -> str:
    """How a file is called in its tar, with its folders; empty where that cannot be read."""
    if not is_member(path):
        return ""
    tar, at = _divided(path)
    try:
        return _name(tar, at, os.stat(tar).st_mtime_ns)  # noqa: PTH116 - once for each row of a table
    except (OSError, ValueError):
        return ""


@functools.lru_cache(maxsize=4096)  # a table asks for those in sight whenever it is drawn
def _name(tar: str, at: int, _modified: int) -> str:
    """
    Raises:
        OSError: it cannot be read.
    """
    first = max(0, at - LOOKED_BACK)
    with Path(tar).open("rb", buffering=0) as stream:
        stream.seek(first)
        before = stream.read(at - first)
        header = parsed(stream.read(BLOCK))
    return _long_name(before) or header.name if header else ""


def _long_name(before: bytes) -> str:
    """The name that an extra header right before another one says; empty where there is none."""
    for start in range(len(before) - 2 * BLOCK, -1, -BLOCK):
        header = parsed(before[start : start + BLOCK])
        length = len(before) - start - BLOCK
        if header is None or header.kind not in (LONG_NAME, PAX) or _padded(header.size) != length:
            continue
        data = before[start + BLOCK :][: header.size]
        if header.kind == PAX:
            return _text(_pax(data).get(b"path", b""))
        return _text(data.rstrip(b"\0"))
    return ""


def inside(path: Path) -> Path:
    """What a file in a tar is called by people: ``new.tar/cats/1.jpg``; the path itself of others,
    and where the tar cannot be read."""
    within = plain_name(path)
    return Path(_divided(path)[0], within) if within else path


def plain_name(path: str | os.PathLike[str]) -> str:
    """As :func:`name`, without what leads nowhere, or out of the tar: ``./`` and ``../``."""
    return plain(name(path))


def plain(name: str) -> str:
    """The same of a name."""
    return "/".join(part for part in name.split("/") if part not in ("", ".", ".."))


def called(path: Path) -> Path:
    """A path for people and for copies: of a file in a tar, its own name beside the tar."""
    if not is_member(path):
        return path
    tar = Path(_divided(path)[0])
    return tar.with_name(name(path).rpartition("/")[2] or path.name)


def status(path: Path) -> tuple[int, int]:
    """Bytes of a file, and when it was changed, in nanoseconds since 1970; of one in a tar, when
    the tar was.

    Raises:
        OSError: there is none.
    """
    if not is_member(path):
        found = path.stat()
        return found.st_size, found.st_mtime_ns
    tar, at = _divided(path)
    with Path(tar).open("rb", buffering=0) as stream:
        stream.seek(at)
        header = parsed(stream.read(BLOCK))
    if header is None:
        raise DamagedError("damaged", at)
    return header.size, Path(tar).stat().st_mtime_ns


def on_disk(path: Path) -> Path:
    """The file on the disk that is, or holds, a file."""
    return Path(_divided(path)[0]) if is_member(path) else path


def parsed(block: bytes) -> Header | None:
    """A header; None where its checksum tells that it is none."""
    if len(block) < BLOCK:
        return None
    try:
        said = int(block[148:156].strip(b" \0") or b"0", 8)
        size = _number(block[124:136])
    except ValueError:
        return None
    if said != sum(block) - sum(block[148:156]) + 8 * 32:
        return None
    called = block[:100].partition(b"\0")[0]
    if block[257:263] == b"ustar\0" and block[345]:
        called = block[345:500].partition(b"\0")[0] + b"/" + called
    return Header(_text(called), size, block[156:157])


def _number(field: bytes) -> int:
    """Octal digits; with the highest bit set, a plain number (GNU, from 8 GB on)."""
    if field[0] & 0x80:
        return int.from_bytes(bytes([field[0] & 0x7F]) + field[1:], "big")
    digits = field.strip(b" \0") or b"0"
    if not digits.isdigit():  # a minus would lead backwards, for ever
        raise ValueError(field)
    return int(digits, 8)


def _text(raw: bytes) -> str:
    """A name; in the likely encoding where it is not UTF-8, as of old archivers of Windows."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode(encoding_of(raw), "surrogateescape")


def entries(stream: BinaryIO, size: int, trace: Trace | None = None) -> Iterator[Entry]:
    """What is in a tar, in one pass over its headers; folders are left out.

    Args:
        stream: at its beginning, best with a buffer.
        size: bytes of the tar.
        trace: is told of every file that is whole.

    Raises:
        DamagedError: after the last entry that is whole.
    """
    at = 0
    called, real_size, sparse = "", -1, False
    while True:
        block = stream.read(BLOCK)
        if not block.strip(b"\0"):
            if len(block) == BLOCK or not at or at == size:
                _insist_on_end(stream, at)
                return  # the end of the tar, or that of a writer who was stopped between two files
            raise DamagedError("cut_off", at)
        header = parsed(block)
        if header is None:
            raise DamagedError("cut_off" if len(block) < BLOCK else "damaged", at)
        kind = header.kind
        if kind in (LONG_NAME, LONG_LINK, PAX, PAX_OF_ALL):
            data = _extra(stream, header, at)
            if kind == LONG_NAME:
                called = _text(data.rstrip(b"\0"))
            elif kind == PAX:
                said = _pax(data)
                called = _text(said.get(b"path", b"")) or called
                real_size = _whole_number(said.get(b"size", b""))
                sparse = any(key.startswith(b"GNU.sparse") for key in said)
            at += BLOCK + _padded(header.size)
            continue
        length = header.size if real_size < 0 else real_size
        length = 0 if kind in LINKS + FOLDER else length
        after = at + BLOCK + _padded(length)
        if at + BLOCK + length > size:
            raise DamagedError("cut_off", at)
        if trace is not None:
            trace.add(block, called or header.name, length, stream)
        if kind != FOLDER:
            yield Entry(called or header.name, at, length, _kind(kind, sparse))
        stream.seek(after)
        at, called, real_size, sparse = after, "", -1, False


def _insist_on_end(stream: BinaryIO, at: int) -> None:
    """
    Args:
        at: of the first block of zeros, which was read.

    Raises:
        DamagedError: tars were written one behind another, as by ``cat``: archivers read the first.
    """
    behind = stream.read(AFTER_END)
    for start in range(0, len(behind), BLOCK):
        if behind[start] and parsed(behind[start : start + BLOCK]) is not None:
            raise DamagedError("joined", at + BLOCK + start)


def _whole_number(text: bytes) -> int:
    """Of a PAX header; -1 where none is said."""
    return int(text) if text.isdigit() else -1


def _kind(flag: bytes, sparse: bool) -> str:
    if sparse or flag == SPARSE:
        return "sparse"
    if flag in REGULAR:
        return "file"
    return "link" if flag in LINKS else "special"


def _padded(size: int) -> int:
    return -(-size // BLOCK) * BLOCK


def _extra(stream: BinaryIO, header: Header, at: int) -> bytes:
    if header.size > MOST_EXTRA:
        raise DamagedError("damaged", at)
    data = stream.read(_padded(header.size))[: header.size]
    if len(data) < header.size:
        raise DamagedError("cut_off", at)
    return data


def _pax(data: bytes) -> dict[bytes, bytes]:
    """The records of a PAX header, each ``length key=value\\n``."""
    found = {}
    while data:
        length, _space, _rest = data.partition(b" ")
        if not length.isdigit() or not 0 < int(length) <= len(data):
            break
        record = data[len(length) + 1 : int(length)].rstrip(b"\n")
        key, _equals, value = record.partition(b"=")
        found[key] = value
        data = data[int(length) :]
    return found
