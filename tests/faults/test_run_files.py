"""Every file of a run and of a package, replaced by everything else: a sentence, never a bug.

Status 3, a traceback and waiting without end are failures, whatever the file is for. Where a
command needs the file, it ends with 1 and names it.
"""

import copy
import json
import os
import shutil
import signal
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import bad_files
from tests.end_to_end.test_command_line import Outcome, cli
from tests.faults.files import FAULTS, files_of, put
from transfergui.core import recipe as recipes
from transfergui.core.base import records
from transfergui.core.base.errors import UserError
from transfergui.core.data import presence, split, versions
from transfergui.core.evaluation import (
    baselines,
    data_checks,
    report,
    report_charts,
    report_page,
    siblings,
)
from transfergui.core.runs import card, doubts
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run
from transfergui.core.views.registry import VIEWS
from transfergui.core.views.result import Result

pytestmark = pytest.mark.skipif(os.name == "nt", reason="FIFOs are of POSIX")

SETTINGS = ["--set", "input.size=32", "--set", "input.resize=32", "--epochs", "2"]
SCRATCH = ["--backbone", "squeezenet1_1", "--strategy", "from_scratch", "--set", "augment={}"]
LIMIT = 60
"""Seconds that a command may take; it takes one."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``data``, a finished ``run``, one that was cancelled (``left``) and a ``package``."""
    home = tmp_path_factory.mktemp("faults")
    data = bad_files.make_classes(home / "data", {"cat": 8, "dog": 8})
    assert cli("train", data, *SCRATCH, *SETTINGS, "--out", home / "run").status == 0
    assert cli("export", home / "run", "--format", "package", "--out", home / "p.zip").status == 0
    with zipfile.ZipFile(home / "p.zip") as archive:
        archive.extractall(home / "package")
    shutil.copytree(home / "run", home / "left")
    left = Run(home / "left")
    (left.path / "report.json").unlink()
    kept = [event for event in left.events() if not isinstance(event, ev.Finished)]
    (left.path / "events.jsonl").write_bytes(b"".join(map(ev.to_line, kept)))
    return home


RUN_FILES = (
    *("recipe.json", "split.json", "environment.json", "events.jsonl"),
    *("report.json", "report.html", "predictions.csv"),
    *("doubts.safetensors", "contents.json"),
    *("checkpoints/best.safetensors", "checkpoints/last.pt"),
)
OPTIONAL = (
    "doubts.safetensors",
    "promise.json",
    "checks.json",
    "contents.json",
    "beside/probe/report.json",
    "beside/probe/predictions.csv",
    "beside/seed-1/recipe.json",
    "beside/seed-1/report.json",
)
"""Nothing but what they tell is lost without them."""
PACKAGE_FILES = ("model.json", "model.safetensors")
NEEDED = {
    "predict": ("recipe.json", "split.json", "report.json", "checkpoints/best.safetensors"),
    "export": ("recipe.json", "split.json", "report.json", "checkpoints/best.safetensors"),
    "evaluate": ("recipe.json", "split.json", "report.json", "checkpoints/best.safetensors"),
    "resume": ("recipe.json", "split.json", "checkpoints/last.pt"),
    "backbone": ("recipe.json", "split.json", "checkpoints/best.safetensors"),
    "stop": ("recipe.json",),
}
"""What each command cannot do without."""
ALSO_NUMBERS = ("text", "NaN", "infinity", "1e308", "-1", "10**400")
"""These leave a file whole that holds no numbers that matter to a command."""


def command(name: str, home: Path, model: Path) -> tuple[object, ...]:
    data, out = home / "data", model.with_name("out")
    return {
        "predict": ("predict", model, data),
        "evaluate": ("evaluate", model, data),
        "export": ("export", model, "--format", "package", "--out", out),
        "resume": ("resume", model),
        "stop": ("stop", model),
        "backbone": ("train", data, "--backbone", model, *SETTINGS, "--out", out),
    }[name]


def survived(*arguments: object) -> Outcome:
    """The outcome of a command that must end by itself, without a traceback."""

    def late(*_signal: object) -> None:
        raise AssertionError("it waits")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(LIMIT)
    try:
        outcome = cli(*arguments)
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
    assert outcome.status in (0, 1), outcome.err
    assert "Traceback" not in outcome.err
    if outcome.status == 1:
        assert outcome.err.rstrip().splitlines()[-1].startswith("transfergui: ")
    return outcome


