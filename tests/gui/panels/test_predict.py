"""The Predict stage with a model that answers at once; the real one is tested end to end."""

import csv
import os
import threading
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import openpyxl
import pytest
import soundfile
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from tests.gui import finished
from tests.gui.conftest import Clockwork
from transfergui.core import registry
from transfergui.core.app import likeness, tent
from transfergui.core.base.errors import UserError
from transfergui.core.base.messages import Level
from transfergui.core.base.notes import Note
from transfergui.core.data.dataset import Problem
from transfergui.core.data.targets import ONE_CLASS, Targets
from transfergui.core.evaluation.prediction import Prediction
from transfergui.core.interfaces.objective import Found, Said
from transfergui.core.projects import corrected
from transfergui.core.recipe import Recipe
from transfergui.core.runs.doubts import Promise
from transfergui.core.trained import TrainedModel
from transfergui.gui.base import tasks
from transfergui.gui.panels import prediction_output, prediction_queue, unlike
from transfergui.gui.panels.arrival_dialog import ArrivalDialog
from transfergui.gui.panels.predict import PredictStage
from transfergui.gui.panels.unlike import UnlikeDialog
from transfergui.gui.parts.note_lines import NoteLines
from transfergui.gui.samples.given import as_files, content
from transfergui.gui.samples.sample_viewer import SampleViewer
from transfergui.gui.session.session import Session
from transfergui.gui.tables.prediction_table import EARLIER, NOTE, SECOND, THIRD, titles
from transfergui.gui.tables.result_table import ELIDE


class FakeModel:
    """Sure of ``class_1`` by what the file name says: ``90.png``; others cannot be read.

    Attributes:
        go: answers wait for it.
    """

    classes = ("class_0", "class_1", "class_2")
    objective = registry.objective(ONE_CLASS)
    found = Found(Targets(), classes)
    error = None
    promise: Promise | None = None
    run = None
    notes = ()
    card = SimpleNamespace(name="clothes", recipe=Recipe())

    def __init__(self) -> None:
        self.modality = registry.modality("image")
        self.input = self.modality.input_options()
        self.go = threading.Event()
        self.go.set()
        self.loads: list[Path] = []
        self.less = 0

    @property
    def module(self) -> None:
        """As of an ONNX file: it has no features to compare with those of the training data."""
        raise UserError("model.onnx_only", path="fake")

    def load(self, path: Path) -> "FakeModel":
        """Of ``sounds-``, a model of recordings; of ``less-``, one that is less sure."""
        if not path.exists():
            raise UserError("model.missing", path=str(path))
        self.loads.append(path)
        if not path.name.startswith(("less-", "sounds-")):
            return self
        other = FakeModel()
        other.less = 40 if path.name.startswith("less-") else 0
        kind = "audio" if path.name.startswith("sounds-") else "image"
        other.modality = registry.modality(kind)
        other.input = other.modality.input_options()
        return other

    def promising(self, at_most_wrong: float | None) -> "FakeModel":
        """As of a model that is right often enough above 60 %, for shares from 5 % on."""
        if at_most_wrong is not None and at_most_wrong < 0.05:
            raise UserError("promise.too_few", wrong="1 %", count=60, needed=300)
        other = FakeModel()
        if at_most_wrong is not None:
            other.promise = Promise(
                at_most_wrong=at_most_wrong, below=0.6, examples=60, answered=40, wrong=0
            )
        return other

    def said(self, answers: np.ndarray) -> Said:
        return self.objective.said(answers[None], self.found)[0]

    def predict(self, paths: Iterable[Path]) -> Iterator[Prediction]:
        for path in paths:
            assert self.go.wait(10)
            if path.stem.isdigit():
                sure = (int(path.stem) - self.less) / 100
                yield Prediction(path, np.array([(1 - sure) * 0.75, sure, (1 - sure) * 0.25]))
            else:
                yield Prediction(path, problem=Problem("input.vanished", path=str(path)))


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> FakeModel:
    model = FakeModel()
    monkeypatch.setattr(TrainedModel, "load", model.load)
    monkeypatch.setattr(prediction_queue, "warm_up", lambda: None)
    return model


