"""Pieces of work that are killed, each in a process of its own, and what must hold afterwards.

The processes are forked from one that has imported everything and has done nothing yet
(``forkserver``): an import would take longer than most of the work. Two ways of killing:

- at a time: the parent sends SIGKILL after so many seconds of work;
- at a write: the process sends it to itself before the N-th write below its home, of bytes after
  the first half of them, as :mod:`tests.faults.failing` counts writes.
"""

import contextlib
import hashlib
import importlib
import io
import json
import multiprocessing
import os
import signal
import tempfile
import time
import traceback
import zipfile
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
import torch

from tests.core.made_answers import answered
from tests.core.made_rows import made_rows
from tests.faults.failing import counted_bytes, disk
from transfergui.cli import main
from transfergui.core import registry
from transfergui.core.base import paths, unzip
from transfergui.core.data import corrections
from transfergui.core.data.corrections import Correction
from transfergui.core.data.dataset import DataOptions
from transfergui.core.evaluation import prediction_table as answers
from transfergui.core.evaluation import report
from transfergui.core.evaluation.prediction import Prediction
from transfergui.core.figures import one_class
from transfergui.core.runs.run import Run
from transfergui.core.training import (
    candidates,
    checkpoint,
    checkpointer,
    phase,
    probe,
    progress_reporter,
)
from transfergui.core.training.features import FeatureStore

LATER = (
    *("jinja2", "safetensors.numpy", "torchvision", "torch._dynamo", "xlsxwriter"),
    *("onnxruntime", "onnxscript", "torch.onnx", "torch.onnx._internal.exporter._core"),
    *("torch.onnx._internal.exporter._torchlib.ops", "torch.onnx.symbolic_opset11"),
    *(
        "transfergui.cli.parser",
        "transfergui.core.exporters.graph",
        "transfergui.core.app.predicting",
    ),
    *("transfergui.core.modalities.image.files", "transfergui.core.modalities.image.models"),
    *("transfergui.core.modalities.image.tgnet", "transfergui.core.nn.losses"),
    *("transfergui.core.training.start", "transfergui.core.exporters.export"),
    *("torch._functorch.aot_autograd", "torch.export._trace", "networkx"),
    *("onnxscript.rewriter.onnx_fusions", "onnxscript.function_libs.torch_lib.ops"),
)
"""Modules that the work imports where it needs them."""
for _name in LATER:
    importlib.import_module(_name)

Bits = dict[str, str]
"""What a piece of work leaves, as digests by name."""


class Kind(NamedTuple):
    """A kind of work, below the home of a process.

    Attributes:
        work: what is killed; ends with an exception where it fails.
        intact: asserts that what is there, after a kill at any moment, is whole.
        again: what the user does next, to the end.
        bits: what there is then.
        before: what the work begins with, made once.
    """

    work: Callable[[Path], object]
    intact: Callable[[Path], object]
    again: Callable[[Path], object]
    bits: Callable[[Path], Bits]
    before: Callable[[Path], object] = lambda home: None


def data(home: Path) -> Path:
    """The pictures, beside the homes: nobody writes there."""
    return home.parent / "data"


def sha(content: bytes | str) -> str:
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


# -- the command line

STARTED = "run"
SETTINGS = ("--set", "input.size=32", "--set", "input.resize=32", "--set", "optim.batch_size=8")
EXACT = ("--set", "run.precision=float32", "--set", "run.device=cpu", "--epochs", "2")
BACKBONE = ("--backbone", "shufflenet_v2_x0_5")


def done(home: Path, *arguments: object) -> str:
    """The standard output of a command that succeeds."""
    status, out, err = called(*arguments)
    assert status == 0, err
    return out


def called(*arguments: object) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main([str(argument) for argument in arguments])
    return status, out.getvalue(), err.getvalue()


# -- trainings


def training_of(*settings: str) -> Kind:
    """``train`` by a strategy; afterwards ``resume``, where there is a run, else ``train``."""

    def train(home: Path) -> None:
        _save_always()
        given = (*BACKBONE, *SETTINGS, *EXACT, *settings)
        done(home, "train", data(home), *given, "--out", home / STARTED)

    def again(home: Path) -> None:
        if (home / STARTED / "recipe.json").is_file():
            resumed(home)
        else:
            train(home)

    return Kind(train, runs_are_whole, again, bits_of_run)


