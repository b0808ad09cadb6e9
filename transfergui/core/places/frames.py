"""How the two sides talk: a line of JSON, and the bytes that it announces.

``{"ask": "put", "hash": "…", "offset": 0, "bytes": 65536}`` and a newline are followed by 65536
bytes. The answer to each question is a frame, too, in the same order.
"""

from __future__ import annotations

import json
from typing import IO, Any, NamedTuple

PROTOCOL = 2
"""Both sides must have the same."""
MAX_LINE = 1_000_000
MAX_BYTES = 500_000_000
"""Of one frame: the list of a million files is 100 MB."""


class FrameError(ValueError):
    """What came is no frame: the connection is of no more use."""


class Frame(NamedTuple):
    """A question or an answer.

    Attributes:
        fields: of the line.
        payload: the bytes after it.
    """

    fields: dict[str, Any]
    payload: bytes = b""


def write(stream: IO[bytes], fields: dict[str, Any], payload: bytes = b"") -> None:
    """
    Raises:
        OSError: nobody reads any more.
    """
    line = json.dumps({**fields, "bytes": len(payload)}).encode()
    stream.write(line + b"\n" + payload)
    stream.flush()


def read(stream: IO[bytes]) -> Frame | None:
    """The next frame; None where the other side has ended.

    Raises:
        FrameError: something else came, or the other side ended in the middle of it.
    """
    line = stream.readline(MAX_LINE)
    return parsed(line, stream) if line else None


def parsed(line: bytes, stream: IO[bytes]) -> Frame:
    """The frame that begins with ``line``; the rest of it is read.

    Raises:
        FrameError: see :func:`read`.
    """
    try:
        fields = json.loads(line)
        count = fields["bytes"]
        if not (line.endswith(b"\n") and isinstance(count, int) and 0 <= count <= MAX_BYTES):
            raise ValueError(line)
    except (ValueError, KeyError, TypeError, RecursionError):
        raise FrameError(repr(line[:200])) from None
    payload = stream.read(count)
    if len(payload) < count:
        raise FrameError("cut off")
    return Frame(fields, payload)
