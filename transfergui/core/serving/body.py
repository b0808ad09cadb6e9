"""The files of a request, put into a folder: one as the body, or several as a form sends them.

A body is written to the disk as it comes, and a form is searched there: memory holds a piece of it.
"""

from __future__ import annotations

import contextlib
import mimetypes
import mmap
import re
from collections.abc import Callable, Iterator
from email import errors
from email.message import Message
from email.utils import collapse_rfc2231_value
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.serving.limits import Limits
from transfergui.core.serving.refusals import Refused

ENDING = re.compile(r"\.[A-Za-z0-9]{1,10}")
LONGEST_NAME = 200
PART_HEAD = 4096
"""Bytes of the headers of one part of a form."""
BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,./:=? -]{1,70}")
COPIED = 2**20

Read = Callable[[int], bytes]
"""At most so many bytes of the body; none at its end."""


class Received(NamedTuple):
    """A file of a request.

    Attributes:
        name: as who sent it calls it; it names no file here.
        path: where it lies.
    """

    name: str
    path: Path


class Names:
    """What files of requests are called: endings tell some readers what they are.

    Args:
        otherwise: the ending of a file that says nothing.
        typed: the ending of words that were typed in; empty where the model reads none.
    """

    def __init__(self, folder: Path, otherwise: str, typed: str) -> None:
        self._folder, self._otherwise, self._count = folder, otherwise, 0
        self.typed = typed

    def next(self, name: str, kind: str) -> Received:
        """A place for a file.

        Args:
            name: as it was sent; it may be anything.
            kind: its content type; may be empty.
        """
        self._count += 1
        own = Path(re.split(r"[/\\]", name)[-1]).suffix if "\0" not in name else ""
        ending = own if ENDING.fullmatch(own) else self._of_kind(kind)
        path = self._folder / f"{self._count:04d}{ending.lower()}"
        shown = re.sub(r"[\x00-\x1f\x7f]", "", re.split(r"[/\\]", name)[-1])[:LONGEST_NAME]
        return Received(shown or path.name, path)

    def _of_kind(self, kind: str) -> str:
        found = mimetypes.guess_extension(kind.partition(";")[0].strip().lower()) or ""
        useless = ("", ".bin", ".txt") if not self.typed else ("", ".bin")
        return self._otherwise if found in useless else found


@contextlib.contextmanager
def understood() -> Iterator[None]:
    """Within, parsers of the standard library are given what was sent: whatever they raise, numbers
    of thousands of digits and codecs that nobody has included, is the fault of who sent it.

    Raises:
        Refused: 400.
    """
    try:
        yield
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise bad_request(_("a header cannot be read")) from None


def check_headers(headers: Message) -> None:
    """Headers that two programs could read in two ways are refused (RFC 9112, 3.2, 5 and 6.3).

    Raises:
        Refused: 400.
    """
    lost = (errors.MissingHeaderBodySeparatorDefect, errors.FirstHeaderLineIsContinuationDefect)
    if headers.defects and any(isinstance(each, lost) for each in headers.defects):
        raise bad_request(_("a header cannot be read"))
    for name in ("Host", "Content-Length", "Transfer-Encoding"):
        if len(headers.get_all(name, [])) > 1:
            raise bad_request(_("there are several headers {name}").format(name=name))


def length_of(headers: Message, limits: Limits) -> int:
    """How many bytes the body has.

    Raises:
        Refused: 400, 411, 413.
    """
    value = headers.get("Content-Length")
    if "Transfer-Encoding" in headers or value is None:
        raise Refused(HTTPStatus.LENGTH_REQUIRED, UserError("serve.no_length"))
    if not re.fullmatch(r"[0-9]{1,18}", value.strip()):
        raise bad_request(_("the header Content-Length is not one number"))
    length = int(value)
    if length > limits.body_bytes:
        raise too_large(limits)
    if length == 0:
        raise bad_request(_("the body is empty, but a file was expected"))
    return length