def searching() -> Kind:
    """As :func:`training_of`, by the automatic choice, of which the clock decides what is tried:
    afterwards there is a finished run."""
    kind = training_of("--strategy", "auto")

    def bits(home: Path) -> Bits:
        run = Run.open(home / STARTED)
        assert run.report()["n"] == len(run.split.test)
        assert run.recipe.strategy != "auto"
        return {"leftovers": str(leftovers(run.path))}

    return kind._replace(bits=bits)


def resuming_of(*settings: str) -> Kind:
    """``resume`` of a training that was cancelled."""
    kind = training_of(*settings)

    def before(home: Path) -> None:
        """Train until the first epoch is over."""
        cancelled_after_first_epoch(home, kind.work)

    return kind._replace(work=resumed, again=resumed, before=before)


def cancelled_after_first_epoch(home: Path, train: Callable[[Path], object]) -> None:
    ended = phase.PhaseLoop.end_epoch

    def then_cancelled(self: Any, seconds: float) -> Iterator[Any]:
        yield from ended(self, seconds)
        Run.open(home / STARTED).request_stop("cancel")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(phase.PhaseLoop, "end_epoch", then_cancelled)
        with contextlib.suppress(AssertionError):  # status 130
            train(home)
    assert (home / STARTED / "checkpoints" / "last.pt").is_file()
    assert not (home / STARTED / "report.json").exists()


def resumed(home: Path) -> None:
    _save_always()
    status, _out, err = called("resume", home / STARTED)
    assert status == 0 or "[run.finished]" in err, err


def _save_always() -> None:
    checkpointer.SAVE_EVERY = checkpointer.SAVE_WITHIN = progress_reporter.EVERY = 0.0
    probe.RUNS, candidates.MOVING = 1, ()


def runs_are_whole(home: Path) -> None:
    """Whatever has its final name can be read; nothing holds the run."""
    for run in [Run(path.parent) for path in home.glob("**/recipe.json")]:
        assert not run.active()
        assert run.recipe.data.path == str(data(home))
        assert run.split.train
        for _event in run.events():
            pass
        if run.report():
            report.load(run.path)
            assert report.load_predictions(run.path)
        if run.best.exists():
            assert weights_of(run)
        checkpoint.load_last(run.checkpoints)
    stores_are_whole(home)


def weights_of(run: Run) -> str:
    from safetensors.numpy import load_file

    digest = hashlib.sha256()
    for name, tensor in sorted(load_file(run.best).items()):
        digest.update(name.encode() + tensor.tobytes())
    return digest.hexdigest()


def stores_are_whole(home: Path) -> None:
    """No shard of features is damaged."""
    for index in home.glob("home/cache/features/*/*.json"):
        rows = np.load(index.with_suffix(".npy"))
        store = FeatureStore(index.parent, rows.shape[1])
        assert "cache.damaged" not in store.notes


def bits_of_run(home: Path) -> Bits:
    run = Run.open(home / STARTED)
    figures = run.report()
    for changing in ("seconds", "created", "seconds_per_sample"):
        figures.pop(changing, None)
    return {
        "weights": weights_of(run),
        "report": sha(json.dumps(without_seconds(figures), sort_keys=True)),
        "predictions": sha((run.path / "predictions.csv").read_bytes()),
        "epochs": str([(e.epoch, e.train_loss, e.val_loss) for e in run.history().epochs]),
        "leftovers": str(leftovers(run.path)),
    }


def without_seconds(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {k: without_seconds(v) for k, v in tree.items() if "second" not in k}
    return tree


def leftovers(folder: Path) -> list[str]:
    found = (path for path in folder.rglob("*") if path.name.endswith(".part"))
    marks = (folder / name for name in ("lock", ".making", "stop", "search"))
    return sorted(path.name for path in (*found, *marks) if path.exists())


# -- what is made of a run


def exporting(key: str) -> Kind:
    """``export`` to a place where an older file lies."""
    name = f"model.{key}"

    def work(home: Path) -> None:
        done(home, "export", home / STARTED, "--format", key, "--out", home / name)

    def before(home: Path) -> None:
        training_of("--strategy", "feature_extraction").work(home)
        (home / name).write_bytes(b"old")

    def intact(home: Path) -> None:
        if (home / name).read_bytes() != b"old":
            members_of(home / name)
        runs_are_whole(home)

    def bits(home: Path) -> Bits:
        found = members_of(home / name)
        if key in ("package", "onnx"):
            found["answers"] = sha(done(home, "predict", home / name, data(home)))
        return found | {"run": str(bits_of_run(home))}

    return Kind(work, intact, work, bits, before)


def members_of(path: Path) -> Bits:
    """Digests of what is in an exported file, which must be whole."""
    if not zipfile.is_zipfile(path):
        return {"file": sha(path.read_bytes())}
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name: sha(archive.read(name)) for name in archive.namelist()}


