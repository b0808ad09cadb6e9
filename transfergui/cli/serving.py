"""``serve``: a model as a page and JSON on an address of this computer."""

from __future__ import annotations

import argparse
import signal
import threading
from types import FrameType

from transfergui.cli import console, models
from transfergui.core.base.i18n import _, ngettext
from transfergui.core.base.notes import Note

HOST, PORT = "127.0.0.1", 8765
GENERATE = "generate"


def serve(arguments: argparse.Namespace) -> None:
    """``transfergui serve RUN|MODEL [--port N] [--host ADDRESS --token TOKEN|generate]``.

    The first line of the result is the address of the page. Ctrl+C and SIGTERM end it.

    Raises:
        UserError: a ``serve.``, ``model.`` or ``promise.`` code.
    """
    from transfergui.core.serving.access import checked_token, made_token
    from transfergui.core.serving.server import Server

    token = made_token() if arguments.token == GENERATE else arguments.token
    checked_token(arguments.host, token)  # before the model is loaded
    model = models.promising(models.loaded(arguments.model), arguments)
    ended = _Ended()
    server = Server(
        model,
        arguments.host,
        arguments.port,
        token,
        unsure=arguments.unsure,
        report=lambda text: console.say(text.rstrip()),
    )
    try:
        if not server.alone:
            console.say(Note("serve.not_encrypted").sentence())
        console.result(server.address)
        console.say(_("“{name}” is being served. Press Ctrl+C to stop.").format(name=model.name))
        ended.wait()
    finally:
        server.stop()
        _say_count(server.answered, server.refused)


def _say_count(answered: int, refused: int) -> None:
    text = ngettext("{count} request", "{count} requests", answered).format(count=answered)
    if refused:
        more = ngettext("{count} refused", "{count} refused", refused).format(count=refused)
        text = _("{first}, {next}").format(first=text, next=more)
    console.say(text)


class _Ended:
    """Waits for Ctrl+C or for the system to end the program."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, self._take)

    def _take(self, _number: int, _frame: FrameType | None) -> None:
        self._asked.set()

    def wait(self) -> None:
        """Until then; on Windows, Ctrl+C is only noticed between two waits."""
        try:
            while not self._asked.wait(0.5):
                pass
        except KeyboardInterrupt:
            return
