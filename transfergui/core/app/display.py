"""Whether a window can be opened here, before Qt is imported, which would abort the process."""

import ctypes
import os
import socket
import sys
from importlib import util
from pathlib import Path

from transfergui.core.base.i18n import _


def has_x_display() -> bool:
    """Whether the environment names an X display."""
    return bool(os.environ.get("DISPLAY"))


def display_problem() -> str | None:
    """Why no window can be opened here, or None.

    Qt aborts the whole process in these cases, so they are looked for before
    it is imported. Only Linux has them.
    """
    if not sys.platform.startswith("linux"):
        return None
    plugin = _platform_plugin()
    if plugin is None:
        return _("there is no display")
    return _plugin_problem(plugin) or (_x_problem() if plugin == "xcb" else None)


def _platform_plugin() -> str | None:
    """Which of Qt's platform plugins it will choose, or None without any display."""
    chosen = os.environ.get("QT_QPA_PLATFORM", "").split(";")[0].split(":")[0]
    if chosen:
        return chosen
    if os.environ.get("WAYLAND_DISPLAY") and not has_x_display():
        return "wayland"
    return "xcb" if has_x_display() else None


def _plugin_problem(plugin: str) -> str | None:
    """Which shared library the plugin lacks (dlopen says so before Qt can abort)."""
    spec = util.find_spec("PySide6")
    if spec is None or spec.origin is None:
        return _("PySide6 is not installed")
    file = Path(spec.origin).parent / "Qt" / "plugins" / "platforms" / f"libq{plugin}.so"
    try:
        ctypes.CDLL(str(file))
    except OSError as error:
        return str(error)
    return None


def _x_problem() -> str | None:
    """Whether the X server answers where ``DISPLAY`` points."""
    host, _colon, number = os.environ.get("DISPLAY", "").rpartition(":")
    screen = number.split(".")[0]
    if not screen.isdigit():
        return _("DISPLAY has an invalid value: {value}").format(value=os.environ.get("DISPLAY"))
    try:
        _connect_x(host, int(screen))
    except OSError as error:
        return _("the display {value} does not answer: {reason}").format(
            value=os.environ["DISPLAY"], reason=error.strerror or error
        )
    return None


def _connect_x(host: str, screen: int) -> None:
    if host in ("", "unix"):
        addresses = (f"/tmp/.X11-unix/X{screen}", f"\0/tmp/.X11-unix/X{screen}")
        with socket.socket(socket.AF_UNIX) as stream:
            if stream.connect_ex(addresses[0]) != 0:
                stream.connect(addresses[1])
        return
    socket.create_connection((host, 6000 + screen), timeout=5).close()