def _rows(right: int) -> tuple[Any, Any]:
    probabilities = np.array([[0.75, 0.25], [0.25, 0.75]])
    found = one_class.measure([0, right], probabilities, ("a", "b"), measured_on="test")
    return found, made_rows(["x", "y"], [0, right], probabilities, ("a", "b"))


def _report_before(home: Path) -> None:
    training_of("--strategy", "feature_extraction").work(home)
    _save_report(home, 0)


def _save_report(home: Path, right: int = 1) -> None:
    run = Run.open(home / STARTED)
    report.save(run.path, *_rows(right), recipe=run.recipe, history=run.history())


def _report_is_whole(home: Path) -> None:
    run = Run.open(home / STARTED)
    assert run.report()["accuracy"] in (0.5, 1.0)
    assert [row.path for row in report.load_predictions(run.path)] == ["x", "y"]
    assert (run.path / "report.html").read_text().rstrip().endswith("</html>")


def _report_bits(home: Path) -> Bits:
    names = ("report.json", "report.html", "predictions.csv")
    return {name: sha((home / STARTED / name).read_bytes()) for name in names}


# -- predictions


def saving_answers(suffix: str) -> Kind:
    name = f"answers.{suffix}"
    rows = [Prediction(Path(f"{n}"), np.array([n / 999, 1 - n / 999])) for n in range(1000)]

    def work(home: Path) -> None:
        answers.write(home / name, answers.rows(answered(["a", "b"], rows)))

    def before(home: Path) -> None:
        (home / name).write_bytes(b"old")

    def intact(home: Path) -> None:
        found = (home / name).read_bytes()
        if found != b"old":
            assert found.startswith(b"PK") or found.count(b"\n") == 1001
            members_of(home / name)

    def bits(home: Path) -> Bits:
        made = members_of(home / name)
        made.pop("docProps/core.xml", None)  # when it was made
        return made

    return Kind(work, intact, work, bits, before)


# -- corrections of labels

OLD = tuple(Correction(f"class_0/{n:02}.png", label="class_1") for n in range(3))
NEW = (*OLD[:1], *(Correction(f"class_1/{n:02}.png", left_out=True) for n in range(5)))


def _scanned(home: Path) -> Any:
    options = DataOptions(path=str(data(home)))
    return registry.modality("image").scan(options, lambda _count: None)


def _correct(home: Path) -> None:
    corrections.save(_scanned(home), NEW)


def _corrections_are_whole(home: Path) -> None:
    found = corrections.find(_scanned(home))
    assert not (found.gone or found.changed)
    assert corrections.same(found.usable, OLD) or corrections.same(found.usable, NEW)


def _corrections_bits(home: Path) -> Bits:
    return {"file": sha(corrections.place(data(home)).read_bytes())}


# -- the cache


def _store() -> FeatureStore:
    return FeatureStore(paths.cache_dir() / "features" / "store", 64)


def _shard(number: int) -> tuple[list[str], np.ndarray]:
    keys = [f"{number}_{row}" for row in range(200)]
    return keys, np.random.default_rng(number).random((200, 64), np.float32)


def _fill(home: Path) -> None:
    store = _store()
    for number in range(8):
        keys, rows = _shard(number)
        if keys[0] not in store:
            store.add(keys, rows)


def _cache_is_whole(home: Path) -> None:
    store = _store()
    assert not store.notes
    for number in range(8):
        keys, rows = _shard(number)
        known = [key in store for key in keys]
        assert all(known) or not any(known)
        if all(known):
            np.testing.assert_array_equal(store.rows(keys), rows)


def _cache_bits(home: Path) -> Bits:
    store = _store()
    return {str(n): sha(store.rows(_shard(n)[0]).tobytes()) for n in range(8)}


def _zipped(home: Path) -> None:
    with zipfile.ZipFile(home / "data.zip", "w") as archive:
        for path in sorted(data(home).rglob("*.png")):
            archive.write(path, path.relative_to(data(home)))