@pytest.fixture
def stage(qtbot: QtBot, ready: Session, model: FakeModel, tmp_path: Path) -> PredictStage:
    stage = PredictStage(ready)
    qtbot.addWidget(stage)
    stage.resize(880, 740)
    stage.show()
    package = tmp_path / "clothes.zip"
    package.touch()
    assert tasks.wait_all()
    stage.choose_model(package)
    return stage


@pytest.fixture
def files(tmp_path: Path) -> Callable[..., list[Path]]:
    def make(*names: str) -> list[Path]:
        made = [tmp_path / f"{name}.png" for name in names]
        for path in made:
            QImage(8, 8, QImage.Format.Format_RGB32).save(str(path))
        return made

    return make


def column(stage: PredictStage, number: int) -> list[str]:
    rows = stage.table.rows
    return [rows.index(row, number).data() for row in range(rows.rowCount())]


def wait(stage: PredictStage) -> None:
    assert tasks.wait_all()
    assert not stage.progress.bar.isVisible()


def test_a_zip_and_a_table_are_what_is_in_them(stage: PredictStage, files, tmp_path: Path):
    one, two = files("90", "55")
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as archive:
        archive.write(one, "summer/90.png")
    table = tmp_path / "list.csv"
    table.write_text("file\n55.png\ngone.png\n")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(p)) for p in (tmp_path / "photos.zip", table)])
    stage.predict(as_files(content(data, ""), ""))
    wait(stage)
    assert sorted(column(stage, 0)) == ["55.png", "90.png", "list.csv"]
    (note,) = [text for text in column(stage, NOTE) if "does not exist" in text]
    assert note.startswith("One row of list.csv") and "(row 3, gone.png)" in note
    stage.output.save(tmp_path / "p.csv")
    assert tasks.wait_all()
    with (tmp_path / "p.csv").open(newline="") as stream:
        rows = {row["path"]: row["label"] for row in csv.DictReader(stream)}
    assert rows == {
        str(tmp_path / "photos.zip/summer/90.png"): "class_1",
        str(two): "class_1",
        str(table): "",
    }


def test_each_file_gets_an_answer_or_a_reason(stage: PredictStage, files):
    stage.predict(files("90", "55", "broken"))
    wait(stage)
    assert column(stage, 1) == ["class_1", "class_1", ""]
    assert column(stage, 2) == ["90.0 %", "55.0 %", ""]
    assert column(stage, SECOND)[1] == "class_0 · 34 %"
    note = column(stage, NOTE)
    assert note[:2] == ["", "low confidence"]
    assert note[2] == "Is missing."
    tip = stage.table.rows.index(2, NOTE).data(Qt.ItemDataRole.ToolTipRole)
    assert tip == "<qt>broken.png is missing.</qt>"


def test_the_threshold_decides_what_looks_unsure(stage: PredictStage, files):
    stage.predict(files("90", "65", "55", "broken"))
    wait(stage)
    stage.filter.narrow.setCurrentIndex(1)
    assert column(stage, 2) == ["65.0 %", "55.0 %"]
    stage.filter.unsure.setValue(60)
    assert column(stage, 2) == ["55.0 %"]
    stage.filter.narrow.setCurrentIndex(2)
    assert len(column(stage, 0)) == 1
    stage.filter.narrow.setCurrentIndex(0)
    stage.filter.search.setText("9")
    assert column(stage, 0) == ["90.png"]


def test_predictions_are_left_out_where_no_more_may_be_wrong(stage: PredictStage, files):
    stage.predict(files("90", "55", "broken"))
    wait(stage)

    def choose(share: float | None) -> None:
        at = stage.filter.promise.findData(share)
        stage.filter.promise.setCurrentIndex(at)
        stage.filter.promise.activated.emit(at)
        assert tasks.wait_all()

    choose(0.05)
    assert column(stage, 1) == ["class_1", "no prediction", ""]
    assert not stage.filter.unsure.isVisible()
    assert "20 of 60" in stage.bar.text.text()
    saved = list(stage.output._saved_rows())
    assert [(row[1], row[-1]) for row in saved[1:]] == [("class_1", ""), ("", "unsure"), ("", "")]
    stage.filter.narrow.setCurrentIndex(1)
    assert column(stage, 0) == ["55.png"]
    stage.filter.narrow.setCurrentIndex(0)
    choose(0.01)  # is refused: nothing changes
    assert "300" in stage.bar.text.text()
    assert stage.filter.promise.currentData() == 0.05
    stage._session.promise_changed.emit(stage._queue.source, None)  # chosen in Results
    assert column(stage, 1) == ["class_1", "class_1", ""]
    choose(0.05)
    choose(None)
    assert column(stage, 1) == ["class_1", "class_1", ""]
    assert stage.filter.unsure.isVisible()