def try_run(home: Path, tmp_path: Path, name: str, file: str, fault: str) -> None:
    source = home / ("left" if name == "resume" else "run")
    run = Path(shutil.copytree(source, tmp_path / "run"))
    if not (run / file).is_file():
        return
    put(run / file, fault)
    outcome = survived(*command(name, home, run))
    if name == "stop":
        assert outcome.status == 1
        return
    partly = fault in ALSO_NUMBERS and file in ("recipe.json", "split.json")
    if file in NEEDED[name] and fault != "gone" and not partly:
        assert outcome.status == 1, (name, file, fault)
        assert str(run) in outcome.err, outcome.err


QUICK = ("nothing", "half", "text", "NaN", "1e308", "deep", "folder", "fifo")
JSON = ("recipe.json", "split.json", "report.json", "events.jsonl", "environment.json")


@pytest.mark.parametrize("fault", QUICK)
@pytest.mark.parametrize("file", [*JSON, "checkpoints/best.safetensors"])
def test_predicting_with_one_bad_file(home: Path, tmp_path: Path, file: str, fault: str) -> None:
    try_run(home, tmp_path, "predict", file, fault)


@pytest.mark.parametrize("fault", ["half", "1e308", "deep", "fifo"])
@pytest.mark.parametrize("file", [*JSON[:4], "checkpoints/last.pt"])
def test_resuming_with_one_bad_file(home: Path, tmp_path: Path, file: str, fault: str) -> None:
    try_run(home, tmp_path, "resume", file, fault)


@pytest.fixture(scope="module")
def looked_into(home: Path) -> Path:
    """A run with all that the window adds to one."""
    path = Path(shutil.copytree(home / "run", home / "looked_into"))
    run, probe = Run(path), path / baselines.BESIDE / baselines.PROBE
    doubts.keep_wanted(path, 0.2)
    found = data_checks.DataChecks(versions.version_of(run.split), ())
    (path / data_checks.FILE).write_bytes(msgspec.json.encode(found))
    shutil.copytree(home / "run", path / baselines.BESIDE / "seed-1")
    probe.mkdir()
    for name in ("report.json", "predictions.csv"):
        shutil.copy(path / name, probe / name)
    return path


@pytest.mark.parametrize("fault", ["gone", "nothing", "half", "garbage", "text", "a list"])
@pytest.mark.parametrize("file", OPTIONAL)
def test_what_is_optional_stops_nothing(
    home: Path, looked_into: Path, tmp_path: Path, file: str, fault: str
) -> None:
    path = Path(shutil.copytree(looked_into, tmp_path / "run"))
    put(path / file, fault)
    run, result = Run(path), Result(Run(path))
    data_checks.doubts_of(run)
    assert all(note.sentence() for note in siblings.beside(run, result.report).notes)
    for view in VIEWS:
        view.kept(result)
    outcome = survived("predict", path, home / "data")
    assert outcome.status == 0, outcome.err
    of_model = file in (doubts.FILE, doubts.PROMISE) and (file, fault) != (doubts.PROMISE, "gone")
    assert (str(path / file) in outcome.err) == of_model


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("file", RUN_FILES)
@pytest.mark.parametrize("name", NEEDED)
def test_every_command_with_every_bad_file(
    home: Path, tmp_path: Path, name: str, file: str, fault: str
) -> None:
    try_run(home, tmp_path, name, file, fault)


def test_the_files_are_those_that_a_training_leaves(home: Path) -> None:
    left = {*files_of(home / "run")} - {"log.txt"}
    assert left == set(RUN_FILES)


@pytest.mark.parametrize("fault", QUICK)
@pytest.mark.parametrize("file", PACKAGE_FILES)
def test_a_package_with_one_bad_file(home: Path, tmp_path: Path, file: str, fault: str) -> None:
    package = Path(shutil.copytree(home / "package", tmp_path / "package"))
    put(package / file, fault)
    outcome = survived("predict", package, home / "data")
    assert outcome.status == 1
    assert str(package) in outcome.err


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", ["predict", "evaluate", "export", "backbone"])
def test_every_command_with_every_bad_package(
    home: Path, tmp_path: Path, name: str, fault: str
) -> None:
    for file in files_of(home / "package"):
        package = Path(shutil.copytree(home / "package", tmp_path / file.replace("/", "_")))
        put(package / file, fault)
        outcome = survived(*command(name, home, package))
        assert outcome.status == 1 or file not in PACKAGE_FILES


