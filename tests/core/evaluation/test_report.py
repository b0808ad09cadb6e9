import csv
import json
import re
from html.parser import HTMLParser

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.made_rows import made_rows
from tests.core.runs.test_history import ended
from transfergui.core.base.errors import UserError
from transfergui.core.evaluation import report, report_charts
from transfergui.core.figures import one_class
from transfergui.core.recipe import Recipe
from transfergui.core.runs import events as ev
from transfergui.core.runs.history import History

CLASSES = ("cat", "<script>alert(1)</script>", "caf\udce9")
PATHS = ("cat/1.jpg", 'a "b",\nc/=2.jpg', "caf\udce9/\u202e3.png", "x.jpg")
PROBABILITIES = np.array([[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.5, 0.25, 0.25], [0.1, 0.1, 0.8]])
TRUTH = (0, 1, 2, 0)
REQUIRED = {
    "accuracy",
    "balanced_accuracy",
    "macro_f1",
    "n",
    "classes",
    "confusion",
    "per_class",
    "interval",
    "seconds",
}


def history():
    told = History()
    told.add(
        ev.PhaseStarted(
            index=0,
            name="Warm",
            epoch=0,
            epochs=9,
            trainable=1,
            frozen=3,
            precision="bfloat16",
            lr=0.00125,
        )
    )
    for epoch in (1, 2, 3):
        for step in range(1, 334):
            at = epoch - 1 + step / 333
            told.add(ev.Progress(stage="train", epoch=at, step=step, steps=333, loss=2 - at / 3))
        told.add(
            ev.EpochEnded(
                epoch=epoch,
                phase=0,
                train_loss=1 / epoch,
                train_score=0.2 * epoch,
                val_loss=None if epoch == 1 else 1.5 / epoch,
                val_score=0.25 * epoch,
                lr=0.1,
                seconds=1,
                best=True,
            )
        )
    return told


@pytest.fixture
def saved(tmp_path):
    measured = one_class.measure(TRUTH, PROBABILITIES, CLASSES, train_counts=[5, 4, 3], seconds=1.5)
    rows = made_rows(PATHS, TRUTH, PROBABILITIES, CLASSES)
    recipe = Recipe(name="my <b>run</b>")
    environment = {"torch": "2.12.1"}
    report.save(tmp_path, measured, rows, recipe=recipe, history=history(), environment=environment)
    return tmp_path, measured, rows


def test_report_round_trip(saved):
    folder, measured, _ = saved
    assert report.load(folder) == measured


def test_report_json_keeps_its_contract(saved):
    tree = json.loads((saved[0] / "report.json").read_text())
    assert set(tree) >= REQUIRED
    assert set(tree["per_class"]["cat"]) == {"precision", "recall", "f1", "support"}
    assert set(tree["interval"]) == {"low", "high"}


@pytest.mark.parametrize("text", ["", "{", "[]", '{"accuracy": "high"}', "[" * 100_000, "\xff"])
def test_a_damaged_report_is_one_sentence(tmp_path, text):
    (tmp_path / "report.json").write_text(text, encoding="latin-1")
    with pytest.raises(UserError, match=r"report\.json") as caught:
        report.load(tmp_path)
    assert caught.value.code == "run.damaged"


def test_the_page_tells_how_it_was_trained(saved):
    page = (saved[0] / "report.html").read_text(encoding="utf-8")
    row = next(line for line in page.splitlines() if "<td>Warm</td>" in line)
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", row)
    assert cells == ["Warm", "3", "0.00125", "25.0 %", "bfloat16"]


def test_predictions_round_trip_with_odd_names(saved):
    folder, _, rows = saved
    read = report.load_predictions(folder)
    assert [msgspec.structs.astuple(r)[:3] for r in read] == [
        msgspec.structs.astuple(r)[:3] for r in rows
    ]
    for got, wanted in zip(read, rows, strict=True):
        assert got.cells == pytest.approx(wanted.cells, rel=1e-5)


def test_predictions_are_an_ordinary_utf8_table(saved):
    with (saved[0] / "predictions.csv").open(encoding="utf-8", newline="") as stream:
        table = list(csv.reader(stream))
    assert table[0] == [*report.COLUMNS, "cat", CLASSES[1], "caf\\udce9"]
    assert table[1][:4] == ["cat/1.jpg", "cat", "cat", "0.7"]


