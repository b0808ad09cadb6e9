"""A full disk at every moment: a sentence, nothing saved is lost, and the same bits afterwards."""

import itertools
import shutil
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.core.made_answers import answered
from tests.core.made_rows import made_rows
from tests.core.made_runs import make_run
from tests.core.training.conftest import Lab, small_weights
from tests.faults.failing import every_write
from transfergui.core import resolve as planning
from transfergui.core.base import paths, unzip
from transfergui.core.base.errors import UserError
from transfergui.core.evaluation import prediction_table as answers
from transfergui.core.evaluation import report
from transfergui.core.evaluation.prediction import Prediction
from transfergui.core.exporters import export
from transfergui.core.figures import one_class
from transfergui.core.interfaces.plan import Plan
from transfergui.core.runs import events as ev
from transfergui.core.runs import packages
from transfergui.core.runs.run import Run
from transfergui.core.trained import TrainedModel
from transfergui.core.training import start
from transfergui.core.training.features import FeatureStore

__all__ = ["small_weights"]


@pytest.fixture(scope="module")
def weights_dir(small_weights: Path) -> Path:
    return small_weights


pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks Linux what is open"),
    pytest.mark.usefixtures("counted"),
    pytest.mark.parametrize("forever", [False, True], ids=["once", "forever"]),
]


def quickly(number: int) -> int:
    """1, 2, 4, 8 ...: what is left out is tried by the whole form."""
    return 2 * number


def each(number: int) -> int:
    return number + 1


FORMS = [
    pytest.param(quickly, id="quick"),
    pytest.param(each, id="whole", marks=[pytest.mark.slow, pytest.mark.timeout(3600)]),
]


def leftovers(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.name.endswith((".part", ".making"))]


def follow(plan: Plan, run: Run) -> list[ev.Event]:
    """Train to the end.

    Raises:
        UserError: it failed, for a reason that has a sentence.
    """
    events = list(start.train(plan, run))
    last = events[-1]
    if isinstance(last, ev.Failed):
        assert last.code != "bug"
        raise UserError(last.code, **last.values)
    return events


def weights(run: Run) -> bytes:
    return run.best.read_bytes()


def finished(run: Run) -> Run:
    """What an interrupted run comes to when the disk has room again."""
    try:
        follow(planning.resume_plan(run), run)
    except UserError as error:
        assert error.code == "run.finished", error
    return run


