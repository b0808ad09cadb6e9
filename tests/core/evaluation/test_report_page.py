"""What the page shows beside the report: views of every kind, samples, checks of the data."""

import msgspec
import numpy as np
import pytest

from tests.core.evaluation.test_report import Page, history
from tests.core.made_rows import made_rows
from transfergui.core.base.errors import UserError
from transfergui.core.base.notes import Note
from transfergui.core.evaluation import report_charts, report_page
from transfergui.core.evaluation.kinds import Chart, Gallery, Item, Line, Points, Shown, Table
from transfergui.core.evaluation.report_page import Extras, ShownView
from transfergui.core.figures import metrics, one_class
from transfergui.core.interfaces.samples import Preview, Sound, Text
from transfergui.core.recipe import Recipe
from transfergui.core.runs import events as ev
from transfergui.core.runs.history import History

PICTURE = Preview("picture", np.full((30, 20, 3), 200, np.uint8))
SOUND = Preview("sound", Sound(np.zeros(8, np.float32), 8, np.zeros((4, 6), np.uint8)))
TEXT = Preview("text", Text("a <b>word</b> " * 60))


def page_with(extras: Extras) -> Page:
    rows = made_rows(("a.jpg", "b.jpg"), (0, 1), np.array([[0.2, 0.8], [0.1, 0.9]]), ("x", "y"))
    measured = one_class.measure((0, 1), np.array([[0.2, 0.8], [0.1, 0.9]]), ("x", "y"))
    return Page(report_page.render(measured, rows, recipe=Recipe(), extras=extras))


def test_every_kind_of_part_is_drawn_without_another_file() -> None:
    line = Line("curve", [1, 2, 3], [0.5, float("nan"), 0.7], [0.4, 0.4, 0.6], [0.6, 0.6, 0.8])
    shown = Shown(
        (Note("evaluate.unchecked", {"noun": "pictures"}, "warning"),),
        (
            Chart("A chart", "size", "score", (line,), y_percent=True, diagonal=True),
            Table("A table", ("name", "count"), (("<i>", "3"),) * 70, frozenset({1})),
            Gallery("A gallery", (Item("a.jpg", "one"), Item("", "two", SOUND, PICTURE))),
            Gallery("Words", (Item("", "three", TEXT),)),
            Points("A map", np.eye(2), ("a", "b"), {"Class": ("x", "y")}),
        ),
    )
    looked: list[str] = []

    def look(path: str) -> Preview:
        looked.append(path)
        return PICTURE

    found = [Note("evaluate.unknown_names", {"names": "z", "total": 3, "noun": "pictures"})]
    page = page_with(Extras([ShownView("Title", "Summary.", shown)], found, look))
    for text in ("Title", "Summary.", "could not check", "A chart", "size", "score", "curve"):
        assert text in page.text, text
    for text in ("<i>", "A gallery", "two", "a <b>word</b>", "A map", "Checks of the data", "z."):
        assert text in page.text, text
    assert "Not shown here: 10" in page.text
    assert all(source.startswith("data:image/jpeg;base64,") for source in page.outside)
    assert len(page.outside) == 1 + 1 + 2  # the error, and three of the gallery
    assert looked == ["a.jpg", "a.jpg"]


def test_a_sample_that_is_gone_is_left_out() -> None:
    def look(path: str) -> Preview:
        raise UserError("input.vanished", path=path)

    shown = Shown(parts=(Gallery("Gone", (Item("a.jpg", "one"),)),))
    page = page_with(Extras([ShownView("Title", "Summary.", shown)], (), look))
    assert page.outside == [] and "Gone" not in page.text and "Errors" in page.text


def test_a_quick_training_has_a_curve_of_its_training_loss() -> None:
    """It reports less often than once an epoch, and its curve was a point that nobody saw."""
    epochs = [ended for ended in history().epochs if ended.val_loss is not None]
    quick = History()
    quick.add(ev.Progress(stage="train", epoch=1.5, step=1, steps=2, loss=9.0))
    quick.epochs = epochs
    loss, _score = report_charts.charts(quick)
    drawn = next(line for line in loss.lines if line.look == "train")
    assert len(drawn.pieces[0].split()) == len(epochs)
    assert loss.chart.x_title == "epoch" and loss.across and loss.up


@pytest.mark.parametrize("logarithmic", [False, True])
def test_axes_end_at_what_is_drawn(logarithmic: bool) -> None:
    line = Line("l", [50, 100, 400], [0.2, 0.4, 0.8], [0.1, 0.3, 0.7], [0.3, 0.5, 0.95])
    drawn = report_charts.draw(Chart("c", "n", "y", (line,), x_logarithmic=logarithmic))
    assert drawn is not None
    xs = [float(point.split(",")[0]) for point in drawn.lines[0].pieces[0].split()]
    assert (xs[0], xs[-1]) == (0, report_charts.WIDTH)
    assert xs[1] == pytest.approx(report_charts.WIDTH / (3 if logarithmic else 7), abs=0.1)
    band = [float(point.split(",")[1]) for point in drawn.lines[0].band.split()]
    assert min(band) >= 0 and max(band) <= report_charts.HEIGHT


def test_nothing_to_draw_is_no_chart() -> None:
    assert report_charts.draw(Chart("c", "x", "y", (Line("l", [], []),))) is None


def test_figures_of_views_survive_the_file() -> None:
    measured = one_class.measure((0,), np.array([[1.0, 0.0]]), ("x", "y"))
    told = msgspec.structs.replace(measured, views={"reliability": {"error": 0.05}})
    assert msgspec.json.decode(msgspec.json.encode(told), type=metrics.Report) == told