def test_strangers_are_named_and_can_be_shown_alone(stage: PredictStage, files, model, monkeypatch):
    own = model.predict

    def predict(paths):
        for each in own(paths):
            unlike = 2.0 if each.path.stem == "90" else 0.0
            yield replace(each, unlike=unlike).judged(None)

    monkeypatch.setattr(model, "predict", predict)
    stage.predict(files("90", "80"))
    wait(stage)
    assert column(stage, 1) == ["class_1", "class_1"]
    assert column(stage, NOTE) == ["unlike the training data", ""]
    stage.filter.narrow.setCurrentIndex(3)
    assert column(stage, 0) == ["90.png"]


def test_sorting_by_confidence_puts_unread_files_last(stage: PredictStage, files):
    stage.predict(files("broken", "55", "90"))
    wait(stage)
    for order in (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder):
        stage.table.sortByColumn(2, order)
        assert column(stage, 2)[-1] == ""
    assert column(stage, 2)[0] == "90.0 %"


def test_what_is_dropped_meanwhile_waits_its_turn(
    qtbot: QtBot, stage: PredictStage, model: FakeModel, files
):
    model.go.clear()
    first, second = files("90", "80")
    stage.predict([first])
    qtbot.waitUntil(lambda: bool(model.loads))
    stage.predict([second])
    model.go.set()
    wait(stage)
    assert column(stage, 0) == ["90.png", "80.png"]
    assert len(model.loads) == 1  # the second job uses the same model


def test_finding_out_what_a_model_reads_judges_no_files(
    stage: PredictStage, files, monkeypatch: pytest.MonkeyPatch
):
    """A model that was only chosen is loaded; nothing was given that could be unlike."""
    wait(stage)
    asked = list[int]()
    monkeypatch.setattr(
        likeness, "likeness", lambda _model, found, _report: asked.append(len(found)) or []
    )
    stage._queue.model = None
    stage._queue._models.kinds.clear()
    stage._queue.follow_model()
    wait(stage)
    assert asked == []
    stage.predict(files("90"))
    wait(stage)
    assert asked == [1]


def test_what_is_added_twice_is_listed_once_and_each_folder_is_named(
    stage: PredictStage, files, monkeypatch: pytest.MonkeyPatch
):
    values = {"noun": "pictures", "percent": "98 %", "label": "a", "usual": "9 %"}
    notes = [Note(f"likeness.{code}", values, "warning") for code in ("apart", "shares")]
    monkeypatch.setattr(likeness, "likeness", lambda *_args: [notes.pop()] if notes else [])
    one, two = files("90", "80")
    for given in (one, two, one):
        stage.predict([given])
        wait(stage)
    assert sorted(column(stage, 0)) == ["80.png", "90.png"]
    assert "“80.png”" in stage.bar.text.text() and "“90.png”" in stage.bar.text.text()
    stage.bar.action.click()
    dialog = stage.findChildren(UnlikeDialog)[0]
    assert len(dialog.findChildren(NoteLines)) == 2
    dialog.close()


def test_each_kind_of_doubt_about_a_folder_is_summed_up() -> None:
    def note(code: str, level: Level) -> Note:
        return Note(f"likeness.{code}", {"noun": "pictures"}, level)

    given = {
        "old": [note("trained_on_some", "warning"), note("shares", "info")],
        "new": [note("strangers", "warning")],
    }
    said, level = unlike.briefly(given)
    assert level == "warning"
    for part in ("“new”: not like", "“old”: the shares", "“old”: the model was trained on some"):
        assert said.count(part) == 1


def test_cancel_keeps_what_is_there(qtbot: QtBot, stage: PredictStage, model: FakeModel, files):
    stage.predict(files("90"))
    wait(stage)
    model.go.clear()
    stage.predict(files("80", "70"))
    stage.progress.cancel_button.click()
    model.go.set()
    assert tasks.wait_all()
    assert column(stage, 0)[0] == "90.png"
    assert not stage.progress.bar.isVisible()
    assert stage._save.isEnabled()