def received(
    headers: Message, target: str, read: Read, length: int, names: Names, limits: Limits
) -> list[Received]:
    """Write the body to the disk, and give its files.

    Args:
        target: of the request, which may name the file: ``/predict?name=a.jpg``.
        names: in a folder that is deleted afterwards.

    Raises:
        Refused: 400, 413.
        OSError: the disk is full.
    """
    kind = headers.get("Content-Type", "")
    described = _described(kind)
    if described.get_content_type() == "multipart/form-data":
        boundary = described.get_boundary("")
        if not BOUNDARY.fullmatch(boundary):
            raise bad_request(_("the form has no boundary"))
        whole = names.next("form", "").path
        _copy(read, length, whole)
        return list(_parts(whole, boundary.encode(), names, limits))
    found = names.next(_name(headers, target), kind)
    _copy(read, length, found.path)
    return [found]


def _copy(read: Read, length: int, path: Path) -> None:
    with path.open("wb") as stream:
        while length:
            piece = read(length)
            if not piece:
                raise bad_request(_("the body ends too early"))
            stream.write(piece)
            length -= len(piece)


def _name(headers: Message, target: str) -> str:
    named = parse_qs(urlsplit(target).query, max_num_fields=10, errors="replace").get("name")
    if named:
        return named[0]
    return _described("", headers.get("Content-Disposition", "")).get_filename() or ""


def _described(kind: str, disposition: str = "") -> Message:
    described = Message()
    described["Content-Type"] = _one_line(kind)
    described["Content-Disposition"] = _one_line(disposition)
    return described


def _one_line(text: str) -> str:
    return re.sub(r"[\r\n]+", " ", text)


# -- forms


def _parts(path: Path, boundary: bytes, names: Names, limits: Limits) -> Iterator[Received]:
    """The files of a form (RFC 7578), each written to a file of its own.

    Raises:
        Refused: 400, 413.
    """
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        mark, count = b"--" + boundary, 0
        at = 0 if data[: len(mark)] == mark else data.find(b"\r\n" + mark)
        at = at + 2 if at > 0 else at
        while at >= 0:
            at += len(mark)
            if data[at : at + 2] == b"--":
                break
            end = data.find(b"\r\n" + mark, at)
            head = data.find(b"\r\n\r\n", at, min(at + PART_HEAD, len(data)))
            if end < 0 or not 0 <= head <= end:
                raise bad_request(_("a part of the form is not complete"))
            count += 1
            if count > limits.files:
                error = UserError("serve.too_many_files", count=limits.files)
                raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, error)
            found = _place(data[at:head], names)
            with found.path.open("wb") as target:
                for start in range(head + 4, end, COPIED):
                    target.write(data[start : min(start + COPIED, end)])
            yield found
            at = end + 2
        if not count:
            raise bad_request(_("the form has no file"))


def _place(head: bytes, names: Names) -> Received:
    """A place for the part with these headers.

    Raises:
        Refused: 400.
    """
    lines = head.decode("utf-8", "replace").split("\r\n")
    pairs = (line.partition(":") for line in lines if ":" in line)
    fields = {name.strip().lower(): value.strip() for name, _colon, value in pairs}
    kind = fields.get("content-type", "")
    described = _described(kind, fields.get("content-disposition", ""))
    name = described.get_filename()
    if name is not None:
        return names.next(name, kind)
    if not names.typed:
        raise bad_request(_("a field of the form is not a file"))
    field = collapse_rfc2231_value(described.get_param("name", "", "content-disposition"))
    return names.next(f"{field}{names.typed}", "")


# -- refusals


def bad_request(reason: str) -> Refused:
    """400: what was sent is not what is understood."""
    return Refused(HTTPStatus.BAD_REQUEST, UserError("serve.bad_request", reason=reason))


def too_large(limits: Limits) -> Refused:
    """413."""
    error = UserError("serve.too_large", size=limits.body_bytes // 2**20)
    return Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, error)
