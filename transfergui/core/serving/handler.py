"""One connection: requests in, JSON or the page out.

=========  ==================  ===============================================================
Request    Answer
=========  ==================  ===============================================================
GET        ``/``               the page
GET        ``/model``          the model: its name, classes, kinds of files, limits
POST       ``/predict``        a file as the body, or a form of files: the predictions
=========  ==================  ===============================================================

Every error is ``{"error": {"code", "message"}}`` with a fitting status.
"""

from __future__ import annotations

import contextlib
import json
import socket
import time
import traceback
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from transfergui import __version__
from transfergui.core.base import files, memory
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.serving import body, page
from transfergui.core.serving.incoming import Incoming
from transfergui.core.serving.refusals import HeadTooLarge, OutOfTime, Refused

if TYPE_CHECKING:
    from transfergui.core.serving.access import Guard
    from transfergui.core.serving.limits import Limits
    from transfergui.core.serving.service import Service

DRAINED, DRAIN_SECONDS = 2**20, 1.0
"""Bytes, and seconds, of what is not wanted that is still read, so that the error arrives."""
JSON = "application/json; charset=utf-8"
PROTECTION = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


class Listening(Protocol):
    """The server, as far as a connection needs it.

    Attributes:
        guard: lets requests in.
        service: answers them.
        report: called with the traceback of a bug.
    """

    guard: Guard
    service: Service
    limits: Limits
    report: Callable[[str], object]

    def count(self, refused: bool = False) -> None:
        """A request has come, or was refused."""