def test_ten_thousand_files_never_stall_the_window(
    qtbot: QtBot, stage: PredictStage, tmp_path: Path, smooth: Clockwork, monkeypatch
):
    many = [tmp_path / f"{number % 100}.png" for number in range(10_000)]
    monkeypatch.setattr(type(stage._session.plan.modality), "list_files", _as_given)
    smooth.start()
    stage.predict(many)
    qtbot.waitUntil(lambda: not stage._queue.running, timeout=20_000)
    smooth.stop()
    assert stage.table.rows.rowCount() == 10_000


def test_what_a_thousandth_prediction_costs_does_not_grow(
    stage: PredictStage, files, monkeypatch: pytest.MonkeyPatch
):
    """Columns follow the first rows only, and each row is counted once."""
    stage.predict(files("90", "80"))
    wait(stage)
    rows = stage.table.rows
    first = rows.rows[0]
    rows.append([replace(first, answer=replace(first.answer)) for _time in range(1000)])
    stage.filter._list_classes()
    assert stage.filter.classes.itemData(1) == "class_1"
    assert "1002" in stage.filter.classes.itemText(1).replace(",", "")
    stage.table._fitting.stop()
    counted: list[object] = []
    names = stage.filter._names
    monkeypatch.setattr(stage.filter, "_names", lambda row: counted.append(row) or names(row))
    rows.append([first] * 7)
    assert not stage.table._fitting.isActive()
    stage.filter._list_classes()
    assert len(counted) == 7
    assert "1009" in stage.filter.classes.itemText(1).replace(",", "")
    rows.fill([first] * 3)
    assert stage.table._fitting.isActive()
    stage.filter._list_classes()
    assert "(3)" in stage.filter.classes.itemText(1)


def _as_given(modality: object, paths: Sequence[Path], input: object) -> Iterator[Path]:
    return iter(paths)


def test_a_long_recording_is_answered_in_pieces_and_as_a_whole(
    stage: PredictStage, model: FakeModel, tmp_path: Path
):
    model.modality = registry.modality("audio")
    model.input = model.modality.input_options(seconds=1.0)
    for name, seconds in (("90", 3), ("80", 1)):
        soundfile.write(tmp_path / f"{name}.wav", np.zeros(8000 * seconds), 8000)
    stage.predict([tmp_path / "90.wav", tmp_path / "80.wav"])
    wait(stage)
    assert column(stage, 0) == [
        "90.wav, from 0:00",
        "90.wav, from 0:01",
        "90.wav, from 0:02",
        "90.wav, whole recording (3 clips)",
        "80.wav",
    ]
    assert column(stage, 1)[3] == "class_1"
    assert stage.progress.bar.value() == stage.progress.bar.maximum() == 5
    rows = stage.table.rows
    assert rows.index(1, 0).data(ELIDE) == Qt.TextElideMode.ElideMiddle  # the time is seen
    assert rows.index(1, 1).data(ELIDE) == Qt.TextElideMode.ElideMiddle  # classes differ there
    target = tmp_path / "answers.csv"
    stage.output.save(target)
    assert tasks.wait_all()
    assert [line.partition(",")[0] for line in target.read_text().splitlines()[4:]] == [
        str(tmp_path / "90.wav"),
        str(tmp_path / "80.wav"),
    ]


def test_csv_has_a_column_per_class(stage: PredictStage, files, tmp_path: Path):
    given = files("90", "broken")
    stage.predict(given)
    wait(stage)
    target = tmp_path / "answers.csv"
    stage.output.save(target)
    assert tasks.wait_all()
    with target.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows[0] == [
        "path",
        "label",
        "confidence",
        "class_0",
        "class_1",
        "class_2",
        "note",
        "reason",
    ]
    assert rows[1] == [str(given[0]), "class_1", "0.9", "0.075", "0.9", "0.025", "", ""]
    assert rows[2][:-2] == [str(given[1]), "", "", "", "", ""]
    assert rows[2][-2].endswith("broken.png is missing.")
    assert rows[2][-1] == ""
    assert len(rows) == 3
    stage._copy.click()
    assert QGuiApplication.clipboard().text().startswith("path\tlabel\tconfidence\tclass_0")


