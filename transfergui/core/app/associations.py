"""Double click: that the system opens project files and models (``.tgmodel``) with this program.

Only ever done when the user asks for it, and for this user alone; all of it can be taken back.

- Linux: a desktop entry, MIME types and an icon below ``$XDG_DATA_HOME`` (freedesktop.org's Desktop
  Entry and Shared MIME-info specifications);
- Windows: keys below ``HKEY_CURRENT_USER\\Software\\Classes``;
- macOS: nothing, as there only an application bundle can be tied to files.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.sax.saxutils import quoteattr

from transfergui.core.base import files, paths, python
from transfergui.core.base.errors import UserError
from transfergui.core.base.file_kinds import KINDS, FileKind
from transfergui.core.base.i18n import _

MARK = "TransferGUI wrote this file"
"""In each file that is written: one without it is somebody else's, and left as it is."""
CLASSES = r"Software\Classes"
UPDATERS = (("update-mime-database", "mime"), ("update-desktop-database", "applications"))
"""What tells a Linux desktop of new files, and the folder it is told of."""


def places() -> list[str]:
    """What would be written, or taken back: files, or keys of the registry.

    Raises:
        UserError: ``associate.not_here``.
    """
    if sys.platform == "win32":
        return [rf"HKEY_CURRENT_USER\{CLASSES}\{key}" for key in _keys()]
    return [str(path) for path in _files()]


def is_associated() -> bool:
    """Whether files are opened with this program.

    Raises:
        UserError: ``associate.not_here``.
    """
    if sys.platform == "win32":
        return all(_registered(kind.suffix) == _class_of(kind) for kind in KINDS)
    return all(_is_own(path) for path in _files())


def associate() -> None:
    """Open these files with this program from now on; done again, it mends what has changed.

    Raises:
        UserError: ``associate.not_here``; ``associate.foreign``: a file is somebody else's;
            ``associate.failed``.
    """
    if sys.platform == "win32":
        _register()
        return
    wanted = _files()
    for path in wanted:
        if path.exists() and not _is_own(path):
            raise UserError("associate.foreign", path=str(path))
    try:
        for path, content in wanted.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            files.write_atomic(path, content)
    except OSError as error:
        raise UserError("associate.failed", reason=str(error)) from None
    _tell_desktop()


def dissociate() -> None:
    """Take back what :func:`associate` did, and nothing else.

    Raises:
        UserError: ``associate.not_here``, ``associate.failed``.
    """
    if sys.platform == "win32":
        _unregister()
        return
    try:
        for path in _files():
            if _is_own(path):
                path.unlink()
    except OSError as error:
        raise UserError("associate.failed", reason=str(error)) from None
    _tell_desktop()


# -- Linux


def _data_home() -> Path:
    """
    Raises:
        UserError: ``associate.not_here``.
    """
    if sys.platform == "darwin":
        raise UserError("associate.not_here")
    named = os.environ.get("XDG_DATA_HOME", "")
    return Path(named) if Path(named).is_absolute() else paths.home() / ".local" / "share"


def _files() -> Mapping[Path, str]:
    """What is written, by where."""
    home = _data_home()
    icon = paths.resource("icons", "app.svg").read_text("utf-8").strip()
    return {
        home / "mime" / "packages" / "transfergui.xml": _mime_types(),
        home / "icons" / "hicolor" / "scalable" / "apps" / "transfergui.svg": (
            f"{icon.replace('currentColor', 'rgb(0,114,178)')}\n<!-- {MARK} -->\n"
        ),
        home / "applications" / "transfergui.desktop": _desktop_entry(),
    }


