"""An ONNX file that may come from anybody, run in a process of its own with limits.

A graph is a program: it may ask for terabytes, loop without end, or answer with something else than
its description says. So another process loads and runs it: its memory is limited where the system
can (Linux), it is ended when it does not answer in time, and what it answers is checked. It ends
with the process that started it.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import struct
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Iterator, Sequence
from importlib import util
from typing import IO, TYPE_CHECKING, Any

from transfergui.core.base import memory, python
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _

if TYPE_CHECKING:
    import numpy as np

PATIENCE = 120.0
"""Seconds for loading a model, and for its first answer."""
SLOWER = 20.0
"""So many times as long as the first answer took, for each sample of a batch; at least PATIENCE."""
LONGEST_HEADER = 100_000
INPUT, OUTPUT = "input", "logits"


class OnnxProcess:
    """A loaded model.

    Args:
        model: the content of the file, complete in itself.
        classes: how many it must tell apart.
        path: the file, for messages.
        more: outputs [N, 1] that it must have beside the logits.

    Raises:
        UserError: ``model.damaged``: it cannot be loaded, or has other inputs and outputs.
        ModuleNotFoundError: onnxruntime is not installed.
    """

    def __init__(self, model: bytes, classes: int, path: str, more: Sequence[str] = ()) -> None:
        if util.find_spec("onnxruntime") is None:
            raise ModuleNotFoundError("onnxruntime", name="onnxruntime")
        self._width, self._path = classes + len(more), path
        self._each: float | None = None
        self._lock = threading.Lock()
        self._process = _started(more)
        self._end = weakref.finalize(self, _ended, self._process)
        with self._in_time(PATIENCE):
            self._write(struct.pack("<Q", len(model)), model)
            said = self._header()
        if said["inputs"] != [INPUT] or said["width"] != self._width:
            self._end()
            raise self._damaged(_("the inputs or outputs do not match its description"))

    def answer(self, batch: np.ndarray) -> np.ndarray:
        """Prepared inputs [N, ...] to float32 logits [N, classes], and behind them the further
        outputs; they may be NaN.

        Raises:
            UserError: ``model.damaged``: it fails, does not answer in time, or answers in another
                shape. Nothing can be asked any more after that.
        """
        import numpy as np

        with self._lock:
            if self._each is not None:
                return self._answer(batch, max(PATIENCE, SLOWER * self._each * len(batch)))
            began = time.monotonic()
            first = self._answer(batch[:1], PATIENCE)
            self._each = time.monotonic() - began
            if len(batch) == 1:
                return first
            rest = self._answer(batch[1:], max(PATIENCE, SLOWER * self._each * len(batch)))
            return np.concatenate([first, rest])

    def _answer(self, batch: np.ndarray, patience: float) -> np.ndarray:
        import numpy as np

        if not self._end.alive:
            raise self._damaged(_("the process that ran the model ended unexpectedly"))
        header = {"dtype": batch.dtype.str, "shape": batch.shape}
        with self._in_time(patience):
            self._write(json.dumps(header).encode() + b"\n", np.ascontiguousarray(batch).tobytes())
            shape = self._header()["shape"]
            if shape != [len(batch), self._width]:
                told = _("the outputs have the shape {found} instead of {wanted}")
                wanted = [len(batch), self._width]
                raise self._damaged(told.format(found=str(shape)[:60], wanted=wanted))
            data = _exactly(self._stdout, 4 * math.prod(shape))
        return np.frombuffer(data, dtype="<f4").reshape(shape).astype(np.float32)

    @contextlib.contextmanager
    def _in_time(self, patience: float) -> Iterator[None]:
        """
        Raises:
            UserError: ``model.damaged``; the process is gone then.
        """
        late = threading.Event()

        def end() -> None:
            late.set()
            self._process.kill()

        timer = threading.Timer(patience, end)
        timer.start()
        try:
            yield
        except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
            self._process.wait()
            text = _("the model gave no prediction within {seconds} seconds")
            slow = text.format(seconds=round(patience)) if late.is_set() else ""
            self._end()
            why = _(
                "the process that ran the model ended unexpectedly (out of memory, or a fault "
                "in the model)"
            )
            raise self._damaged(slow or why) from error
        except UserError:
            self._end()
            raise
        finally:
            timer.cancel()
            timer.join()

    @property
    def _stdout(self) -> IO[bytes]:
        assert self._process.stdout is not None
        return self._process.stdout

    def _write(self, *parts: bytes) -> None:
        assert self._process.stdin is not None
        for part in parts:
            self._process.stdin.write(part)
        self._process.stdin.flush()

    def _header(self) -> dict[str, Any]:
        line = self._stdout.readline(LONGEST_HEADER)
        if not line.endswith(b"\n"):
            raise EOFError
        said = json.loads(line)
        if "error" in said:
            raise self._damaged(str(said["error"]))
        return said

    def _damaged(self, reason: str) -> UserError:
        return UserError("model.damaged", path=self._path, reason=reason)


def _started(more: Sequence[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        python.command("-m", __name__, str(memory.available()), *more),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=python.ROOT if os.name == "nt" else "/",
        env=python.environment(),
    )


def _ended(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    for stream in (process.stdin, process.stdout):
        with contextlib.suppress(OSError):
            if stream is not None:
                stream.close()
    process.wait()


def _exactly(stream: IO[bytes], count: int) -> bytes:
    data = stream.read(count)
    if len(data) < count:
        raise EOFError
    return data


# -- in the process


def main(arguments: Sequence[str]) -> None:
    """Load the model that comes on the standard input, and answer until that is closed."""
    source, sink = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing that a library prints gets between the answers
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    (size,) = struct.unpack("<Q", _exactly(source, 8))
    try:
        session = _load(_exactly(source, size), int(arguments[0]))
        outputs = {output.name: output.shape for output in session.get_outputs()}
        inputs = [each.name for each in session.get_inputs()]
        names = [OUTPUT, *arguments[1:]]
        widths = [(outputs.get(name) or [None])[-1] for name in names]
        width = sum(widths) if all(isinstance(each, int) for each in widths) else None
        _say(sink, {"inputs": inputs, "width": width})
        while line := source.readline():
            found = _run(session, names, json.loads(line), source)
            _say(sink, {"shape": list(found.shape)}, found.tobytes())
    except Exception as error:  # onnxruntime has a dozen kinds, without a common base
        _say(sink, {"error": " ".join(str(error).split())[:500] or type(error).__name__})


def _say(sink: IO[bytes], header: dict[str, Any], data: bytes = b"") -> None:
    sink.write(json.dumps(header).encode() + b"\n" + data)
    sink.flush()


def _load(model: bytes, bound: int) -> Any:
    import onnxruntime

    _limit(bound)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _run(session: Any, names: list[str], header: dict[str, Any], source: IO[bytes]) -> Any:
    import numpy as np

    kind = np.dtype(header["dtype"])
    data = _exactly(source, kind.itemsize * math.prod(header["shape"]))
    batch = np.frombuffer(data, dtype=kind).reshape(header["shape"])
    found = session.run(names, {INPUT: batch})
    whole = found[0] if len(found) == 1 else np.concatenate(found, axis=1)
    return np.ascontiguousarray(whole, dtype="<f4")


def _limit(bound: int) -> None:
    """Where the system can: ``bound`` bytes more than now, no files, no core dump."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        with open("/proc/self/statm", encoding="ascii") as stream:  # noqa: PTH123
            now = int(stream.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (now + bound, now + bound))


def _end_with_parent(parent: int) -> None:
    """A graph that loops would go on for ever where the program was killed."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