def saved(stage: PredictStage, target: Path) -> list[dict[str, str]]:
    stage.output.save(target)
    assert tasks.wait_all()
    with target.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_what_is_on_the_screen_is_saved(stage: PredictStage, files, tmp_path: Path):
    """The filter, the order, the notes; and what is copied is the same."""
    stage.predict(files("90", "65", "80", "broken", "55"))
    wait(stage)
    stage.filter.unsure.setValue(85)
    stage.table.sortByColumn(2, Qt.SortOrder.AscendingOrder)
    rows = saved(stage, tmp_path / "p.csv")
    assert [Path(row["path"]).name for row in rows] == column(stage, 0)
    notes = zip([row["note"] for row in rows], column(stage, NOTE), strict=True)
    assert all(saved.endswith(told[1:]) for saved, told in notes)
    assert [row["note"] for row in rows][:4] == ["low confidence"] * 3 + [""]
    stage.filter.narrow.setCurrentIndex(1)
    stage.filter.search.setText("5")
    rows = saved(stage, tmp_path / "p.csv")
    assert [Path(row["path"]).name for row in rows] == ["55.png", "65.png"]
    stage._copy.click()
    copied = list(csv.DictReader(QGuiApplication.clipboard().text().splitlines(), delimiter="\t"))
    assert copied == rows


def test_saved_with_the_columns_of_the_table_that_names_the_files(
    stage: PredictStage, files, tmp_path: Path
):
    files("90", "55")
    table = tmp_path / "list.csv"
    table.write_text("file,label\n55.png,=mine\n90.png,other\n")
    stage.predict([table])
    wait(stage)
    stage.output.save(tmp_path / "p.xlsx")
    assert tasks.wait_all()
    heading, first, second = openpyxl.load_workbook(tmp_path / "p.xlsx").active.values
    own = ("file", "label (your table)", "path", "label", "confidence")
    assert heading == (*own, *FakeModel.classes, "note", "reason")
    assert first[:2] == ("55.png", "=mine")
    assert first[3:5] == ("class_1", 0.55)
    assert (first[-2:], second[-2:]) == (("low confidence", "unsure"), (None, None))


def test_a_name_without_an_ending_gets_that_of_the_kind():
    assert prediction_output.with_ending(Path("a"), prediction_output.SAVED[0]) == Path("a.xlsx")
    assert prediction_output.with_ending(Path("a"), prediction_output.SAVED[1]) == Path("a.csv")
    assert prediction_output.with_ending(Path("a.tsv"), prediction_output.SAVED[0]) == Path("a.tsv")


def test_a_place_that_cannot_be_written_is_said(stage: PredictStage, files, tmp_path: Path):
    stage.predict(files("90"))
    wait(stage)
    (tmp_path / "blocked").touch()
    stage.output.save(tmp_path / "blocked" / "x.csv")
    assert tasks.wait_all()
    assert "cannot be written" in stage.bar.text.text()


def test_a_picture_on_the_clipboard(qtbot: QtBot, stage: PredictStage):
    image = QImage(8, 8, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    QGuiApplication.clipboard().setImage(image)
    qtbot.keyClick(stage, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    wait(stage)
    assert column(stage, 0)[0].startswith("pasted-")


def test_files_on_the_clipboard_and_nothing_on_it(stage: PredictStage, files):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in files("90")])
    QGuiApplication.clipboard().setMimeData(data)
    stage.paste()
    wait(stage)
    assert column(stage, 0) == ["90.png"]
    QGuiApplication.clipboard().setText("just words")
    stage.paste()
    assert "clipboard holds nothing" in stage.bar.text.text()


def test_a_folder_with_nothing_to_predict_is_said(stage: PredictStage, tmp_path: Path):
    (tmp_path / "empty").mkdir()
    stage.predict([tmp_path / "empty"])
    wait(stage)
    assert stage.bar.text.text() == (
        "This model reads pictures, and none were found in what you added. Add pictures, or choose "
        "another model."
    )
    assert stage._pages.currentIndex() == 0


