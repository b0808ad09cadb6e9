"""What one who asks may take of the computer that serves: bytes, files, time, places in the queue.

Every limit has a status of HTTP and a sentence; see :mod:`.handler`.
"""

from __future__ import annotations

from dataclasses import dataclass

MIB = 2**20


@dataclass(frozen=True)
class Limits:
    """See the module.

    Attributes:
        body_bytes: of a whole request (413).
        files: in one request (413).
        examples: predictions in one answer: rows of a table, pieces of recordings (413).
        head_bytes: of the first line and the headers (431).
        idle_seconds: that a connection is kept open between two requests.
        head_seconds: within which the first line and the headers arrive (408).
        body_seconds: within which the body arrives (408), and an answer is taken.
        stalled_seconds: in which some more of the body arrives (408).
        answer_seconds: from the end of the request to its answer, waiting included (504).
        waiting: requests in the queue of the model (503).
        connections: open at one time (503).
        connections_of_one: of these, from one other computer (503).
    """

    body_bytes: int = 64 * MIB
    files: int = 32
    examples: int = 256
    head_bytes: int = 16 * 1024
    idle_seconds: float = 10.0
    head_seconds: float = 10.0
    body_seconds: float = 60.0
    stalled_seconds: float = 10.0
    answer_seconds: float = 60.0
    waiting: int = 32
    connections: int = 64
    connections_of_one: int = 32
