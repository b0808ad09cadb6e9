"""Downloading one published file: resumable, checked, and every failure in one sentence.

The bytes go to ``<name>.part``; what identifies the server's version of the file
(its ETag or date) is kept beside it. A later download asks to go on only if the
server still has that version (``If-Range``, RFC 9110 section 13.1.5), and the
whole file must have the published SHA-256 before it gets its name.
"""

import contextlib
import errno
import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from transfergui import __version__
from transfergui.core.base.errors import UserError

CHUNK = 256 * 1024
SILENCE = 20.0
"""Seconds without a byte after which a download is given up (and can be resumed)."""
TOLERANCE = 1_000_000
"""Bytes by which a file may exceed its published size before it is taken for something else."""
PARTIAL = 206
UNSATISFIABLE = 416
VERSION = re.compile(r"[\x20-\x7e]{1,500}")
"""What may be sent back as a header."""
MEGABYTE = 1_000_000

Progress = Callable[[int, int], None]


def fetch(
    url: str,
    target: Path,
    *,
    sha256: str,
    expected: int,
    progress: Progress,
    cancelled: Callable[[], bool],
) -> Path:
    """Download ``url`` to ``target`` and return that.

    Args:
        sha256: leading hex digits of the file's SHA-256.
        expected: bytes, roughly; used where the server does not tell, and against flooding.
        progress: called with the bytes that are there and the bytes in all.
        cancelled: asked between two pieces.

    Raises:
        UserError: ``weights.unreachable``, ``weights.refused``, ``weights.portal``,
            ``weights.interrupted``, ``weights.cancelled`` (the part is kept where it can be
            resumed), ``weights.wrong_content`` or ``weights.not_saved`` (the part is dropped).
    """
    job = _Job(url, target, expected)
    with job.writing():
        target.parent.mkdir(parents=True, exist_ok=True)
    with job.connect() as response:
        job.check_answer(response)
        job.receive(response, progress, cancelled)
    with job.writing():
        job.finish(sha256)
    return target


@dataclass(frozen=True)
class _Job:
    """One download; ``part`` and ``version`` are its files on the way."""

    url: str
    target: Path
    expected: int

    @property
    def part(self) -> Path:
        return self.target.with_name(f"{self.target.name}.part")

    @property
    def version(self) -> Path:
        """Holds the ETag or date of the file that ``part`` is the beginning of."""
        return self.target.with_name(f"{self.target.name}.part.version")

    # -- asking

    def connect(self) -> HTTPResponse:
        """The server's answer to a request for the rest of the file, or for all of it."""
        try:
            return urlopen(self._request(), timeout=SILENCE)
        except HTTPError as error:
            error.close()
            if error.code == UNSATISFIABLE and self.part.exists():  # nothing is left to be sent
                self.drop()
                return self.connect()
            status = f"{error.code} {error.reason}"
            raise self.error("weights.refused", status=status) from error
        except (OSError, HTTPException) as error:
            reason = error.reason if isinstance(error, URLError) else error
            raise self.error("weights.unreachable", reason=str(reason)) from error

    def _request(self) -> Request:
        request = Request(self.url, headers={"User-Agent": f"TransferGUI/{__version__}"})
        with contextlib.suppress(OSError):  # no part, or not resumable: ask for the whole file
            request.add_header("If-Range", _required(self.version.read_bytes().decode("latin-1")))
            request.add_header("Range", f"bytes={self.part.stat().st_size}-")
        return request

    def check_answer(self, response: HTTPResponse) -> None:
        """Hotel and company networks answer with a page of their own where one must log in."""
        if response.headers.get_content_type() == "text/html":
            raise self.error("weights.portal", host=urlsplit(response.url).netloc)

    # -- receiving

    def receive(
        self, response: HTTPResponse, progress: Progress, cancelled: Callable[[], bool]
    ) -> None:
        """Append the answer's body to the part."""
        with self.writing(), self._opened(response) as stream:
            done = stream.tell()
            promised = None if response.length is None else done + response.length
            total = promised or self.expected
            _check_space(self.target.parent, total - done)
            progress(done, total)
            for piece in self._pieces(response, done):
                stream.write(piece)
                done += len(piece)
                progress(done, total)
                if cancelled():
                    raise self.error("weights.cancelled")
                if done > self.expected + TOLERANCE:
                    self.drop()
                    raise self.error("weights.wrong_content")
            if promised and done < promised:
                raise self.broken_off(done, promised)
            stream.flush()
            os.fsync(stream.fileno())

    def _opened(self, response: HTTPResponse) -> IO[bytes]:
        """The part: to be continued where the server does so, else begun anew."""
        start = re.match(r"bytes (\d+)-", response.headers.get("Content-Range", ""))
        if response.status == PARTIAL and start and int(start[1]) == self.part.stat().st_size:
            return self.part.open("ab")
        self.drop()
        version = _version(response)
        if version:
            self.version.write_text(version, encoding="ascii")
        return self.part.open("wb")

    def _pieces(self, response: HTTPResponse, done: int) -> Iterator[bytes]:
        while True:
            try:
                piece = response.read1(CHUNK)
            except (OSError, HTTPException) as error:
                raise self.broken_off(done, self.expected) from error
            if not piece:
                return
            done += len(piece)
            yield piece

    def finish(self, sha256: str) -> None:
        """Give the part its name, if it is what was published."""
        with self.part.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
        if not found.startswith(sha256):
            self.drop()
            raise self.error("weights.wrong_content")
        self.part.replace(self.target)
        self.drop()

    def drop(self) -> None:
        """Forget what was received."""
        self.part.unlink(missing_ok=True)
        self.version.unlink(missing_ok=True)

    # -- failing

    def error(self, code: str, **values: Any) -> UserError:
        """``code`` with what every sentence of a download names: what to copy by hand, where to."""
        return UserError(code, url=self.url, folder=str(self.target.parent), **values)

    def broken_off(self, done: int, total: int) -> UserError:
        megabytes = {"done": done // MEGABYTE, "total": total // MEGABYTE}
        return self.error("weights.interrupted", **megabytes)

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """A full or protected disk becomes a sentence, and nothing is left on it."""
        try:
            yield
        except OSError as error:
            with contextlib.suppress(OSError):
                self.drop()
            raise self.error("weights.not_saved", reason=error.strerror or str(error)) from error


def _version(response: HTTPResponse) -> str | None:
    """What tells two versions of a file apart; a weak ETag does not, nor what is no header."""
    tag = response.headers.get("ETag", "")
    version = tag if tag.startswith('"') else response.headers.get("Last-Modified", "")
    return version if VERSION.fullmatch(version) else None


def _required(version: str) -> str:
    """
    Raises:
        OSError: it was damaged: the whole file is asked for.
    """
    if not VERSION.fullmatch(version):
        raise OSError(errno.EINVAL, "no version")
    return version


def _check_space(folder: Path, needed: int) -> None:
    if shutil.disk_usage(folder).free < needed:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