def test_a_model_that_is_gone_is_said(stage: PredictStage, files, tmp_path: Path):
    stage.choose_model(tmp_path / "gone.onnx")
    stage.predict(files("90"))
    wait(stage)
    assert "There is no model at" in stage.bar.text.text()


@pytest.fixture
def package(tmp_path: Path) -> Callable[[str], Path]:
    def make(name: str) -> Path:
        (tmp_path / name).touch()
        return tmp_path / name

    return make


def hidden(stage: PredictStage) -> list[int]:
    """The columns that are not shown."""
    return [n for n in range(stage.table.rows.columnCount()) if stage.table.isColumnHidden(n)]


def test_two_models_stand_side_by_side(stage: PredictStage, files, package, tmp_path: Path):
    stage.predict(files("90", "55", "broken"))
    wait(stage)
    assert [stage.table.isColumnHidden(n) for n in (SECOND, THIRD, *EARLIER)] == [
        False,
        False,
        True,
        True,
    ]
    stage.choose_model(package("less-sure.zip"))
    wait(stage)
    assert column(stage, 0) == ["90.png", "55.png", "broken.png"]
    assert column(stage, 1) == ["class_1", "class_0", ""]
    assert column(stage, 2) == ["50.0 %", "63.7 %", ""]
    assert column(stage, EARLIER[0]) == ["class_1", "class_1", ""]
    assert column(stage, EARLIER[1]) == ["90.0 %", "55.0 %", ""]
    assert [stage.table.isColumnHidden(n) for n in (SECOND, THIRD, *EARLIER)] == [
        True,
        True,
        False,
        False,
    ]
    titles = [stage.table.rows.headerData(n, Qt.Orientation.Horizontal) for n in (1, EARLIER[0])]
    assert titles == ["Prediction", "Before"]
    assert "clothes.zip" in stage.compared.said.text() and not stage.compared.isHidden()
    first, second, unread = saved(stage, tmp_path / "p.csv")
    assert (first["label"], first["confidence"]) == ("class_1", "0.5")
    assert (second["label"], second["label (clothes.zip)"]) == ("class_0", "class_1")
    assert second["class_1 (clothes.zip)"] == second["confidence (clothes.zip)"] == "0.55"
    assert unread["note"] == unread["note (clothes.zip)"] != ""
    stage.choose_model(tmp_path / "clothes.zip")  # and back
    wait(stage)
    assert (column(stage, 2)[0], column(stage, EARLIER[1])[0]) == ("90.0 %", "50.0 %")
    stage.compared.hide_button.click()  # one model alone again, here and where it is saved
    assert set(hidden(stage)) >= {*EARLIER}
    assert stage.compared.isHidden() and column(stage, 2)[0] == "90.0 %"
    assert not [name for name in saved(stage, tmp_path / "q.csv")[0] if "(" in name]


def test_a_file_that_changed_is_not_compared(stage: PredictStage, files, package):
    one, _two = files("90", "55")
    stage.predict([one, _two])
    wait(stage)
    os.utime(one, ns=(1, 1))
    stage.choose_model(package("less-sure.zip"))
    wait(stage)
    assert column(stage, EARLIER[0]) == ["", "class_1"]
    assert column(stage, EARLIER[1]) == ["", "55.0 %"]
    stage.filter.unsure.setValue(0)
    notes = column(stage, NOTE)
    assert notes[0].startswith("Has changed since the earlier model predicted it")
    assert notes[1] == ""


def test_a_model_of_another_kind_keeps_the_files(stage: PredictStage, files, package):
    stage.predict(files("90", "55"))
    wait(stage)
    stage.choose_model(package("sounds-1.zip"))
    wait(stage)
    assert column(stage, 0) == []
    assert stage.bar.text.text().startswith("This model is for recordings. The pictures that")
    stage.choose_model(package("less-sure.zip"))
    wait(stage)
    assert column(stage, 2) == ["50.0 %", "63.7 %"]
    assert column(stage, EARLIER[1]) == ["90.0 %", "55.0 %"]