def _unzipped(home: Path) -> Bits:
    found = unzip.unpacked(home / "data.zip")
    return {str(p.relative_to(found)): sha(p.read_bytes()) for p in found.rglob("*.png")}


def _unzipped_is_whole(home: Path) -> None:
    for found in (home / "home" / "cache").glob("unpacked/[!.]*"):
        assert len(list(found.rglob("*.png"))) == len(list(data(home).rglob("*.png")))


KINDS: dict[str, Kind] = {
    "train, features in the cache": training_of("--strategy", "feature_extraction"),
    "train, whole network": training_of("--strategy", "fine_tuning"),
    "train, distillation": training_of(
        "--strategy", "distillation", "--set", "options.teacher=shufflenet_v2_x0_5"
    ),
    "train, recommended": searching(),
    "resume, features in the cache": resuming_of("--strategy", "feature_extraction"),
    "resume, whole network": resuming_of("--strategy", "fine_tuning"),
    "export backbone": exporting("backbone"),
    "export package": exporting("package"),
    "export onnx": exporting("onnx"),
    "report": Kind(_save_report, _report_is_whole, _save_report, _report_bits, _report_before),
    "label edit": Kind(
        _correct,
        _corrections_are_whole,
        _correct,
        _corrections_bits,
        lambda home: corrections.save(_scanned(home), OLD),
    ),
    "predictions as CSV": saving_answers("csv"),
    "predictions as a workbook": saving_answers("xlsx"),
    "cache of features": Kind(_fill, _cache_is_whole, _fill, _cache_bits),
    "cache of zips": Kind(_unzipped, _unzipped_is_whole, _unzipped, _unzipped, _zipped),
}


# -- processes


class Ended(NamedTuple):
    """How a process ended.

    Attributes:
        killed: by SIGKILL; else it came to its end.
        writes, seconds: that its work had, where it came to its end.
        result: what it returned.
    """

    killed: bool
    writes: int = 0
    seconds: float = 0.0
    result: Any = None


def process(
    home: Path, kind: str, part: str, at_write: int = 0, after: float | None = None
) -> Ended:
    """Do a part of a kind's work in a process of its own.

    Args:
        at_write: the write, counted from 1, at which it is killed; 0 for none.
        after: seconds of work after which it is killed.

    Raises:
        AssertionError: it failed, with its traceback.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    here, there = context.Pipe()
    child = context.Process(target=_child, args=(there, home, kind, part, at_write))
    child.start()
    there.close()
    with contextlib.suppress(EOFError):
        here.recv()  # it begins
    if after is not None:
        time.sleep(after)
        child.kill()
    said = None
    with contextlib.suppress(EOFError, ConnectionResetError):
        said = here.recv()
    child.join()
    here.close()
    code = child.exitcode
    child.close()
    if said is None or (after is not None and code == -signal.SIGKILL):
        assert code == -signal.SIGKILL, f"{kind}, {part}: ended with {code}"
        return Ended(killed=True)
    error, writes, seconds, result = said
    assert error is None, f"{kind}, {part}:\n{error}"
    return Ended(False, writes, seconds, result)


def _child(pipe: Connection, home: Path, kind: str, part: str, at_write: int) -> None:
    torch.set_num_threads(1)
    _at_home(home)
    part_of = getattr(KINDS[kind], part)
    pipe.send("begins")
    began = time.monotonic()
    try:
        with counted_bytes(), disk.killing([home], at_write):
            result = part_of(home)
    except BaseException:
        pipe.send((traceback.format_exc(), 0, 0.0, None))
    else:
        plain = result if part == "bits" else None
        pipe.send((None, disk.count, time.monotonic() - began, plain))
    pipe.close()


def _at_home(home: Path) -> None:
    """As the isolation of :mod:`tests.conftest`, for a process that was forked before it."""
    for name in ("WEIGHTS", "CACHE", "RUNS", "SETTINGS"):
        os.environ.pop(f"TRANSFERGUI_{name}", None)
    os.environ |= {
        "TRANSFERGUI_HOME": str(home / "home"),
        "TRANSFERGUI_LANGUAGE": "en",
        "TRANSFERGUI_WEIGHTS": str(home.parent / "weights"),
        "TORCH_HOME": str(home / "torch"),
    }
    (home / "tmp").mkdir(exist_ok=True)
    tempfile.tempdir = str(home / "tmp")