def test_no_predictions_are_no_rows(tmp_path):
    assert report.load_predictions(tmp_path) == []


@pytest.mark.parametrize("text", ["", "a,b\n", "path,truth,label,confidence\nx,y,z,high\n", "\0"])
def test_damaged_predictions_are_one_sentence(tmp_path, text):
    (tmp_path / "predictions.csv").write_text(text)
    with pytest.raises(UserError, match=r"predictions\.csv"):
        report.load_predictions(tmp_path)


class Page(HTMLParser):
    """Collects tags, texts and whatever would be fetched."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.outside, self.text, self.lines = [], [], "", []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.outside += [v for k, v in attrs if k in ("src", "href", "srcset")]
        self.lines += [v.split() for k, v in attrs if k == "points"]

    def handle_data(self, data):
        self.text += data


def test_the_page_is_self_contained_and_escapes_every_name(saved):
    page = Page((saved[0] / "report.html").read_text(encoding="utf-8"))
    assert page.outside == []
    assert "script" not in page.tags
    assert "b" not in page.tags
    for text in ("my <b>run</b>", CLASSES[1], "caf\\udce9", "\\u202e3.png", "2.12.1", "50 %"):
        assert text in page.text


def test_the_page_draws_the_curves(saved):
    page = Page((saved[0] / "report.html").read_text(encoding="utf-8"))
    assert page.tags.count("svg") == 7  # two charts with two entries of a legend each, and the bars
    longest = max(page.lines, key=len)
    assert 100 < len(longest) <= report_charts.POINTS + 1
    assert longest[-1].startswith("640.0,")


losses = st.floats(1e-9, 1e9)


@given(st.lists(losses, min_size=1, max_size=20), st.lists(losses, min_size=1, max_size=20))
def test_no_curve_leaves_its_plot_and_the_axes_have_ticks(trained, validated):
    told = History()
    for step, loss in enumerate(trained, 1):
        told.add(
            ev.Progress(
                stage="train", epoch=step / len(trained), step=step, steps=len(trained), loss=loss
            )
        )
    for epoch, loss in enumerate(validated, 1):
        told.add(msgspec.structs.replace(ended(epoch, True, loss), val_score=1.0))
    for chart in report_charts.charts(told):
        for curve in chart.lines:
            for point in " ".join(curve.pieces).split():
                x, y = map(float, point.split(","))
                assert -0.05 <= x <= report_charts.WIDTH + 0.05
                assert -0.05 <= y <= report_charts.HEIGHT + 0.05
        assert chart.up[0].place == pytest.approx(report_charts.HEIGHT)
        assert chart.up[-1].place == pytest.approx(0)
        assert 2 <= len(chart.up) <= 9
        assert len({tick.text for tick in chart.up}) == len(chart.up)
        assert chart.across[0].text == "0"
        assert all(0 <= tick.place <= report_charts.WIDTH for tick in chart.across)


@pytest.mark.parametrize(
    ("low", "high", "figures"),
    [
        (0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (0.31, 2.2, [0, 0.5, 1, 1.5, 2, 2.5]),
        (0, 10, [0, 2, 4, 6, 8, 10]),
        (5, 5, [5, 6]),
        (0, 2.1e-31, [0, 5e-32, 1e-31, 1.5e-31, 2e-31, 2.5e-31]),
    ],
)
def test_ticks_are_round_figures(low, high, figures):
    assert report_charts.nice(low, high) == figures


def test_the_page_says_in_words_what_was_set(saved):
    page = Page((saved[0] / "report.html").read_text(encoding="utf-8"))
    assert "Learning rateAutomatic" in "".join(page.text.split("\n"))
    assert "Early stopping" in page.text
    assert "Falling smoothly (cosine)" in page.text


def test_the_page_without_samples_or_history(tmp_path):
    measured = one_class.measure([], np.empty((0, 2)), ("a", "b"))
    report.save(tmp_path, measured, [], recipe=Recipe())
    page = Page((tmp_path / "report.html").read_text(encoding="utf-8"))
    assert "n/a" in page.text
    assert "svg" not in page.tags