class Handler(BaseHTTPRequestHandler):
    """See the module."""

    protocol_version = "HTTP/1.1"
    server_version = f"TransferGUI/{__version__}"
    sys_version = ""
    server: Listening  # type: ignore[assignment]

    def setup(self) -> None:
        self.connection: socket.socket = self.request
        with contextlib.suppress(OSError):
            self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.incoming = Incoming(self.connection)
        self.rfile = self.incoming  # type: ignore[assignment]
        self.outgoing = b""

    def finish(self) -> None:
        self.incoming.close()

    def log_message(self, *_what: Any) -> None:
        """Nobody reads it: the server counts."""

    def handle_one_request(self) -> None:
        """A request, or what is wrong with it; never an exception."""
        limits = self.server.limits
        self.close_connection, self.unread, self.outgoing = True, DRAINED, b""
        self.requestline, self.command, self.path, self.request_version = "", "", "", "HTTP/1.1"
        try:
            self.incoming.begin(limits.idle_seconds, limits.head_bytes)
            if not self.incoming.wait():
                return
            self.incoming.within(limits.head_seconds)
            self.raw_requestline = self.incoming.readline(limits.head_bytes)
            with body.understood():
                parsed = self.parse_request()
            if parsed:
                self._respond()
        except Refused as refused:
            self.close_connection = True
            self._refuse(refused)
        except HeadTooLarge:
            size = limits.head_bytes // 1024
            error = UserError("serve.head_too_large", size=size)
            self._refuse(Refused(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, error))
        except OutOfTime:
            if self.incoming.begun:
                error = UserError("serve.too_slow")
                self._refuse(Refused(HTTPStatus.REQUEST_TIMEOUT, error))
        except (OSError, ValueError):  # the connection is gone
            self.close_connection = True
        self._send()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What ``parse_request`` finds wrong."""
        self.close_connection = True  # the rest of the headers is no next request
        error = UserError("serve.bad_request", reason=message or _("unknown request"))
        self._refuse(Refused(HTTPStatus(code), error))

    def handle_expect_100(self) -> bool:
        """The body is asked for only once it is known to be wanted: see :meth:`_files`."""
        return True

    # -- what is asked

    def _respond(self) -> None:
        self.server.count()
        try:
            if self.request_version == "HTTP/0.9":
                raise body.bad_request(_("HTTP 0.9 is not supported"))
            self._keep, self.unread = not self.close_connection, 0
            self._expect_body()
            with body.understood():
                body.check_headers(self.headers)
                self.server.guard.check_origin(self.headers)
                answer = self._route()
            answer()
        except Refused as refused:
            self._refuse(refused)
        except (OutOfTime, ConnectionError):
            raise
        except Exception as error:  # a boundary: a bug in one answer ends no service
            self._refuse(self._broken(error))

    def _route(self) -> Callable[[], None]:
        """What answers this request.

        Raises:
            Refused: 404, 405.
        """
        routes = {
            "/": ("GET", self._page),
            "/model": ("GET", self._model),
            "/predict": ("POST", self._predict),
        }
        place = urlsplit(self.path).path if self.path.startswith("/") else ""
        if place not in routes:
            raise Refused(HTTPStatus.NOT_FOUND, UserError("serve.not_found"))
        method, answer = routes[place]
        if self.command != method:
            error = UserError("serve.wrong_method", method=method, path=place)
            raise Refused(HTTPStatus.METHOD_NOT_ALLOWED, error, Allow=method)
        return answer

    def _expect_body(self) -> None:
        """A body that is not read would be taken for the next request: the connection ends then."""
        lengths = self.headers.get_all("Content-Length", ["0"])
        if lengths != ["0"] or "Transfer-Encoding" in self.headers or self.headers.defects:
            self.close_connection, self.unread = True, DRAINED

    def _page(self) -> None:
        self._answer(HTTPStatus.OK, page.rendered(), page.TYPE, page.headers())

    def _model(self) -> None:
        self.server.guard.check_token(self.headers)
        self._answer_json(HTTPStatus.OK, self.server.service.card)

    def _predict(self) -> None:
        limits = self.server.limits
        self.server.guard.check_token(self.headers)
        length = body.length_of(self.headers, limits)
        if self.headers.get("Expect", "").lower() == "100-continue":
            self.connection.settimeout(limits.body_seconds)
            self.connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        self.incoming.within(limits.body_seconds, limits.stalled_seconds)
        with files.temporary_folder() as folder:
            names, read = self.server.service.names(folder), self.incoming.read
            with body.understood():
                found = body.received(self.headers, self.path, read, length, names, limits)
            self.unread, self.close_connection = 0, not self._keep
            status, tree = self.server.service.answer(found)
        self._answer_json(status, tree)

    # -- what is answered

    def _broken(self, error: Exception) -> Refused:
        known = memory.as_user_error(error)
        if known is None and isinstance(error, UserError):
            known = error
        if known is not None:
            return Refused(HTTPStatus.INSUFFICIENT_STORAGE, known)
        if isinstance(error, OSError):
            found = UserError("serve.no_room", reason=error.strerror or str(error))
            return Refused(HTTPStatus.INSUFFICIENT_STORAGE, found)
        self.server.report(traceback.format_exc())
        return Refused(HTTPStatus.INTERNAL_SERVER_ERROR, UserError("serve.bug"))

    def _refuse(self, refused: Refused) -> None:
        self.server.count(refused=True)
        if refused.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            self.close_connection = True  # a stranger keeps no place
        tree = {"error": {"code": refused.error.code, "message": str(refused.error)}}
        self._answer_json(refused.status, tree, refused.headers)

    def _answer_json(
        self, status: HTTPStatus, tree: Any, headers: dict[str, str] | None = None
    ) -> None:
        data = json.dumps(tree, allow_nan=False).encode("ascii")
        self._answer(status, data, JSON, headers or {})

    def _answer(self, status: HTTPStatus, data: bytes, kind: str, headers: dict[str, str]) -> None:
        closing = {"Connection": "close"} if self.close_connection else {}
        fields = {
            "Server": self.server_version,
            "Date": self.date_time_string(),
            "Content-Type": kind,
            "Content-Length": str(len(data)),
            **PROTECTION,
            **headers,
            **closing,
        }
        lines = [f"HTTP/1.1 {status.value} {status.phrase}"]
        lines += [f"{name}: {value}" for name, value in fields.items()]
        self.outgoing = "\r\n".join([*lines, "", ""]).encode("latin-1") + data

    def _send(self) -> None:
        """All at once, at the end; then read on for a moment, where a body was not."""
        if not self.outgoing:
            return
        try:
            self.connection.settimeout(self.server.limits.body_seconds)
            self.connection.sendall(self.outgoing)
            if self.close_connection and self.unread:
                self._drain()
        except (OSError, OutOfTime, ValueError):
            self.close_connection = True

    def _drain(self) -> None:
        """The system resets a connection that is closed with something unread: the answer would be
        lost with it."""
        self.connection.shutdown(socket.SHUT_WR)
        self.incoming.within(DRAIN_SECONDS)
        end, left = time.monotonic() + DRAIN_SECONDS, self.unread
        while left > 0 and time.monotonic() < end:
            piece = self.incoming.read(left)
            if not piece:
                return
            left -= len(piece)