def trees(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


# -- trainings

CACHED, WHOLE = {"run__epochs": 2}, {"run__epochs": 2, "strategy": "from_scratch"}


@pytest.mark.parametrize("step", FORMS)
@pytest.mark.parametrize("settings", [CACHED, WHOLE], ids=["cached", "whole network"])
def test_train(
    lab: Lab, settings: dict[str, object], step: Callable[[int], int], forever: bool
) -> None:
    plan = lab.plan(**settings)
    reference = lab.run(plan)
    follow(plan, reference)
    expected, numbers = weights(reference), itertools.count()
    folder = lab.folder / "new"

    def work() -> None:
        shutil.rmtree(paths.cache_dir(), ignore_errors=True)
        run = Run.create(plan.recipe, plan.split, folder / str(next(numbers)))
        follow(plan, run)

    def intact(done: bool) -> None:
        assert leftovers(lab.folder) == []
        for path in folder.glob("*/recipe.json"):
            run = Run.open(path.parent)
            assert not run.active()
            assert run.split == plan.split
            assert weights(finished(run)) == expected
            assert report.load(run.path).n == report.load(reference.path).n
        shutil.rmtree(folder, ignore_errors=True)

    assert every_write([folder, paths.cache_dir()], work, intact, forever, step) > 5


@pytest.mark.parametrize("step", FORMS)
@pytest.mark.parametrize(
    "settings",
    [
        pytest.param(CACHED, id="cached"),
        pytest.param(WHOLE, id="whole network", marks=pytest.mark.slow),
    ],
)
def test_resume(
    lab: Lab, settings: dict[str, object], step: Callable[[int], int], forever: bool
) -> None:
    plan = lab.plan(**settings)
    reference, begun = lab.run(plan), lab.run(plan)
    follow(plan, reference)
    ended = [type(e) for e in start.train(plan, lab.run(plan))].index(ev.EpochEnded)
    list(lab.interrupted(begun, plan, "cancel", ended))
    assert (begun.checkpoints / "last.pt").is_file()
    folder = lab.folder / "again"

    def work() -> None:
        run = Run(folder)
        follow(planning.resume_plan(run), run)

    def again() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(begun.path, folder)

    def intact(done: bool) -> None:
        assert leftovers(folder) == []
        assert weights(finished(Run(folder))) == weights(reference)
        again()

    again()
    assert every_write([folder, paths.cache_dir()], work, intact, forever, step) > 5


# -- what is made of a run


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return make_run(tmp_path / "run", ("a", "b"))


def test_report(run: Run, forever: bool) -> None:
    """The page, the table and the figures; the old ones or the new ones, each as a whole."""
    pages = {}
    for right in (0, 1):
        probabilities = np.array([[0.75, 0.25], [0.25, 0.75]])
        found = one_class.measure([0, right], probabilities, ("a", "b"), measured_on="test")
        rows = made_rows(["x", "y"], [0, right], probabilities, ("a", "b"))
        pages[right] = (found, rows)

    def save(right: int) -> dict[str, bytes]:
        report.save(run.path, *pages[right], recipe=run.recipe, history=run.history())
        return trees(run.path)

    new, old = save(1), save(0)

    def work() -> None:
        try:
            save(1)
        except OSError as error:  # whoever trains makes a sentence of it
            raise UserError("disk.full", path=str(run.path), reason=str(error)) from None

    def intact(done: bool) -> None:
        there = trees(run.path)
        assert there.keys() == old.keys()
        assert all(data in (old[name], new[name]) for name, data in there.items())
        assert not done or there == new
        save(0)

    assert every_write([run.path], work, intact, forever) > 6


def test_export(trained_run: Run, tmp_path: Path, forever: bool) -> None:
    model = TrainedModel.load(trained_run.path)
    target = tmp_path / "out" / "model.safetensors"
    target.parent.mkdir()
    target.write_bytes(b"old")

    def work() -> None:
        export.export(model, "backbone", target)

    def intact(done: bool) -> None:
        assert (target.read_bytes() == b"old") is not done
        assert [path.name for path in target.parent.iterdir()] == [target.name]
        target.write_bytes(b"old")

    assert every_write([target.parent], work, intact, forever) > 2


def test_answers(tmp_path: Path, forever: bool) -> None:
    target = tmp_path / "answers.csv"
    target.write_text("old")

    def work() -> None:
        found = [Prediction(Path("x"), np.array([0.5, 0.5]))]
        answers.write(target, answers.rows(answered(["a", "b"], found)))

    def intact(done: bool) -> None:
        assert (target.read_text() == "old") is not done
        assert [path.name for path in tmp_path.iterdir()] == [target.name]
        target.write_text("old")

    assert every_write([tmp_path], work, intact, forever) > 3


def test_adopting_and_stopping(run: Run, forever: bool) -> None:
    """A stop reaches who trains in this process whatever the disk does."""
    recipe = run.recipe

    def work() -> None:
        with run.claimed():
            run.request_stop("cancel")
            assert run.stop_requested() == "cancel"
            run.record(ev.Saved(kind="last", epoch=1))
            run.adopt(recipe.replace(name="other"))

    def intact(done: bool) -> None:
        assert run.recipe.name == ("other" if done else recipe.name)
        assert not run.active()
        assert leftovers(run.path) == []
        run.adopt(recipe)

    assert every_write([run.path], work, intact, forever) > 5


# -- the cache


def test_features(tmp_path: Path, forever: bool) -> None:
    rows = np.arange(12, dtype=np.float32).reshape(4, 3)

    def work() -> None:
        store = FeatureStore(tmp_path / "features" / "store", 3)
        for name in "abc":
            keys = [f"{name}{number}" for number in range(4)]
            store.add(keys, rows)
            np.testing.assert_array_equal(store.rows(keys), rows)

    def intact(done: bool) -> None:
        assert done  # it can do without
        store = FeatureStore(tmp_path / "features" / "store", 3)
        known = [name for name in "abc" if f"{name}0" in store]
        for name in known:
            np.testing.assert_array_equal(store.rows([f"{name}3"]), rows[3:])
        assert "cache.damaged" not in store.notes
        assert leftovers(tmp_path) == []
        shutil.rmtree(tmp_path / "features", ignore_errors=True)

    assert every_write([tmp_path], work, intact, forever) > 10


def test_unpacking(tmp_path: Path, forever: bool) -> None:
    archive = tmp_path / "x.zip"
    members = {"a/1.txt": b"one", "b/2.txt": b"two"}
    with zipfile.ZipFile(archive, "w") as made:
        for name, data in members.items():
            made.writestr(name, data)

    def work() -> None:
        assert trees(unzip.unpacked(archive)) == members

    def intact(done: bool) -> None:
        home = paths.cache_dir() / "unpacked"
        found = list(home.iterdir()) if home.is_dir() else []
        assert [trees(path) for path in found] == ([members] if done else [])
        shutil.rmtree(paths.cache_dir(), ignore_errors=True)

    assert every_write([paths.cache_dir()], work, intact, forever) > 4


def test_assets(forever: bool) -> None:
    members = {"a.json": b"{}", "part0/b.json": b"[]"}

    def work() -> None:
        assert trees(packages.keep_assets(members)) == members

    def intact(done: bool) -> None:
        work()
        shutil.rmtree(paths.cache_dir(), ignore_errors=True)

    assert every_write([paths.cache_dir()], work, intact, forever) > 6
