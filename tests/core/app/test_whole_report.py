"""A report that is written anew: with views, samples, and the figures of both."""

import shutil
from collections.abc import Callable
from pathlib import Path

from tests.core.conftest import Run
from transfergui.core.app import whole_report
from transfergui.core.base.errors import UserError
from transfergui.core.base.progress import Tell
from transfergui.core.evaluation import report
from transfergui.core.evaluation.kinds import Shown, Table
from transfergui.core.views.result import Result
from transfergui.core.views.view import View, nothing_in_the_way

TABLE = Table("Counts", ("set", "count"), (("test", "4"),))


def quick(result: Result, tell: Tell) -> Shown:
    return Shown(parts=(TABLE,), figures={"count": 4})


def failing(result: Result, tell: Tell) -> Shown:
    raise UserError("run.missing", path="gone")


def never(result: Result, tell: Tell) -> Shown:
    raise AssertionError


ROWS = (
    View("quick", "Quick view", "It counts.", nothing_in_the_way, quick, True),
    View("failing", "Failing view", "", nothing_in_the_way, failing, True),
    View("slow", "Slow view", "", nothing_in_the_way, never),
    View("other", "Other view", "", lambda _result: "run.missing", never, True),
    View("known", "Known view", "", nothing_in_the_way, never),
)


def test_views_are_in_the_page_and_their_figures_in_the_json(
    objective_run: Callable[[str, str], Run], tmp_path: Path
) -> None:
    known_run = objective_run("one_class", "image")
    run = Run(shutil.copytree(known_run.path, tmp_path / "run"))
    before, rows = report.load(run.path), report.load_predictions(run.path)
    known = {"known": Shown(figures={"share": 0.5})}
    page = whole_report.write(Result(run), known, views=ROWS).read_text(encoding="utf-8")
    assert "Quick view" in page and "Known view" in page and "Counts" in page
    assert not any(title in page for title in ("Failing view", "Slow view", "Other view"))
    wrong = [row for row in rows if not row.right]
    assert bool(wrong) == ("data:image/jpeg" in page)
    after = report.load(run.path)
    assert after.views == {"quick": {"count": 4}, "known": {"share": 0.5}}
    assert (after.accuracy, after.n) == (before.accuracy, before.n)
    assert report.load_predictions(run.path) == rows