# -- any change of one value

VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**40), 10**40),
    st.floats(allow_nan=True, allow_infinity=True),
    st.text(max_size=8),
    st.sampled_from(["\0", "\ud800", "../..", "/dev/zero", "x" * 5000, [], {}, [[]], {"a": [1]}]),
)


def places(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    below = (
        tree.items()
        if isinstance(tree, dict)
        else enumerate(tree if isinstance(tree, list) else ())
    )
    for key, value in below:
        yield from places(value, (*path, key))


def changed(tree: Any, data: st.DataObject) -> Any:
    """``tree`` with up to three values replaced, taken away or added."""
    tree = json.loads(json.dumps(tree))
    for _time in range(data.draw(st.integers(1, 3))):
        *above, last = data.draw(st.sampled_from(list(places(tree))))
        branch = tree
        for key in above:
            branch = branch[key]
        if data.draw(st.booleans()) or not isinstance(branch, dict):
            branch[last] = copy.deepcopy(data.draw(VALUES))
        else:
            del branch[last]
        if not list(places(tree)):
            break
    return tree


READERS: dict[str, tuple[str, Callable[[Path], object]]] = {
    "recipe": ("recipe.json", recipes.read),
    "recipe of a run": ("recipe.json", lambda path: Run(path.parent).recipe),
    "split": ("split.json", lambda path: split.load(path).sentence()),
    "compared split": ("split.json", lambda path: presence.compare(split.load(path))),
    "report": ("report.json", lambda path: report.load(path.parent)),
    "figures": ("report.json", lambda path: Run(path.parent).report()),
    "manifest": ("model.json", lambda path: card.read(path.read_bytes(), str(path))),
}


@pytest.mark.parametrize("kind", READERS)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_change_is_read_or_refused(
    kind: str, home: Path, tmp_path: Path, data: st.DataObject
) -> None:
    name, read = READERS[kind]
    source = home / ("package" if name == "model.json" else "run") / name
    (tmp_path / name).write_text(json.dumps(changed(json.loads(source.read_text()), data)))
    try:
        read(tmp_path / name)
    except UserError as error:
        assert str(error)
        if not kind.startswith("recipe") or error.code != "recipe.invalid":
            assert name in str(error) or str(tmp_path) in str(error)


def test_a_training_of_what_this_version_does_not_know_is_drawn(home: Path, tmp_path: Path) -> None:
    lines = (home / "run" / "events.jsonl").read_text()
    assert '"objective": "one_class"' in lines
    for key in ("", "boxes of tomorrow"):
        changed = lines.replace('"objective": "one_class"', f'"objective": "{key}"')
        (tmp_path / "events.jsonl").write_text(changed)
        history = Run(tmp_path).history()
        assert history.started is not None and history.started.objective == key
        titles = [drawn.chart.title for drawn in report_charts.charts(history)]
        assert titles == [
            each.chart.title for each in report_charts.charts(Run(home / "run").history())
        ]


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_change_of_the_events_is_passed_over(
    home: Path, tmp_path: Path, data: st.DataObject
) -> None:
    """What is left is a history that the page and the curves can be drawn from."""
    lines = (home / "run" / "events.jsonl").read_bytes().splitlines()
    trees = [json.loads(line) for line in lines if line.strip()]
    at = data.draw(st.integers(0, len(trees) - 1))
    trees[at] = changed(trees[at], data)
    (tmp_path / "events.jsonl").write_text("\n".join(map(json.dumps, trees)))
    history = Run(tmp_path).history()
    charts = report_charts.charts(history)
    drawn = [piece for chart in charts for line in chart.lines for piece in line.pieces]
    assert all("nan" not in piece for piece in drawn)
    report_page._phases(history)


def test_numbers_that_are_none_are_refused() -> None:
    for text in ("NaN", "Infinity", "1e999", "[-1e999]"):
        with pytest.raises(ValueError, match="not a number"):
            records.parse(text)
