"""The Predict stage with models of several labels, several questions and a number."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from transfergui.core import registry
from transfergui.core.data import targets
from transfergui.core.data.targets import Targets
from transfergui.core.evaluation.prediction import Prediction
from transfergui.core.evaluation.prediction_table import CORRECTED, COUNTS, REASON
from transfergui.core.interfaces.objective import Found, Said
from transfergui.core.recipe import Recipe
from transfergui.core.trained import TrainedModel
from transfergui.gui.base import tasks
from transfergui.gui.base.kept_scores import scores
from transfergui.gui.panels import prediction_queue
from transfergui.gui.panels.box_corrector import BoxCorrector
from transfergui.gui.panels.predict import PredictStage
from transfergui.gui.samples.sample_viewer import SampleViewer
from transfergui.gui.session.session import Session
from transfergui.gui.tables.prediction_table import CONFIDENCE, THIRD

LABELS = targets.of_labels(("cat; dog", "(none)"), ("cat", "dog"))
BOXES = targets.of_boxes(("blue 0.1 0.1 0.5 0.5",), ("blue", "red"))
QUESTIONS = targets.of_questions(("1 · ann", "2 · bob"), ("digit", "speaker"))
NUMBERS = targets.of_numbers(("3", "3.5"), "weight", "kg")
ANSWERS = {
    "several_labels": [[0.9, 0.2], [0.6, 0.45], [0.1, 0.3]],
    "several_questions": [[0.9, 0.1, 0.2, 0.8], [0.3, 0.7, 0.6, 0.4], [0.5, 0.5, 0.9, 0.1]],
    "boxes": [[0, 0.9, 0.1, 0.1, 0.5, 0.5, 1, 0.3, 0.6, 0.6, 0.9, 0.9], [0.0] * 12, [0.0] * 12],
    "number": [[9.5], [-120.0], [20.25]],
}


class ObjectiveModel:
    """Answers the files ``a``, ``b`` and ``c``."""

    notes = ()
    run = None
    card = SimpleNamespace(name="model", recipe=Recipe())

    def __init__(
        self, meant: Targets, fitted: tuple[float, ...] = (), error: float | None = None
    ) -> None:
        self.error, self.promise = error, None
        self.objective = registry.objective(meant.objective)
        self.found = Found(meant, (), fitted)
        self.classes = self.objective.output_names(meant, ())
        self.modality = registry.modality("image")
        self.input = self.modality.input_options()

    def showing_from(self, score: float) -> "ObjectiveModel":
        return ObjectiveModel(self.found.targets, (score,))

    def load(self, path: Path) -> "ObjectiveModel":
        return self

    def said(self, answers: np.ndarray) -> Said:
        return self.objective.said(answers[None], self.found)[0]

    def predict(self, paths: Iterable[Path]) -> Iterator[Prediction]:
        for path in paths:
            answers = np.array(ANSWERS[self.objective.key]["abc".index(path.stem)])
            yield Prediction(path, answers, said=self.said(answers))


@pytest.fixture
def stage(
    qtbot: QtBot, ready: Session, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> PredictStage:  # fmt: skip
    model = ObjectiveModel(*request.param)
    monkeypatch.setattr(TrainedModel, "load", model.load)
    monkeypatch.setattr(prediction_queue, "warm_up", lambda: None)
    stage = PredictStage(ready)
    qtbot.addWidget(stage)
    stage.resize(880, 740)
    stage.show()
    package = tmp_path / "model.zip"
    package.touch()
    assert tasks.wait_all()
    stage.choose_model(package)
    files = []
    for name in ("a", "b", "c"):
        files.append(tmp_path / f"{name}.png")
        QImage(8, 8, QImage.Format.Format_RGB32).save(str(files[-1]))
    stage.predict(files)
    qtbot.waitUntil(lambda: not stage._queue.running and len(stage.table.rows.rows) == 3)
    return stage


def texts(stage: PredictStage, column: int) -> list[str]:
    model = stage.table.rows
    return [model.data(model.index(row, column)) for row in range(model.rowCount())]


def headings(stage: PredictStage) -> list[str]:
    columns = enumerate(stage.table.rows.columns)
    return [column.title for at, column in columns if not stage.table.isColumnHidden(at)]


def look(stage: PredictStage) -> SampleViewer:
    stage.table.selectRow(0)
    stage._look()
    viewer = stage.findChild(SampleViewer)
    assert isinstance(viewer, SampleViewer)
    return viewer


@pytest.mark.parametrize("stage", [(LABELS, (0.5, 0.4))], indirect=True)
def test_each_label_has_its_probability_and_threshold(stage: PredictStage) -> None:
    assert headings(stage) == ["Example", "Prediction", "Confidence", "Note", "cat", "dog"]
    assert texts(stage, 1) == ["cat", "cat; dog", "(none)"]
    assert texts(stage, THIRD + 1) == ["90.0 %", "60.0 %", "10.0 %"]
    dog = stage.table.rows.columns[THIRD + 2]
    assert [dog.colour(row) if dog.colour else None for row in stage.table.rows.rows] == [
        "muted",
        "",
        "muted",
    ]
    assert dog.explanation.startswith("Predicted if the probability is at least 40.0 %")
    viewer = look(stage)
    assert [bar.text for bar in viewer.bars.bars] == [
        "cat: 90.0 %, predicted at 50.0 % or more",
        "dog: 20.0 %, predicted at 40.0 % or more",
    ]
    viewer.close()


@pytest.mark.parametrize("stage", [(QUESTIONS,)], indirect=True)
def test_each_question_has_its_answer_and_confidence(stage: PredictStage) -> None:
    own = ["digit", "digit confidence", "speaker", "speaker confidence"]
    assert headings(stage) == ["Example", "Prediction", "Confidence", "Note", *own]
    assert texts(stage, 1) == ["1 · bob", "2 · ann", "1 · ann"]
    assert texts(stage, THIRD + 3) == ["bob", "ann", "ann"]
    assert texts(stage, THIRD + 4) == ["80.0 %", "60.0 %", "90.0 %"]
    stage.table.sortByColumn(THIRD + 4, Qt.SortOrder.AscendingOrder)
    assert texts(stage, THIRD + 4) == ["60.0 %", "80.0 %", "90.0 %"]
    stage.filter.search.setText("ann")
    assert len(stage.table.rows.shown) == 2
    stage.output.copy()
    copied = QGuiApplication.clipboard().text().splitlines()
    assert copied[0].split("\t")[3:7] == own
    assert len(copied) == 3


@pytest.mark.parametrize("stage", [(NUMBERS,)], indirect=True)
def test_a_number_has_its_unit_no_confidence_and_is_sorted_by_value(stage: PredictStage) -> None:
    assert stage.table.isColumnHidden(CONFIDENCE)
    assert headings(stage) == ["Example", "Prediction", "Note"]
    assert stage.filter.unsure.isHidden()
    stage.table.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    assert texts(stage, 1) == ["-120 kg", "9.5 kg", "20.25 kg"]
    viewer = look(stage)
    assert viewer.text.text() == "-120 kg"
    assert viewer.bars.isHidden()
    viewer.close()


@pytest.mark.parametrize("stage", [(NUMBERS, (), 3.4)], indirect=True)
def test_a_number_has_the_digits_that_its_error_can_carry(
    stage: PredictStage, tmp_path: Path
) -> None:
    assert texts(stage, 1) == ["9.5 kg", "-120.0 kg", "20.2 kg"]
    stage.output.save(tmp_path / "saved.csv")
    assert tasks.wait_all()
    assert "20.25" in (tmp_path / "saved.csv").read_text()


@pytest.mark.parametrize("stage", [(NUMBERS,)], indirect=True)
def test_numbers_in_another_unit_do_not_stand_beside(
    qtbot: QtBot, stage: PredictStage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grams = targets.of_numbers(("3", "3.5"), "weight", "g")
    models = {"g": ObjectiveModel(grams), "kg": ObjectiveModel(NUMBERS)}
    monkeypatch.setattr(TrainedModel, "load", lambda path: models[path.stem])
    for name, beside in (("g", None), ("kg", "model.zip")):
        (tmp_path / f"{name}.zip").touch()
        stage.choose_model(tmp_path / f"{name}.zip")
        qtbot.waitUntil(lambda: not stage._queue.running and len(stage.table.rows.rows) == 3)
        compared = stage._queue.compared
        assert (compared and compared.name) == beside
        if beside is None:
            assert stage.bar.text.text().startswith(
                "This model predicts: a number in g. “model.zip” predicts: a number in kg."
            )


@pytest.mark.parametrize("stage", [(LABELS, (0.5, 0.4))], indirect=True)
def test_predictions_of_another_objective_do_not_stand_beside(
    qtbot: QtBot, stage: PredictStage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = {"kg": ObjectiveModel(NUMBERS), "again": ObjectiveModel(LABELS, (0.5, 0.4))}
    monkeypatch.setattr(TrainedModel, "load", lambda path: models[path.stem])

    def choose(name: str) -> None:
        (tmp_path / f"{name}.zip").touch()
        stage.choose_model(tmp_path / f"{name}.zip")
        qtbot.waitUntil(lambda: not stage._queue.running and len(stage.table.rows.rows) == 3)

    choose("kg")
    assert stage._queue.compared is None
    assert headings(stage) == ["Example", "Prediction", "Note"]
    assert stage.bar.text.text().startswith(
        "This model predicts: a number in kg. “model.zip” predicts: several labels."
    )
    choose("again")  # beside the last one of the same objective
    assert stage._queue.compared is not None
    assert stage._queue.compared.name == "model.zip"


@pytest.mark.parametrize("stage", [(BOXES, (0.5,))], indirect=True)
def test_boxes_are_counted_corrected_and_shown_from_a_kept_score(stage: PredictStage) -> None:
    stage.filter._list_classes()
    shown = [stage.filter.classes.itemText(at) for at in range(stage.filter.classes.count())]
    assert [text.split(" (")[0] for text in shown[1:]] == ["no boxes", "blue"]
    stage.filter.classes.setCurrentIndex(2)
    assert len(stage.table.rows.shown) == 1
    stage.filter.classes.setCurrentIndex(0)
    assert stage.boxes.total.isVisible() and "1 blue" in stage.boxes.total.text()
    stage.boxes.slider.slider.setValue(20)  # the red one has 30 %
    source = stage._queue.source
    assert source is not None and scores.of(source) == 0.2
    assert "1 red" in stage.boxes.total.text()
    stage.boxes.slider.own.click()
    assert scores.of(source) is None and "red" not in stage.boxes.total.text()
    stage.table.selectRow(0)
    stage.corrections.correct()
    dialog = stage.findChild(BoxCorrector)
    assert isinstance(dialog, BoxCorrector) and tasks.wait_all()
    assert dialog.editor is not None
    dialog.editor.drawn.choose(0)
    dialog.editor.drawn.delete()
    dialog.next()
    assert tasks.wait_all()
    dialog.confirm_boxes()
    assert [*stage.corrections._kept.values()] == ["(none)", "(none)"]
    assert stage.table.note(stage.table.rows.shown[0]).startswith("Corrected")
    assert stage.table.note(stage.table.rows.shown[1]).startswith("Confirmed")
    first = stage.table.rows.shown[0]
    assert not stage.boxes.of_row(first)
    assert "blue" not in stage.boxes.total.text()
    heading, *saved = stage.output._saved_rows()
    assert heading[-2:] == (CORRECTED, COUNTS)
    assert [row[-2:] for row in saved] == [("(none)", "(none)"), ("(none)", "(none)"), ("", "")]
    dialog.undo()
    dialog.undo()
    assert not stage.corrections._kept
    assert [box.name for box in stage.boxes.of_row(first)] == ["blue"]
    assert "1 blue" in stage.boxes.total.text()
    assert next(stage.output._saved_rows())[-1] == REASON
    dialog.close()
