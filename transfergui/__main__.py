"""The entry point: without a command the window, with one the command line.

Nothing may import Qt, torch or the command line before ``main`` has prepared
the process for them.
"""

import atexit
import contextlib
import ctypes
import io
import os
import signal
import sys
from collections.abc import Sequence
from importlib import util
from pathlib import Path
from typing import NoReturn

INTERRUPTED = 130
"""Exit status, as of :mod:`transfergui.cli`."""


def run() -> NoReturn:
    """What the command ``transfergui`` does: :func:`main`, and the end of the process.

    To take the modules of torch apart takes Python 0.7 s, and gives back nothing that the system
    does not take back by itself. The window is left to Qt.
    """
    try:
        status = main()
    except KeyboardInterrupt:  # while modules are imported; commands answer it themselves
        status = INTERRUPTED
    if not _opens_window(sys.argv[1:]):
        with contextlib.suppress(ValueError):  # once more Ctrl+C: it is over anyway
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        atexit._run_exitfuncs()
        with contextlib.suppress(OSError):  # a full disk: Python's own end says so
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
    sys.exit(status)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program and give its exit status (see :mod:`transfergui.cli`).

    Args:
        argv: without the program's name; ``sys.argv`` by default.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    _prepare_streams()
    from transfergui.core.base import errors, i18n, memory

    if arguments[:1] == ["doctor"]:  # before anything else is imported that may be missing
        i18n.use_language()
        from transfergui.cli import doctor as command

        return command.main(arguments[1:])
    try:
        with errors.naming_missing_parts():
            return _run(arguments)
    except errors.UserError as error:
        return _complained(error)
    except Exception as error:
        exhausted = memory.as_user_error(error)
        if exhausted is None:
            raise
        return _complained(exhausted)


def _complained(error: object) -> int:
    print(f"transfergui: {error} [{getattr(error, 'code', '')}]", file=sys.stderr)
    return 1


def _run(arguments: Sequence[str]) -> int:
    from transfergui.core.app import display
    from transfergui.core.base import allocator, i18n, parallel

    parallel.wait_asleep()
    _load_torch_before_qt()
    allocator.keep_blocks()
    i18n.use_language()
    opens_window = _opens_window(arguments)
    problem = display.display_problem() if opens_window else None
    if opens_window and problem is None:
        return _open_window(arguments)
    if opens_window and arguments[:1] != ["demo"]:  # that one trains without a window, too
        print(_no_window(problem), file=sys.stderr)
        return 2
    _interrupt_by_signals()
    from transfergui import cli

    return cli.main(arguments)


def _opens_window(arguments: Sequence[str]) -> bool:
    return arguments[:1] in ([], ["demo"]) or _is_path(arguments)


def _is_path(arguments: Sequence[str]) -> bool:
    """Whether a file or a folder was given to the program, as a double click does."""
    from transfergui.core.base import file_kinds

    if len(arguments) != 1:
        return False
    if file_kinds.is_opened(arguments[0]):
        return True
    return os.path.exists(arguments[0]) and not _is_command(arguments[0])  # noqa: PTH110 - raises


def _is_command(word: str) -> bool:
    """Whether it is a command's name, which a folder may have, too."""
    if os.path.basename(word) != word:  # noqa: PTH119 - a name with a separator is a path
        return False
    from transfergui.cli.parser import make_parser

    return word in make_parser().commands


def _open_window(arguments: Sequence[str]) -> int:
    sample = None
    if _is_path(arguments):
        from transfergui.gui.shell import app

        return app.main(path=Path(arguments[0]).absolute())
    if arguments:
        from transfergui.cli.parser import make_parser

        sample = make_parser().parse_args(arguments).sample
    from transfergui.gui.shell import app

    return app.main(sample)


def _no_window(problem: str | None) -> str:
    from transfergui.core.base.i18n import _

    return _(
        "The window cannot be opened ({problem}). Use a command instead (demo, scan, list, rank, "
        "train, resume, stop, runs, rename, evaluate, predict, export, doctor), for example: "
        "transfergui train DATA"
    ).format(problem=problem)


def _interrupt_by_signals() -> None:
    """SIGTERM and the end of the terminal are as Ctrl+C, but for what ``nohup`` ignores."""
    for name in ("SIGTERM", "SIGHUP", "SIGBREAK"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)


def _prepare_streams() -> None:
    """File names with undecodable bytes are printed as they are, in UTF-8 everywhere.

    Where standard output or error is closed, nothing is written: else the next file that is
    opened would get its number, and what is printed.
    """
    for name in ("stdout", "stderr") if sys.platform != "win32" else ():
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w"))  # noqa: PTH123, SIM115 - to the end
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # None in a windowed program
            stream.reconfigure(encoding="utf-8", errors="surrogateescape")


def _load_torch_before_qt() -> None:
    """Windows only: torch's DLLs fail to load after Qt's (torch >= 2.9)."""
    if sys.platform != "win32":
        return
    spec = util.find_spec("torch")
    if spec is not None and spec.origin is not None:
        library = Path(spec.origin).parent / "lib" / "c10.dll"
        os.add_dll_directory(str(library.parent))
        if library.exists():
            ctypes.CDLL(str(library))


if __name__ == "__main__":
    run()
