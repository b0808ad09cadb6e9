"""Why a request gets no prediction: a status of HTTP and a sentence."""

from __future__ import annotations

from http import HTTPStatus

from transfergui.core.base.errors import UserError


class Refused(Exception):  # noqa: N818 - an answer, not a fault
    """A request that is answered by an error.

    Attributes:
        status: of HTTP.
        error: the code and the sentence.
        headers: further headers of the answer.
    """

    def __init__(self, status: HTTPStatus, error: UserError, **headers: str) -> None:
        super().__init__(status, error)
        self.status = status
        self.error = error
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


class OutOfTime(Exception):  # noqa: N818 - an answer, not a fault
    """Who asks is too slow."""


class HeadTooLarge(Exception):  # noqa: N818 - an answer, not a fault
    """The first line and the headers have too many bytes."""
