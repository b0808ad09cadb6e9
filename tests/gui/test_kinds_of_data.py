"""The window with every kind of data: open, look, correct, train (not really), predict."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile
from PySide6.QtGui import QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from tests.bad_sounds import RATE, tone
from tests.conftest import TINY
from tests.gui import finished
from tests.gui.conftest import FakeTrainer, Made, open_data, rest
from transfergui.core import registry
from transfergui.core.base import options as opt
from transfergui.core.base.options import Options
from transfergui.core.data.file_part import FilePart
from transfergui.core.data.targets import ONE_CLASS, Targets
from transfergui.core.evaluation.prediction import Prediction
from transfergui.core.interfaces.objective import Found, Said
from transfergui.core.interfaces.plan import Modality
from transfergui.core.recipe import Recipe
from transfergui.core.runs.run import Run
from transfergui.core.trained import TrainedModel
from transfergui.gui.base import tasks
from transfergui.gui.panels import prediction_queue
from transfergui.gui.panels.dataset import DatasetPanel
from transfergui.gui.panels.predict import PredictStage
from transfergui.gui.panels.results import ResultsStage
from transfergui.gui.samples.sample_pane import VIEWS
from transfergui.gui.samples.sample_viewer import SampleViewer
from transfergui.gui.samples.thumbnail_delegate import THUMBNAIL
from transfergui.gui.session.session import Session
from transfergui.gui.shell.main_window import MainWindow


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow, made_data: Made) -> MainWindow:
    open_data(qtbot, window.session, made_data.folder)
    assert tasks.wait_all(60)
    return window


def thumbnails(stage: object) -> list[object]:
    model = stage.samples.thumbnails.model()  # type: ignore[attr-defined]
    return [model.index(row, 0).data(THUMBNAIL) for row in range(3)]


def test_the_program_finds_out_what_it_is(opened: MainWindow, made_data: Made) -> None:
    session = opened.session
    assert session.recipe.modality == made_data.modality.key
    assert session.plan is not None
    assert session.plan.modality is made_data.modality
    panel = opened.cards["dataset"].panel
    assert isinstance(panel, DatasetPanel)
    assert panel.summary() == f"made · 24 {made_data.modality.many}, 2 classes" + (
        ", 1 problem" if session.dataset.problems else ""  # type: ignore[union-attr]
    )


def test_samples_are_seen_small_and_large(
    qtbot: QtBot, opened: MainWindow, made_data: Made
) -> None:
    stage = opened.stage.widget_of("data")
    thumbnails(stage)
    qtbot.waitUntil(lambda: all(isinstance(each, QImage) for each in thumbnails(stage)))
    grid = stage.samples  # type: ignore[attr-defined]
    grid.thumbnails.setCurrentIndex(grid.thumbnails.model().index(0, 0))
    grid.look()
    viewer = stage.findChild(SampleViewer)
    qtbot.waitUntil(lambda: viewer.panes[0].view is not None)
    assert isinstance(viewer.panes[0].view, tuple(VIEWS.values()))
    viewer.close()


def test_what_the_network_sees_is_shown(qtbot: QtBot, opened: MainWindow) -> None:
    stage = opened.stage.widget_of("data")
    preview = stage.preview  # type: ignore[attr-defined]
    stage.tabs.setCurrentWidget(preview.parentWidget())  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: preview.prepared.image is not None, timeout=30_000)
    assert all(tile.image is not None for tile in preview.tiles)


def test_corrections_can_be_undone(qtbot: QtBot, opened: MainWindow, made_data: Made) -> None:
    stage, session = opened.stage.widget_of("data"), opened.session
    stage.samples.thumbnails.setCurrentIndex(  # type: ignore[attr-defined]
        stage.samples.thumbnails.model().index(0, 0)  # type: ignore[attr-defined]
    )
    stage.samples.exclude()  # type: ignore[attr-defined]
    assert tasks.wait_all(60)
    assert session.undo_stack.undo_text == f"Exclude 1 {made_data.modality.one}"
    assert len(session.dataset.samples) == 23  # type: ignore[union-attr]
    session.undo_stack.undo()
    assert tasks.wait_all(60)
    assert len(session.dataset.samples) == 24  # type: ignore[union-attr]


def test_a_training_ends_in_results_about_its_data(
    qtbot: QtBot, opened: MainWindow, made_data: Made, trainer: FakeTrainer
) -> None:
    session = opened.session
    session.start_training()
    rest(qtbot, session)
    assert trainer.started == 1
    run = finished.finished_run(session.plan)  # type: ignore[arg-type]
    opened.stage.show_stage("results")
    session.open_run(run.path)
    assert tasks.wait_all(60)
    stage = opened.stage.widget_of("results")
    assert isinstance(stage, ResultsStage)
    assert f"test {made_data.modality.many} correct" in stage.head.headline.text()
    stage.matrix.chosen.emit(("class_1", "class_1"))
    model = stage.grid.thumbnails.model()
    model.index(0, 0).data(THUMBNAIL)
    qtbot.waitUntil(lambda: isinstance(model.index(0, 0).data(THUMBNAIL), QImage))


def test_an_interrupted_training_is_offered_and_goes_on(
    qtbot: QtBot, opened: MainWindow, made_data: Made
) -> None:
    plan = opened.session.plan
    assert plan is not None
    run = Run.create(plan.recipe, plan.split)
    for event in (finished.started(), *finished.epochs(1, 2)):
        run.record(event)
    opened.session.resume(run)
    rest(qtbot, opened.session)
    assert opened.session.recipe.modality == made_data.modality.key
    assert run.history().outcome is not None


# -- from one kind of data to another


def test_each_kind_after_each_other(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    """Nothing of the one is left when the other is open; settings that are of no kind stay."""
    window.session.change(window.session.recipe.replace(run__epochs=3), "Epochs")
    modalities = registry.MODALITIES
    for modality in (*modalities, *reversed(modalities)):
        folder = tmp_path / modality.key
        open_data(qtbot, window.session, folder if folder.is_dir() else TINY[modality.key](folder))
        assert tasks.wait_all(60)
        plan = window.session.plan
        assert plan is not None
        assert plan.modality is modality
        assert isinstance(plan.input, modality.input_options)
        assert plan.recipe.run.epochs == 3
        assert not window.session.undo_stack.undo_text
        stage = window.stage.widget_of("data")
        assert stage.bars.model().rowCount() == 2  # type: ignore[attr-defined]


def test_data_that_cannot_be_learnt_leave_no_preview_of_others(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    first, *others = registry.MODALITIES
    open_data(qtbot, window.session, TINY[first.key](tmp_path / "first"))
    stage = window.stage.widget_of("data")
    preview = stage.preview  # type: ignore[attr-defined]
    stage.tabs.setCurrentWidget(preview.parentWidget())  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: preview.prepared.image is not None, timeout=30_000)
    for other in others:
        single = TINY[other.key](tmp_path / other.key, classes=1)
        open_data(qtbot, window.session, single)
        assert window.session.plan is None
        qtbot.waitUntil(lambda: preview.original.image is None)
        assert tasks.wait_all(60)


# -- how the data are read


@pytest.fixture
def recordings(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> MainWindow:
    """Data that offer what they may be grouped by."""
    open_data(qtbot, window.session, TINY["audio"](tmp_path / "recordings"))
    assert tasks.wait_all(60)
    return window


def test_what_the_scan_chose_is_said_and_can_be_changed(
    qtbot: QtBot, recordings: MainWindow
) -> None:
    session, stage = recordings.session, recordings.stage.widget_of("data")
    form = stage.form  # type: ignore[attr-defined]
    assert form.isVisible()
    assert "Group by: None" in form.line.toolTip()
    assert "(automatic)" in form.line.toolTip()
    form.set_folded(False)
    box = form.form.fields["group_by"].widget
    assert box.itemText(1) == "anna, bela, carl"
    box.setCurrentIndex(1)
    box.activated.emit(1)
    rest(qtbot, session)
    assert session.recipe.data.options == {"group_by": "name:1"}
    assert session.split is not None
    assert session.split.grouped_by == "anna, bela, carl"
    assert "Group by: anna, bela, carl" in form.line.toolTip()
    assert session.undo_stack.undo_text == "Change “Group by”"
    session.undo_stack.undo()
    rest(qtbot, session)
    assert session.split.grouped_by == ""
    assert box.currentIndex() == 0


@pytest.fixture
def undivided(tmp_path: Path) -> Path:
    """Named as the recordings of EmoDB: two characters say the speaker."""
    folder = tmp_path / "emotions"
    for number in range(48):
        speaker, emotion = ("03", "08", "09", "10")[number % 4], "WT"[number // 4 % 2]
        path = folder / emotion / f"{speaker}a01{emotion}{'abcdef'[number // 8]}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, tone(0.3, pitch=200.0 + 17 * number), RATE)
    return folder


def test_characters_of_the_names_can_be_chosen_as_groups(
    qtbot: QtBot, window: MainWindow, undivided: Path
) -> None:
    open_data(qtbot, window.session, undivided)
    assert tasks.wait_all(60)
    form = window.stage.widget_of("data").form  # type: ignore[attr-defined]
    box = form.form.fields["group_by"].widget
    at = box.findData("chars:1-2")
    label = "03, 08, 09, … (4): characters 1-2 of the file name, as 03a01Ta → 03"
    assert box.itemText(at) == label
    box.setCurrentIndex(at)
    box.activated.emit(at)
    rest(qtbot, window.session)
    split = window.session.split
    assert split is not None and split.grouped_by == label
    groups = [{sample.group for sample in part} for part in (split.train, split.val, split.test)]
    assert [len(each) for each in groups] == [2, 1, 1]
    assert len(set.union(*groups)) == 4


def test_a_list_that_is_disabled_says_why_on_hover_and_to_a_screen_reader(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    for number in range(24):
        path = tmp_path / "plain" / "ab"[number % 2] / f"{number}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, tone(0.3, pitch=200.0 + 17 * number), RATE)
    open_data(qtbot, window.session, tmp_path / "plain")
    assert tasks.wait_all(60)
    form = window.stage.widget_of("data").form  # type: ignore[attr-defined]
    box = form.form.fields["group_by"].widget
    assert not box.isEnabled()
    assert "the file names have no parts" in box.toolTip()
    assert box.accessibleDescription().startswith("No groups found: the file names have no parts")


def test_what_can_be_changed_says_what_it_is_for_and_during_a_training_why_not(
    qtbot: QtBot, recordings: MainWindow, trainer: FakeTrainer
) -> None:
    form = recordings.stage.widget_of("data").form  # type: ignore[attr-defined]
    box = form.form.fields["group_by"].widget
    assert box.isEnabled()
    assert box.accessibleDescription().startswith("What tells which recordings belong together")
    trainer.hold.clear()
    recordings.session.start_training()
    qtbot.waitUntil(lambda: recordings.session.training)
    assert not box.isEnabled()
    assert "A training is running." in box.toolTip()
    assert box.accessibleDescription() == "A training is running."
    trainer.hold.set()
    rest(qtbot, recordings.session)
    assert "A training" not in box.toolTip()


def test_another_clip_length_is_another_scan_and_automatic_again(
    qtbot: QtBot, recordings: MainWindow
) -> None:
    session, stage = recordings.session, recordings.stage.widget_of("data")
    form = stage.form.form  # type: ignore[attr-defined]
    field = form.fields["clip"]
    chosen = session.dataset.chosen["clip"]  # type: ignore[union-attr]
    assert field.get() is None
    assert field.widget.text() == f"Automatic ({chosen:g} s)"
    field.widget.setValue(0.25)
    rest(qtbot, session)
    dataset = session.dataset
    assert dataset is not None
    assert dataset.input["seconds"] == 0.25
    assert len(dataset.samples) > 24
    assert len({FilePart.parse(sample.path).file for sample in dataset.samples}) == 24
    field.put(None)
    form.edited.emit("clip", None)
    rest(qtbot, session)
    assert session.recipe.data.options == {}
    assert session.dataset.chosen["clip"] == chosen  # type: ignore[union-attr]


def test_a_way_of_reading_that_fails_leaves_everything_as_it_was(
    qtbot: QtBot, recordings: MainWindow
) -> None:
    session = recordings.session
    stage = recordings.stage.widget_of("data")
    before = session.dataset
    stage.form.edited.emit("group_by", "nonsense", "Group by")  # type: ignore[attr-defined]
    rest(qtbot, session)
    assert session.dataset == before
    assert "nonsense" in recordings.cards["dataset"].bar.text.text()


def test_where_there_is_nothing_to_choose_there_is_no_form(
    qtbot: QtBot, opened: MainWindow, made_data: Made
) -> None:
    form = opened.stage.widget_of("data").form  # type: ignore[attr-defined]
    dataset = opened.session.dataset
    assert dataset is not None
    asked = opt.describe(made_data.modality.data_options)
    useful = [o.name for o in asked if o.name in dataset.chosen or dataset.choices.get(o.name)]
    assert form.isVisible() == bool(useful)
    shown = {n for n, field in form.form.fields.items() if field.widget.isVisibleTo(form.form)}
    assert shown == set(useful)


# -- predicting


class FakeModel:
    """Sure of ``class_1`` whatever it is shown."""

    classes = ("class_0", "class_1")
    objective = registry.objective(ONE_CLASS)
    found = Found(Targets(), classes)
    error = None
    notes = ()
    promise = None
    run = None
    card = SimpleNamespace(name="made", recipe=Recipe())

    def __init__(self, modality: Modality, input: Options) -> None:
        self.modality, self.input = modality, input

    def said(self, answers: np.ndarray) -> Said:
        return self.objective.said(answers[None], self.found)[0]

    def predict(self, paths: Iterable[Path]) -> Iterator[Prediction]:
        for path in paths:
            yield Prediction(path, np.array([0.1, 0.9]))


@pytest.fixture
def stage(
    qtbot: QtBot,
    session: Session,
    made_data: Made,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> PredictStage:
    """Predicting with a model of the kind of data, while nothing is open."""
    model = FakeModel(made_data.modality, made_data.modality.input_options())
    monkeypatch.setattr(TrainedModel, "load", lambda path: model)
    monkeypatch.setattr(prediction_queue, "warm_up", lambda: None)
    stage = PredictStage(session)
    qtbot.addWidget(stage)
    stage.show()
    package = tmp_path / "model.zip"
    package.touch()
    assert tasks.wait_all()
    stage.choose_model(package)
    assert tasks.wait_all()
    return stage


def test_files_of_the_models_kind_are_answered(
    qtbot: QtBot, stage: PredictStage, made_data: Made
) -> None:
    stage.predict([made_data.folder / "class_0"])
    assert tasks.wait_all()
    assert len(stage.table.rows.shown) == 12
    assert {row.label(0) for row in stage.table.rows.shown} == {"class_1"}


def test_nothing_of_the_models_kind_is_said_in_its_words(
    stage: PredictStage, made_data: Made, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    stage.predict([tmp_path / "empty"])
    assert tasks.wait_all()
    noun = made_data.modality.many
    assert stage.bar.text.text() == (
        f"This model reads {noun}, and none were found in what you added. Add {noun}, or choose "
        "another model."
    )


def test_words_are_answered_where_samples_can_be_typed(
    qtbot: QtBot, stage: PredictStage, made_data: Made
) -> None:
    typed = bool(made_data.modality.typed)
    assert stage.typed.isVisible() == typed
    QGuiApplication.clipboard().setText("a warm welcome")
    stage.paste()
    assert tasks.wait_all()
    assert len(stage.table.rows.shown) == int(typed)
    if typed:
        stage.typed.setText("two kind words")
        stage.answer_typed()
        assert tasks.wait_all()
        model = stage.table.model()
        qtbot.waitUntil(lambda: model.index(0, 0).data() == "a warm welcome")
        qtbot.waitUntil(lambda: model.index(1, 0).data() == "two kind words")
        assert stage.typed.text() == ""