def test_models_chosen_in_haste_and_one_that_is_gone_keep_the_files(
    qtbot: QtBot, stage: PredictStage, model: FakeModel, files, package, tmp_path: Path
):
    model.go.clear()
    stage.predict(files("90", "55"))
    stage.choose_model(package("a.zip"))
    stage.choose_model(tmp_path / "gone.zip")
    model.go.set()
    wait(stage)
    assert column(stage, 0) == []
    stage.choose_model(tmp_path / "clothes.zip")
    wait(stage)
    assert column(stage, 2) == ["90.0 %", "55.0 %"]
    stage.predict(files("80"))
    wait(stage)
    assert column(stage, 0) == ["90.png", "55.png", "80.png"]


def test_what_was_cleared_is_not_answered_for_again(stage: PredictStage, files, package):
    stage.predict(files("90"))
    wait(stage)
    stage.choose_model(package("less-sure.zip"))
    wait(stage)
    stage.clear()
    stage.choose_model(package("third.zip"))
    wait(stage)
    assert column(stage, 0) == []
    stage.predict(files("90"))
    wait(stage)
    assert column(stage, EARLIER[1]) == [""]
    assert stage.table.isColumnHidden(EARLIER[0])


def test_without_any_model_it_says_what_to_do(qtbot: QtBot, session: Session, files):
    stage = PredictStage(session)
    qtbot.addWidget(stage)
    stage.predict(files("90"))
    assert "Train a model first" in stage.bar.text.text()


def test_the_run_that_is_shown_is_offered_first(qtbot: QtBot, ready: Session, model: FakeModel):
    shown = finished.finished_run(ready.plan)
    for run in (shown, finished.finished_run(ready.plan)):
        run.checkpoints.mkdir()
        (run.checkpoints / "best.safetensors").touch()
    stage = PredictStage(ready)
    qtbot.addWidget(stage)
    ready.open_run(shown.path)
    assert tasks.wait_all()
    assert stage.models.count() == 2
    assert stage.models.currentData() == shown.path


def test_a_new_run_is_followed_until_the_user_chooses(
    qtbot: QtBot, ready: Session, model: FakeModel, tmp_path: Path
):
    stage = PredictStage(ready)
    qtbot.addWidget(stage)
    for chosen in (None, None, tmp_path):
        run = finished.finished_run(ready.plan)
        run.checkpoints.mkdir()
        (run.checkpoints / "best.safetensors").touch()
        if chosen is not None:
            stage.choose_model(chosen)
        ready.open_run(run.path)
        assert tasks.wait_all()
        assert stage.models.currentData() == (chosen or run.path)


def test_a_run_that_was_chosen_stays_chosen(qtbot: QtBot, ready: Session, model: FakeModel):
    """By its path, whichever object says it: the list is made anew each time it is looked at."""
    runs = [finished.finished_run(ready.plan) for _number in range(2)]
    for run in runs:
        run.checkpoints.mkdir()
        run.best.touch()
    stage = PredictStage(ready)
    qtbot.addWidget(stage)
    stage.show()
    assert tasks.wait_all()
    other = next(r.path for r in runs if r.path != stage.models.currentData())
    stage.choose_model(Path(str(other)))
    assert stage.models.currentData() == other
    stage.hide()
    stage.show()
    assert tasks.wait_all()
    assert stage.models.currentData() == other


def test_names_of_two_networks_begin_with_what_differs():
    one, other = "clothing · TGNet · Fine-tuning · today", "clothing · TGNet · LoRA · today"
    assert titles(one, other) == ("Fine-tuning · today", "LoRA · today")
    assert titles("a", "a · b") == ("a", "a · b")
    assert titles("same", "same") == ("same", "same")
    one, other = (f"clothing · MobileNetV2 · 2026-11-30 0{hour}:00:07" for hour in "12")
    assert titles(one, other) == ("Run of 01:00:07", "Run of 02:00:07")


def test_the_viewer_goes_through_the_rows_as_they_are_shown(
    qtbot: QtBot, stage: PredictStage, files: Callable[..., list[Path]]
) -> None:
    stage.predict(files("90", "60", "75", "cat"))
    assert tasks.wait_all()
    stage.filter.narrow.setCurrentIndex(0)
    stage.filter.search.setText("0")
    rows = stage.table.rows.shown
    names = [row.path.name for row in rows]
    assert sorted(names) == ["60.png", "90.png"]
    stage.table.selectRow(0)
    stage._look()
    viewer = stage.findChild(SampleViewer)
    seen = []
    for row in rows:
        assert tasks.wait_all()
        seen.append(Path(viewer.panes[0].place.text()).name)
        assert viewer.text.text() == f"class_1 · {row.path.stem}.0 %"
        viewer.next()
    assert seen == names
    assert viewer.panes[0].relabel_button.isHidden()
    viewer.close()