def _desktop_entry() -> str:
    command = " ".join(map(_quoted, python.command("-m", "transfergui")))
    comment = _("Train a model on your own data")
    return "\n".join(
        (
            "[Desktop Entry]",
            "Type=Application",
            "Name=TransferGUI",
            f"Comment={comment}",
            f"Exec={command} %f",
            "Icon=transfergui",
            "Terminal=false",
            "Categories=Science;Graphics;",
            "StartupWMClass=transfergui",
            f"X-TransferGUI={MARK}",
            f"MimeType={''.join(f'{kind.mime};' for kind in KINDS)}",
            "",
        )
    )


def _quoted(word: str) -> str:
    """An argument of ``Exec``: in quotes, and per cent signs doubled."""
    for special in ("\\", '"', "`", "$"):
        word = word.replace(special, "\\" + special)
    word = word.replace("\\", "\\\\").replace("%", "%%")  # a value is unescaped once before
    return f'"{word}"'


def _mime_types() -> str:
    types = "".join(
        f"  <mime-type type={quoteattr(kind.mime)}>\n"
        f"    <comment>{_(kind.title)}</comment>\n"
        '    <icon name="transfergui"/>\n'
        f'    <glob pattern="*{kind.suffix}" weight="60"/>\n'
        "  </mime-type>\n"
        for kind in KINDS
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<!-- {MARK} -->\n"
        '<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">\n'
        f"{types}</mime-info>\n"
    )


def _is_own(path: Path) -> bool:
    try:
        return MARK in path.read_text("utf-8", errors="replace")
    except OSError:
        return False


def _tell_desktop() -> None:
    """Desktops look by themselves sooner or later, where these programs are missing."""
    for program, folder in UPDATERS:
        place = _data_home() / folder
        if (found := shutil.which(program)) and place.is_dir():
            with contextlib.suppress(OSError, subprocess.TimeoutExpired):
                subprocess.run([found, place], capture_output=True, check=False, timeout=30)


# -- Windows


def _class_of(kind: FileKind) -> str:
    return f"TransferGUI{kind.suffix}"


def _keys() -> list[str]:
    """Below :data:`CLASSES`."""
    return [name for kind in KINDS for name in (_class_of(kind), kind.suffix)]


def _values() -> Iterator[tuple[str, str]]:
    """Keys below :data:`CLASSES` and their values."""
    own, *arguments = python.command("-m", "transfergui")
    program = Path(own).with_name("pythonw.exe")  # opens no terminal
    program = program if program.is_file() else Path(own)
    command = " ".join((f'"{program}"', *arguments, '"%1"'))
    for kind in KINDS:
        yield _class_of(kind), _(kind.title)
        yield rf"{_class_of(kind)}\shell\open\command", command
        yield kind.suffix, _class_of(kind)


def _register() -> None:
    import winreg

    try:
        for key, value in _values():
            path = rf"{CLASSES}\{key}"
            with winreg.CreateKey(winreg.HKEY_CURRENT_USER, path) as opened:  # type: ignore[attr-defined,unused-ignore]
                winreg.SetValueEx(opened, "", 0, winreg.REG_SZ, value)  # type: ignore[attr-defined,unused-ignore]
    except OSError as error:
        raise UserError("associate.failed", reason=str(error)) from None


def _unregister() -> None:
    import winreg

    for kind in KINDS:
        own = _class_of(kind)
        mine = (kind.suffix,) if _registered(kind.suffix) == own else ()
        for key in (
            rf"{own}\shell\open\command",
            rf"{own}\shell\open",
            rf"{own}\shell",
            own,
            *mine,
        ):
            with contextlib.suppress(FileNotFoundError):
                winreg.DeleteKey(winreg.HKEY_CURRENT_USER, rf"{CLASSES}\{key}")  # type: ignore[attr-defined,unused-ignore]


def _registered(suffix: str) -> str:
    """What opens files of this ending."""
    import winreg

    try:
        path = rf"{CLASSES}\{suffix}"
        return str(winreg.QueryValue(winreg.HKEY_CURRENT_USER, path))  # type: ignore[attr-defined,unused-ignore]
    except OSError:
        return ""
