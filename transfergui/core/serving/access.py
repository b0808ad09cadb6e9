"""Who may ask: programs of this computer, pages of this very address, and who knows the token.

A page of a stranger in the user's browser is none of them. It cannot read or send anything here:
its requests carry its own ``Origin`` (cross-site request forgery), and where its name was made to
mean this computer (DNS rebinding), they carry that name as their ``Host``.
"""

from __future__ import annotations

import hmac
import ipaddress
import secrets
from email.message import Message
from http import HTTPStatus
from urllib.parse import urlsplit

from transfergui.core.base.errors import UserError
from transfergui.core.serving.refusals import Refused

LOOPBACK = "127.0.0.1"
NAMES = ("127.0.0.1", "localhost", "::1")
"""What a browser calls this computer."""
SHORTEST = 16
"""Letters of a token: fewer can be guessed."""
BEARER = "Bearer "


def is_loopback(host: str) -> bool:
    """Whether only programs of this computer reach ``host``."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def made_token() -> str:
    """A token of 192 random bits."""
    return secrets.token_urlsafe(24)


def checked_token(host: str, token: str) -> str:
    """``token``, if it may guard ``host``; empty only for this computer alone.

    Raises:
        UserError: ``serve.needs_token``, ``serve.short_token``.
    """
    if not token and not is_loopback(host):
        raise UserError("serve.needs_token", host=host)
    usable = token.isascii() and token.isprintable() and " " not in token
    if token and (len(token) < SHORTEST or not usable):
        raise UserError("serve.short_token", count=SHORTEST)
    return token


class Guard:
    """Lets requests to one address in, or raises.

    Args:
        host: that is listened on.
        token: empty where none is needed.
    """

    def __init__(self, host: str, token: str) -> None:
        self._token = checked_token(host, token)
        self._hosts = {*NAMES, host.lower()} if is_loopback(host) else None

    @property
    def needs_token(self) -> bool:
        """Whether who asks must know the token."""
        return bool(self._token)

    def check_origin(self, headers: Message) -> None:
        """Refuse pages of others. Holds for every request.

        Raises:
            Refused: 403.
        """
        host = headers.get("Host", "")
        name = _name(host)
        if name is None or (self._hosts is not None and name not in self._hosts):
            error = UserError("serve.wrong_host", host=host[:100])
            raise Refused(HTTPStatus.FORBIDDEN, error)
        origin, site = headers.get("Origin"), headers.get("Sec-Fetch-Site", "none")
        own = origin is None or _netloc(origin) == host.lower()
        if not own or site not in ("same-origin", "none"):
            error = UserError("serve.other_origin", origin=(origin or site)[:100])
            raise Refused(HTTPStatus.FORBIDDEN, error)

    def check_token(self, headers: Message) -> None:
        """Refuse who does not know the token, in a time that tells nothing about it.

        Raises:
            Refused: 401.
        """
        if not self._token:
            return
        given = headers.get("Authorization", "")
        found = given[len(BEARER) :] if given.startswith(BEARER) else ""
        if not hmac.compare_digest(found.encode("utf-8", "replace"), self._token.encode()):
            error = UserError("serve.wrong_token")
            raise Refused(HTTPStatus.UNAUTHORIZED, error, WWW_Authenticate="Bearer")


def _name(host: str) -> str | None:
    """The host of a ``Host`` header without its port; None where it is none."""
    try:
        split = urlsplit(f"//{host}")
        _port = split.port
    except ValueError:
        return None
    return split.hostname if split.netloc == host and "@" not in host else None


def _netloc(origin: str) -> str:
    """``127.0.0.1:8765`` of ``http://127.0.0.1:8765``; empty where it is none of a page."""
    try:
        split = urlsplit(origin)
    except ValueError:
        return ""
    return split.netloc.lower() if split.scheme in ("http", "https") else ""