def test_files_are_predicted_again_by_an_adapted_model(
    stage: PredictStage, files, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    adapted = FakeModel()
    adapted.less = 50
    notes = [Note("tent.used", {"count": 3, "noun": "pictures", "changed": 1})]
    monkeypatch.setattr(tent, "adapted", lambda *_args: tent.AdaptedModel(adapted, notes))
    stage.predict(files("90", "80"))
    wait(stage)
    assert stage.adapted.isHidden()
    stage.adapt.click()
    wait(stage)
    assert sorted(column(stage, 2)) == ["45.0 %", "52.5 %"]
    assert len(stage.adapted.texts()) == 1
    assert stage.adapted.isVisible()
    stage.output.save(tmp_path / "p.csv")
    assert tasks.wait_all()
    with (tmp_path / "p.csv").open(newline="") as stream:
        assert [row["adapted"] for row in csv.DictReader(stream)] == ["tent", "tent"]
    stage.adapt.click()
    wait(stage)
    assert sorted(column(stage, 2)) == ["80.0 %", "90.0 %"]
    assert stage.adapted.isHidden()


def test_the_table_follows_files_that_are_moved(stage: PredictStage, files, tmp_path: Path):
    given = files("90", "55")
    stage.predict(given)
    wait(stage)
    now = {given[0]: tmp_path / "class_1" / "90.png"}
    now[given[0]].parent.mkdir()
    given[0].rename(now[given[0]])
    stage._queue.follow_moved(now)
    assert [row.path for row in stage.table.rows.rows] == [now[given[0]], given[1]]
    act = stage.output.to_act()
    assert act is not None
    assert [each.path for each in act.predictions] == [now[given[0]], given[1]]
    other = tmp_path / "less-sure.zip"
    other.touch()
    stage.choose_model(other)
    wait(stage)
    assert column(stage, 0) == ["90.png", "55.png"]
    assert column(stage, 1) == ["class_1", "class_0"]


def test_corrected_predictions_are_kept_and_trained_on(
    stage: PredictStage,
    files: Callable[..., list[Path]],
    ready: Session,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By a key or from the list; confirmed by the class that was predicted; with undo."""
    monkeypatch.setattr(FakeModel, "run", SimpleNamespace(recipe=ready.recipe, path=Path("run")))
    stage.predict(files("90", "55", "60"))
    wait(stage)
    corrections = stage.corrections
    qtbot.waitUntil(lambda: corrections.count.text().endswith("2 = class_1 · 3 = class_2"))
    corrections._by_key(1)
    assert not corrections.undo_text  # nothing is selected
    stage.table.selectAll()
    corrections._by_key(1)
    stage.table.selectRow(0)
    corrections._by_key(2)
    assert sorted(column(stage, NOTE))[0] == "Confirmed: class_1"
    corrections.undo()
    corrections.undo()
    assert not any("class_" in text for text in column(stage, NOTE)) and not corrections.undo_text
    corrections.redo()
    stage.table.selectRow(0)
    corrections.remove()
    assert tasks.wait_all()
    assert corrections.row.isVisible() and corrections.add.isEnabled()
    assert sum(text == "Corrected: class_0" for text in column(stage, NOTE)) == 2
    kept = corrected.waiting(corrected.place(ready.recipe.data.path))
    assert [*kept.values()] == ["class_0"]  # of what would not stay, one copy is kept
    before = ready.split
    assert before is not None
    corrections.add.click()
    qtbot.waitUntil(lambda: stage.findChild(ArrivalDialog) is not None)
    stage.findChild(ArrivalDialog).add_button.click()
    qtbot.waitUntil(lambda: ready.split is not before, timeout=20_000)
    assert ready.split.test == before.test
    assert len(ready.split.train) == len(before.train) + 1  # both pictures are one and the same
    assert corrections.add.isHidden() and not corrections.undo_text
    assert tasks.wait_all()
    assert "Corrected: class_0 (added)" in column(stage, NOTE)
