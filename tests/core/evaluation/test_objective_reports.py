"""Reports of what is not one class: figures, sentences, tables and the page."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from tests.core.runs.test_events import STARTED
from tests.core.runs.test_history import ended, history
from transfergui.core import registry
from transfergui.core.base.errors import UserError
from transfergui.core.base.figure_texts import number, percent
from transfergui.core.base.notes import Note
from transfergui.core.data.targets import Targets, of_labels, of_numbers, of_questions
from transfergui.core.evaluation import chosen, curves, report_charts, words
from transfergui.core.evaluation import report as reports
from transfergui.core.evaluation.beside import Beside
from transfergui.core.evaluation.prediction import prediction_rows
from transfergui.core.figures import answer_rows, metrics
from transfergui.core.figures.answer_rows import PredictionRow
from transfergui.core.figures.metrics import Alone, Report
from transfergui.core.interfaces.objective import Found
from transfergui.core.recipe import Recipe, RunOptions

IMAGE = registry.modality("image")


@dataclass
class Case:
    """Answers [N, O] to samples of some classes, and what is made of them."""

    found: Found
    answers: np.ndarray
    labels: Sequence[int]
    report: Report

    @property
    def objective(self) -> Any:
        return registry.objective(self.found.targets.objective)

    @property
    def rows(self) -> list[PredictionRow]:
        paths = [f"{i}.png" for i in range(len(self.labels))]
        return prediction_rows(paths, self.labels, self.answers, self.objective, self.found)

    def said(self) -> dict[str, Note]:
        return {remark.code: remark for remark in words.notes(self.report, IMAGE)}

    def page(self) -> str:
        return reports.render(self.report, self.rows, recipe=Recipe(), found=self.found)


def case(
    targets: Targets,
    classes: tuple[str, ...],
    answers: Sequence[Sequence[float]],
    labels: Sequence[int],
    fitted: tuple[float, ...] = (),
    counts: Sequence[int] | None = None,
) -> Case:
    found = Found(targets, classes, fitted)
    objective = registry.objective(targets.objective)
    array = np.array(answers, dtype=np.float64)
    circumstances = metrics.Circumstances(fitted=fitted)
    train = counts or [1] * len(classes)
    return Case(found, array, labels, objective.measure(array, labels, found, train, circumstances))


def labels(good: bool = True, repeat: int = 20) -> Case:
    classes = ("cat", "cat; dog", "dog", "(none)")
    sure = [[0.9, 0.1], [0.8, 0.7], [0.2, 0.9], [0.1, 0.2]]
    answers = sure if good else [[0.5, 0.4]] * 4
    targets = of_labels(classes)
    return case(targets, classes, answers * repeat, [0, 1, 2, 3] * repeat, (0.5, 0.6))


def questions(repeat: int = 20) -> Case:
    """The first question is answered right, the second as often as not, or not asked."""
    classes = ("a · x", "b · y", "a · ?", "b · x")
    targets = of_questions(classes, ("letter", "mark"))
    answers = [
        [0.9, 0.1, 0.8, 0.2],
        [0.2, 0.8, 0.7, 0.3],
        [0.6, 0.4, 0.5, 0.5],
        [0.1, 0.9, 0.9, 0.1],
    ]
    return case(targets, classes, answers * repeat, [0, 1, 2, 3] * repeat, counts=[3, 1, 1, 1])


def numbers(off: float = 1.0, repeat: int = 20) -> Case:
    classes = ("10", "20.5", "30")
    targets = msgspec.structs.replace(of_numbers(classes, "weight", "kg"), mean=20.0, scale=8.0)
    answers = [[10 + off], [20.5 - off], [30 + 2 * off]]
    return case(targets, classes, answers * repeat, [0, 1, 2] * repeat)


ALL = pytest.mark.parametrize("made", [labels(), questions(), numbers()], ids=["l", "q", "n"])


# -- the files


@ALL
def test_a_report_comes_back_as_it_was_saved(made: Case, tmp_path: Path) -> None:
    moment = metrics.BestEpoch(epoch=1, accuracy=12.4, highest=9.5, highest_epoch=2)
    joined = metrics.EnsembleSummary(count=2, of=2, together=12.4, best=13.0)
    whole = msgspec.structs.replace(made.report, moment=moment, joined=joined)
    reports.save(tmp_path, whole, made.rows, recipe=Recipe(), found=made.found)
    assert reports.load(tmp_path) == whole
    read = reports.load_predictions(tmp_path)
    assert [row.path for row in read] == [row.path for row in made.rows]
    error = made.objective.error
    for got, wanted in zip(read, made.rows, strict=True):
        assert (got.truth, got.label) == (wanted.truth, wanted.label)
        assert got.confidence == (wanted.confidence and pytest.approx(wanted.confidence))
        targets = made.found.targets
        assert error(got, targets) == pytest.approx(error(wanted, targets), rel=1e-4)


@pytest.mark.parametrize(
    ("made", "heading", "first"),
    [
        (labels(), "cat,dog", "0.png,cat,cat,0.9,0.9,0.1"),
        (
            questions(),
            "letter,letter confidence,mark,mark confidence",
            "0.png,a · x,a · x,0.8,a,0.9,x,0.8",
        ),
        (numbers(), "value", "0.png,10,11 kg,,11"),
    ],
    ids=["labels", "questions", "number"],
)
def test_the_table_of_predictions_has_the_columns_of_the_objective(
    made: Case, heading: str, first: str
) -> None:
    columns = made.objective.columns(made.found)
    text = reports.predictions_csv(made.rows, columns).decode()
    assert text.splitlines()[:2] == [f"path,truth,label,confidence,{heading}", first]


def test_answers_that_look_like_numbers_stay_what_they_are(tmp_path: Path) -> None:
    classes = ("007 · nan", "7 · inf")
    targets = of_questions(classes, ("agent", "much"))
    made = case(targets, classes, [[0.9, 0.1, 0.9, 0.1], [0.9, 0.1, 0.1, 0.9]], [0, 1])
    reports.save(tmp_path, made.report, made.rows, recipe=Recipe(), found=made.found)
    read = reports.load_predictions(tmp_path)
    assert [made.objective.error(row, targets) for row in read] == pytest.approx([0.0, 0.9])
    with (tmp_path / reports.PREDICTIONS).open(encoding="utf-8", newline="") as stream:
        assert next(csv.DictReader(stream))["agent"] == "007"


# -- errors, worst first


@pytest.mark.parametrize(
    ("made", "wanted"),
    [
        (labels(repeat=1), []),
        (questions(repeat=1), [("1.png", 0.7)]),
        (numbers(repeat=1), [("2.png", 2.0), ("0.png", 1.0), ("1.png", 1.0)]),
    ],
    ids=["labels", "questions", "number"],
)
def test_errors_stand_worst_first(made: Case, wanted: list[tuple[str, float]]) -> None:
    targets = made.found.targets

    def wrong(row: PredictionRow) -> float:
        return made.objective.error(row, targets)

    found = [(row.path, wrong(row)) for row in answer_rows.top_mistakes(made.rows, error=wrong)]
    assert found == [(path, pytest.approx(error)) for path, error in wanted]


def test_a_label_too_many_or_too_few_is_as_wrong_as_it_is_sure() -> None:
    classes = ("cat", "dog")
    made = case(of_labels(classes), classes, [[0.9, 0.7], [0.8, 0.4]], [0, 1])
    errors = [made.objective.error(row, made.found.targets) for row in made.rows]
    assert errors == pytest.approx([0.7, 0.8])


# -- figures


def test_the_mean_of_the_questions_has_an_interval() -> None:
    report = questions().report
    assert report.primary is not None
    assert report.primary.value == pytest.approx((1 + 2 / 3) / 2)
    assert report.questions["mark"].n == 60
    assert report.primary.low is not None
    assert report.primary.high is not None
    assert report.primary.low < report.primary.value < report.primary.high


def test_predicting_the_same_for_all_is_known() -> None:
    report = labels().report
    assert report.baseline_mean_average_precision == pytest.approx(0.5)
    assert report.mean_average_precision == 1.0


# -- sentences


def test_labels_in_words() -> None:
    said = labels().said()
    first = next(iter(said.values())).sentence()
    assert (
        first == "Mean average precision 100 % (95 % interval 95 % to 100 %) on 80 test pictures."
    )
    assert said["report.labels_baseline"].level == "good"
    assert said["report.labels_baseline"].sentence().endswith("(50 %).")
    assert "All labels correct for 80 of 80 pictures (100 %)" in said["report.labels_f1"].sentence()
    assert said["report.labels_none"].sentence() == (
        "25 % of the test pictures have no label; the model predicts no label for 25 %."
    )


def test_labels_no_better_than_always_the_same() -> None:
    (same,) = [remark for code, remark in labels(good=False).said().items() if "better" in code]
    assert same.code == "report.labels_no_better"
    assert same.level == "warning"


def test_a_label_without_test_samples_is_named() -> None:
    classes = ("cat", "dog", "(none)")
    made = case(of_labels(classes), classes, [[0.9, 0.1], [0.1, 0.1]] * 20, [0, 2] * 20)
    assert "dog" in made.said()["report.untested"].sentence()


def test_questions_in_words() -> None:
    made = questions()
    sentences = [remark.sentence() for remark in words.notes(made.report, IMAGE)]
    assert sentences[0].startswith("Mean accuracy of the questions 83 % (95 % interval 7")
    assert "letter: 80 of 80 correct (100 %). Always predicting “a”: 50 %." in sentences
    assert (
        "mark: 40 of 60 correct (67 %), no better than always predicting “x” (67 %)." in sentences
    )


def test_a_question_that_nobody_answers_is_said() -> None:
    classes = ("a · ?", "b · ?", "a · x")
    targets = of_questions(classes, ("letter", "mark"))
    made = case(targets, classes, [[0.9, 0.1, 1.0], [0.2, 0.8, 1.0]], [0, 1])
    assert made.report.primary is not None
    assert made.report.primary.value == 1.0
    nothing = made.said()["report.question_nothing"]
    assert nothing.sentence().startswith("mark: no test example")
    assert "mark" in made.page()


@pytest.mark.parametrize(
    ("verdict", "level", "told"),
    [
        ("helped", "good", "helped: 100 % correct, 80 % when trained alone"),
        ("harmed", "warning", "lowered the result: 100 % correct, 80 %"),
        ("unclear", "info", "may be chance"),
    ],
)
def test_a_question_beside_its_own_training(verdict: Any, level: str, told: str) -> None:
    made = questions()
    letter = made.report.questions["letter"]
    alone = Alone(accuracy=0.8, verdict=verdict, difference=0.2, low=0.1, high=0.3, p=0.01)
    both = made.report.questions | {"letter": msgspec.structs.replace(letter, alone=alone)}
    report = msgspec.structs.replace(made.report, questions=both)
    (remark,) = (r for r in words.notes(report, IMAGE) if r.code.startswith("report.alone"))
    assert remark.level == level
    assert told in remark.sentence()


def test_a_number_in_words() -> None:
    said = numbers().said()
    sentences = [remark.sentence() for remark in said.values()]
    assert re.fullmatch(
        r"Mean absolute error 1\.33 kg \(95 % interval 1\.\d+ kg to 1\.\d+ kg\) on 60 test "
        r"pictures\.",
        sentences[0],
    )
    expected = (
        "Always predicting the mean number of the training pictures: mean absolute error 6.83 kg."
    )
    assert expected in sentences
    assert said["report.number_baseline"].level == "good"
    assert (
        "Median absolute error: 1 kg (half of the predictions are at least this close)."
        in sentences
    )
    assert "R² 0.97 (1: perfect; 0: no better than predicting the mean)." in sentences


@pytest.mark.parametrize(
    ("off", "repeat", "code"),
    [(9.0, 20, "report.number_no_better"), (4.8, 2, "report.number_maybe_no_better")],
)
def test_a_number_that_is_no_better_than_the_mean(off: float, repeat: int, code: str) -> None:
    said = numbers(off, repeat).said()
    assert said[code].level == "warning"
    assert "6.83 kg" in said[code].sentence()


@pytest.mark.parametrize(
    ("value", "text"),
    [(3.14159, "3.14"), (12400.4, "12400"), (0.000123, "0.000123"), (0, "0"), (-2.5, "-2.5")],
)
def test_numbers_are_rounded_to_three_digits(value: float, text: str) -> None:
    assert number(value) == text


def test_a_figure_that_is_not_known_is_written_as_such() -> None:
    assert (percent(0.9345), percent(0.9345, 0), percent(None)) == ("93.5 %", "93 %", "n/a")
    scores = [objective.primary for objective in registry.OBJECTIVES]
    assert {score.text(None, "kg") for score in scores} == {"n/a"}


@ALL
def test_without_samples_one_warning(made: Case) -> None:
    none = made.objective.measure(made.answers[:0], [], made.found, None, metrics.Circumstances())
    assert [r.code for r in words.notes(none, IMAGE)] == ["report.nothing"]
    assert reports.render(none, [], recipe=Recipe(), found=made.found)


# -- the page


def cells(page: str) -> list[str]:
    return [text.strip() for text in re.findall(r"<t[dh][^>]*>([^<]*)</t[dh]>", page)]


def test_the_page_of_labels() -> None:
    page = labels().page()
    found = cells(page)
    row = found[found.index("cat") :]
    assert row[1] == "100 % (91 % to 100 %)"
    assert row[4:8] == ["1.00", "0.50", "40", "40"]  # average precision, threshold, support
    assert found[found.index("dog") + 5] == "0.60"
    assert "Labels that occur together" in page
    assert "Rows are the true classes" not in page
    assert "Examples without any label: 25 %" in page


def test_the_page_of_many_labels_has_no_table_of_pairs() -> None:
    """None are kept of more labels than a table can show."""
    made = labels()
    report = msgspec.structs.replace(made.report, true_together=[], predicted_together=[])
    page = reports.render(report, made.rows, recipe=Recipe(), found=made.found)
    assert "Labels that occur together" not in page
    assert "Examples without any label: 25 %" in page


def test_the_page_of_questions_has_a_section_for_each() -> None:
    page = questions().page()
    assert set(re.findall(r"<h2>(\w+)</h2>", page)) >= {"letter", "mark"}
    assert page.count("Rows are the true classes") == 2


def test_the_page_of_a_number_has_a_scatter_plot_and_the_largest_errors() -> None:
    made = numbers(repeat=1)
    page = made.page()
    points = re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)"', page)
    ticks = report_charts.nice(10, 32)
    low, high = ticks[0], ticks[-1]
    for (x, y), true, said in zip(points, (10, 20.5, 30), (11, 19.5, 32), strict=True):
        assert float(x) == pytest.approx(420 * (true - low) / (high - low), abs=0.1)
        assert float(y) == pytest.approx(420 - 420 * (said - low) / (high - low), abs=0.1)
    assert "Largest errors first" in page
    found = cells(page)
    assert found[found.index("2.png") : found.index("2.png") + 4] == [
        "2.png",
        "30",
        "32.0 kg",
        "2 kg",
    ]
    assert "6.83 kg" in page


def test_names_are_escaped() -> None:
    classes = ("<b>; c", "c")
    made = case(of_labels(classes), classes, [[0.9, 0.1], [0.1, 0.9]], [0, 1])
    assert "<b>;" not in made.page()
    assert "<b></td>" not in made.page()


@pytest.mark.parametrize(
    ("together", "best", "count", "code", "told"),
    [
        (2.5, 3.0, 2, "soup.score_better", "Mean absolute error 2.5 kg on the validation"),
        (
            3.0,
            2.5,
            2,
            "soup.score_as_good",
            "3 kg on the validation pictures, no better than the best",
        ),
        (2.5, 2.5, 1, "soup.score_alone", "(Mean absolute error 2.5 kg on"),
    ],
)
def test_what_came_of_putting_trainings_of_a_number_together(
    together: float, best: float, count: int, code: str, told: str
) -> None:
    joined = metrics.EnsembleSummary(count=count, of=2, together=together, best=best)
    report = msgspec.structs.replace(numbers().report, joined=joined)
    (remark,) = (r for r in words.notes(report, IMAGE) if r.code.startswith("soup"))
    assert remark.code == code
    assert told in remark.sentence()


def test_numbers_divided_at_random_and_kept_together_stand_side_by_side() -> None:
    at_random = msgspec.structs.replace(numbers(1.0).report, grouped_by="")
    kept = msgspec.structs.replace(numbers(3.0).report, grouped_by="george")
    (said,) = (
        remark.sentence()
        for remark in words.notes(at_random, IMAGE, Beside(grouping=kept))
        if remark.code == "report.grouped_beside_score"
    )
    assert said == ("Random split: Mean absolute error 1.33 kg. Grouped by george: 4 kg.")
    other = words.notes(kept, IMAGE, Beside(grouping=labels().report))
    assert not any("beside" in remark.code for remark in other)


def test_what_was_set_says_what_is_predicted() -> None:
    recipe = Recipe().replace(objective={"balance": "uncertainty"})
    rows = dict(chosen.told(recipe, "several_questions"))
    assert rows["What is predicted"] == "Several questions"
    assert rows["Loss weights of the questions"] == "By trained weights"
    assert "What is predicted" not in dict(chosen.told(Recipe()))
    made = questions()
    page = reports.render(made.report, made.rows, recipe=recipe, found=made.found)
    assert "By trained weights" in page


# -- curves


def course(objective: str, train: Sequence[float], val: Sequence[float], loss: float = 1.0) -> Any:
    rows = [
        msgspec.structs.replace(
            ended(epoch + 1, best=epoch == 0, loss=1.0 + epoch * (loss - 1)),
            train_score=pair[0],
            val_score=pair[1],
        )
        for epoch, pair in enumerate(zip(train, val, strict=True))
    ]
    made = history(*rows)
    made.started = msgspec.structs.replace(STARTED, objective=objective, baseline=None)
    return made


def test_overfitting_is_seen_by_the_direction_of_the_score() -> None:
    made = course("number", [5.0, 3.0, 1.0], [5.0, 4.0, 4.0], loss=1.2)
    said = {d.code: d for d in curves.diagnose(made, RunOptions(patience=5))}
    assert (
        said["curves.overfitting"]
        .sentence()
        .startswith("Overfitting: Mean absolute error 1 on training")
    )
    fine = course("number", [5.0, 3.0, 4.0], [5.0, 4.0, 4.5], loss=1.2)
    codes = {d.code for d in curves.diagnose(fine, RunOptions(patience=5))}
    assert "curves.overfitting" not in codes
    shares = course("several_labels", [0.5, 0.7, 0.9], [0.5, 0.6, 0.6], loss=1.2)
    said = {d.code: d for d in curves.diagnose(shares, RunOptions(patience=5))}
    assert "F1 of the labels 90.0 % on training" in said["curves.overfitting"].sentence()


def test_the_epoch_with_the_smallest_error_is_the_better_one() -> None:
    made = course("number", [5.0, 4.0, 3.0], [5.0, 4.0, 6.0])
    kept = curves.best_epoch(made)
    assert kept is not None
    assert (kept.epoch, kept.accuracy, kept.highest, kept.highest_epoch) == (1, 5.0, 4.0, 2)
    (note,) = curves.choice_of_epoch(kept, "number", "kg")
    assert note.code == "moment.not_best_score"
    assert (note.values["high"], note.values["share"]) == ("4 kg", "5 kg")


@pytest.mark.parametrize(
    ("objective", "best", "other", "texts"),
    [
        ("several_labels", 0.64012, 0.64031, ("64.03 %", "64.01 %")),
        ("number", 3.1234, 3.1228, ("3.1228 kg", "3.1234 kg")),
        ("number", 12345.2, 12344.9, ("12344.9 kg", "12345.2 kg")),
        ("several_labels", 0.64, 0.64 + 1e-7, None),
    ],
)
def test_figures_that_are_compared_are_told_apart_or_nothing_is_said(
    objective: str, best: float, other: float, texts: tuple[str, str] | None
) -> None:
    kept = metrics.BestEpoch(epoch=20, accuracy=best, highest=other, highest_epoch=25)
    notes = curves.choice_of_epoch(kept, objective, "kg")
    assert len(notes) == (texts is not None)
    for note in notes:
        assert (note.values["high"], note.values["share"]) == texts


def test_a_baseline_is_told_apart_from_the_figure() -> None:
    primary = metrics.primary("mean_absolute_error", 3.1224, None, False)
    report = msgspec.structs.replace(
        numbers().report, primary=primary, baseline_mean_absolute_error=3.1218
    )
    text = " ".join(note.sentence() for note in words.notes(report, IMAGE))
    assert "Mean absolute error 3.1224 kg on" in text
    assert "mean absolute error 3.1218 kg" in text


@pytest.mark.parametrize(
    ("objective", "title", "top"),
    [("number", "Mean absolute error", 6.0), ("several_labels", "F1 of the labels", 100.0)],
)
def test_the_second_chart_is_of_the_score(objective: str, title: str, top: float) -> None:
    values = [5.0, 4.0, 6.0] if objective == "number" else [0.2, 0.3, 0.5]
    _loss, chart = report_charts.charts(course(objective, values, values))
    assert chart.chart.title == title
    ends = [float(chart.up[place].text.removesuffix(" %")) for place in (0, -1)]
    assert ends == [0.0, top]


def test_a_report_of_a_later_version_is_one_sentence(tmp_path: Path) -> None:
    made = labels()
    text = reports.to_json(made.report).replace('"several_labels"', '"of_later"')
    (tmp_path / "report.json").write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=r"report\.json"):
        reports.load(tmp_path)


def test_a_table_is_read_by_a_spreadsheet() -> None:
    made = questions()
    columns = made.objective.columns(made.found)
    rows = list(csv.reader(io.StringIO(reports.predictions_csv(made.rows, columns).decode())))
    assert {len(row) for row in rows} == {8}
