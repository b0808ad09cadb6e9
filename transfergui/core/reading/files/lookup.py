"""Files by what people write for them in tables and lists: with or without their ending, in
sub-folders, with backslashes, in another case, by a part of their names, or by their folder."""

from __future__ import annotations

import posixpath
import re
import unicodedata
import urllib.parse
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property

from transfergui.core.reading.names.name_parts import NAME_PART

COUNTED = re.compile(r"(\D+)(\d+)")
SIGNS = re.compile(r"[\W_]+")
URL = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
LEADS_OUT = re.compile(r"/|[a-zA-Z]:/|\.\.(/|$)")
UPLOADED = re.compile(r"^[0-9a-f]{8}-")
"""What Label Studio puts before the name of a file that is uploaded."""
DRIVE = re.compile(r"^[a-zA-Z]:/")
MAX_NAME = 4096
MAX_DIGITS = 20
MOST_PARTS = 5
"""So many of them are looked at."""


class Lookup:
    """The files of a data set, found by the names that tables have for them.

    Args:
        paths: of the files, relative to the root of the data.
        base: the folder of the table, relative to the root; names may be relative to it.
        by_name: whether the folders that are written count for nothing.
    """

    def __init__(self, paths: Sequence[str], base: str = "", by_name: bool = False) -> None:
        self._paths = paths
        self._beside = plain_path(base)
        self.by_name = by_name

    @cached_property
    def _whole(self) -> dict[str, int]:
        return {plain_path(path): at for at, path in enumerate(self._paths)}

    @cached_property
    def _names(self) -> dict[str, list[int]]:
        return self._by(lambda path: path.rpartition("/")[2])

    @cached_property
    def _stems(self) -> dict[str, list[int]]:
        return self._by(lambda path: stem(path.rpartition("/")[2]))

    @cached_property
    def _numbers(self) -> dict[int, list[int]]:
        """By the number that is the whole name: spreadsheets make 7 of 0007."""
        found: dict[int, list[int]] = defaultdict(list)
        for name, places in self._stems.items():
            if name.isdecimal() and len(name) < MAX_DIGITS:
                found[int(name)] += places
        return found

    @cached_property
    def _loosely(self) -> dict[str, list[int]]:
        """By the name with one sign for all: programs write ``a_b`` for ``a b`` and ``a(b)``."""
        return self._by(lambda path: SIGNS.sub("_", path.rpartition("/")[2]))

    @cached_property
    def _folders(self) -> dict[str, list[int]]:
        found = defaultdict(list)
        for at, path in enumerate(self._paths):
            for folder in plain_path(path).split("/")[:-1]:
                found[folder].append(at)
        return found

    def _by(self, name: Callable[[str], str]) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for at, path in enumerate(self._paths):
            found[name(plain_path(path))].append(at)
        return found

    def file(self, written: str) -> int | None:
        """The file that ``written`` means; None for none, or for several alike."""
        plain = plain_path(written.strip().replace("\\", "/"))
        if not plain or len(plain) > MAX_NAME or (URL.match(plain) and not self.by_name):
            return None
        plain = URL.sub("", plain)  # what lies on a server may have been downloaded
        plain = DRIVE.sub("", plain).lstrip("/")
        at = self._find(plain)
        if at is None and (other := _without_server(plain)) != plain:
            at = self._find(other)
        return at

    def might_be(self, written: str) -> bool:
        """Whether ``written`` means a file, or one that was on a server and is called so."""
        if self.file(written) is not None or ("/" in written and self.folder(written)):
            return True
        return bool(URL.match(written)) and plain_path(written).rpartition("/")[2] in self._names

    def _find(self, plain: str) -> int | None:
        for path in (posixpath.normpath(posixpath.join(self._beside, plain)), plain):
            if (at := self._whole.get(path)) is not None:
                return at
        name = plain.rpartition("/")[2]
        found = self._names.get(name) or self._stems.get(name) or self._stems.get(stem(name))
        if not found and plain.isdecimal() and len(plain) < MAX_DIGITS:
            found = self._numbers.get(int(plain))
        if not found and stem(name) != name:
            found = self._loosely.get(SIGNS.sub("_", name))
        return self._nearest(plain, found or ())

    def folder(self, written: str) -> Sequence[int]:
        """The files below the folder that ``written`` names."""
        plain = plain_path(written.strip().replace("\\", "/")).strip("/")
        if "/" in plain:
            return self._folder_at(plain)
        found = self._folders.get(plain)
        if found is None and plain.isdecimal() and len(plain) < MAX_DIGITS:
            named = [name for name in self._folders if name.isdecimal() and int(name) == int(plain)]
            found = self._folders[named[0]] if len(named) == 1 else None
        return found or ()

    def _folder_at(self, plain: str) -> Sequence[int]:
        """The files below a folder of which several levels are written, the upper of which may be
        missing here."""
        parts = [part for part in plain.split("/") if part not in (".", "..")]
        ways = ("/".join(parts[at:]) for at in range(len(parts) - 1))
        base = (f"{self._beside}/{plain}",) if self._beside else ()
        return next((self._below[way] for way in (*base, *ways) if way in self._below), ())

    @cached_property
    def _below(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for at, path in enumerate(self._paths):
            parts = plain_path(path).split("/")[:-1]
            for depth in range(2, len(parts) + 1):
                found["/".join(parts[:depth])].append(at)
        return found

    def _nearest(self, plain: str, found: Sequence[int]) -> int | None:
        """The one of several files of a name whose folders are those that are written.

        Either may say more folders than the other: ``D:/hands/img/1.jpg`` is ``img/1.jpg``,
        ``upload/7/1.jpg`` is ``upload/1.jpg``, and ``hands/1.jpg`` is ``hands/img/1.jpg``.
        ``cat/1.jpg`` is never ``dog/1.jpg``.
        """
        wanted = [] if self.by_name else plain.split("/")[-2::-1]
        fitting = []
        for at in found:
            above = plain_path(self._paths[at]).split("/")[-2::-1]
            shared = min(len(wanted), len(above))
            within = bool(above) and _in_order(above, wanted)
            if wanted[:shared] == above[:shared] or _in_order(wanted, above) or within:
                fitting.append((shared, at))
        best = max(fitting, default=(0, -1))
        alike = [at for shared, at in fitting if shared == best[0]]
        beside = [
            at for at in alike if plain_path(self._paths[at]).rpartition("/")[0] == self._beside
        ]
        alike = beside if len(beside) == 1 and not wanted else alike
        saved_twice = len({stem(plain_path(self._paths[at])) for at in alike}) == 1
        return min(alike, key=lambda at: self._paths[at]) if alike and saved_twice else None


class ByPart(Lookup):
    """Files by a part of their names, which several have in common: ``101`` of ``101_a.wav``. To
    a table they are like folders of these names.

    Args:
        paths: as of :class:`Lookup`.
        number: of the last part, counted from 1.
        alone: whether those before it do not belong to it.
    """

    def __init__(self, paths: Sequence[str], number: int, alone: bool) -> None:
        super().__init__(paths)
        self.number = number
        self.alone = alone

    def file(self, written: str) -> int | None:
        return None

    def might_be(self, written: str) -> bool:
        return bool(self.folder(written))

    @cached_property
    def _folders(self) -> dict[str, list[int]]:
        found = self._by(self._part)
        found.pop("", None)
        return found

    def _part(self, plain: str) -> str:
        name = stem(plain.rpartition("/")[2])
        parts = list(NAME_PART.finditer(name))
        if len(parts) < self.number + (not self.alone):  # the whole name is no part
            return ""
        last = parts[self.number - 1]
        return last[0] if self.alone else name[: last.end()]


class ByCount(Lookup):
    """Files by the number of a folder that is only counted: ``1`` of ``pt 01/a.jpg``."""

    def file(self, written: str) -> int | None:
        return None

    def might_be(self, written: str) -> bool:
        return False

    @cached_property
    def _folders(self) -> dict[str, list[int]]:
        every = super()._folders
        alike: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for name in every:
            if (match := COUNTED.fullmatch(name)) and len(match[2]) < MAX_DIGITS:
                alike[match[1]].append((int(match[2]), name))
        most = max(alike.values(), key=len, default=[])
        unique = len(most) > 1 and len({number for number, _name in most}) == len(most)
        return {str(number): every[name] for number, name in most} if unique else {}


def by_parts(paths: Sequence[str]) -> Iterator[Lookup]:
    """The ways in which tables may name files by a part of their paths."""
    yield ByCount(paths)
    for number in range(1, MOST_PARTS + 1):
        yield ByPart(paths, number, alone=False)
    for number in range(2, MOST_PARTS + 1):
        yield ByPart(paths, number, alone=True)


def _in_order(some: Sequence[str], every: Iterable[str]) -> bool:
    """Whether ``every`` holds all of ``some`` in this order, with others between."""
    left = iter(every)
    return all(each in left for each in some)


def plain_path(path: str) -> str:
    """As names are compared: accents in one form, capitals not told apart."""
    return (path if path.isascii() else unicodedata.normalize("NFC", path)).lower()


def _without_server(plain: str) -> str:
    """What Label Studio made of a name: ``?d=photos/a%20b.jpg``, ``upload/3/9f2c81ab-b.jpg``."""
    path = urllib.parse.unquote(plain.rpartition("?d=")[2])
    folder, slash, name = path.rpartition("/")
    own = UPLOADED.sub("", name)
    return own if own != name else f"{folder}{slash}{name}"


def stem(name: str) -> str:
    """A name without what may be its ending."""
    first, dot, ending = name.rpartition(".")
    return first if dot and first and len(ending) <= 5 and not ending.isdigit() else name
