"""Other data beside one's own: added, read, trained with, undone, not found."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from tests.gui.conftest import FakeTrainer, rest
from transfergui.core.app import compared, whole_report
from transfergui.core.app.compared import Compared
from transfergui.core.data.companions import Role
from transfergui.core.evaluation import adapted, words
from transfergui.core.evaluation.verdict import Verdict
from transfergui.core.exporters import model_card
from transfergui.core.figures.closeness import Closeness
from transfergui.core.figures.label_agreement import judged
from transfergui.core.resolve import for_strategy
from transfergui.core.runs import events as ev
from transfergui.core.trained import TrainedModel
from transfergui.core.views.registry import VIEWS
from transfergui.core.views.result import Result
from transfergui.gui.base import file_dialogs, tasks
from transfergui.gui.base.run_names import strategy_title
from transfergui.gui.base.settings import Recent
from transfergui.gui.forms.strategy_cards import StrategyCards
from transfergui.gui.panels import other_data
from transfergui.gui.panels.class_matching import ClassMatching
from transfergui.gui.panels.companion_card import CompanionCard
from transfergui.gui.panels.dataset import DatasetPanel
from transfergui.gui.panels.other_data import OtherData
from transfergui.gui.panels.training import TrainingPanel
from transfergui.gui.session import edits, recent
from transfergui.gui.session.session import Session
from transfergui.gui.session.states import State

Tiny = Callable[..., Path]


@pytest.fixture
def opened(session: Session, tmp_path: Path, tiny_pictures: Tiny) -> Session:
    session.open_data(tiny_pictures(tmp_path / "own"))
    settle()
    return session


@pytest.fixture
def others(qtbot: QtBot, opened: Session) -> OtherData:
    panel = DatasetPanel(opened)
    qtbot.addWidget(panel)
    panel.show()
    return panel.opened.others


def settle() -> None:
    """Until what a task began is done, too."""
    for _turn in range(3):
        assert tasks.wait_all(60)


def card_of(others: OtherData, role: Role) -> CompanionCard:
    """The only card of a role."""
    (card,) = (card for (of, _path), card in others.cards.items() if of == role)
    return card


def flat(folder: Path, tiny_pictures: Tiny) -> Path:
    """Pictures without classes, one of which cannot be read."""
    source, target = tiny_pictures(folder / "source", seed=1), folder / "elsewhere"
    target.mkdir()
    for number, path in enumerate(sorted(source.rglob("*.png"))):
        shutil.copy(path, target / f"{number:02}.png")
    (target / "broken.png").write_bytes(b"not a picture")
    return target


@pytest.fixture
def strategies(qtbot: QtBot, opened: Session) -> StrategyCards:
    panel = TrainingPanel(opened)
    qtbot.addWidget(panel)
    return panel.strategies


def test_they_are_read_and_can_be_undone(
    opened: Session,
    others: OtherData,
    strategies: StrategyCards,
    tmp_path: Path,
    tiny_pictures: Tiny,
) -> None:
    target = flat(tmp_path, tiny_pictures)
    assert not others.cards
    assert not strategies.cards["mcc"].isEnabled()
    edits.use_beside(opened, "target", target)
    card = card_of(others, "target")
    assert card.isVisible() and card.cancel.isVisible()
    settle()
    assert (card.name.text(), card.count.text()) == ("elsewhere", "24 pictures")
    assert card.left_out.text() == "1 left out"
    card.left_out.click()
    assert "broken.png" in card.problems.text()
    assert strategies.cards["mcc"].isEnabled() and not strategies.cards["mcc"].isHidden()
    assert opened.plan is not None
    (read,) = opened.plan.split.of_role("target")
    opened.change(opened.recipe.replace(run__epochs=3), "Epochs")  # nothing is read again
    assert not opened.working_out
    assert opened.plan.split.of_role("target") == (read,)
    assert opened.plan.recipe.run.epochs == 3
    edits.exclude(opened, [opened.plan.split.train[0].path])
    assert card.count.text() == "24 pictures"  # and stays while the data are divided again
    settle()
    for _step in range(3):
        opened.undo_stack.undo()
    settle()
    assert not others.cards and opened.plan.split.companions == ()
    opened.undo_stack.redo()
    settle()
    assert card_of(others, "target").isVisible()
    assert opened.plan.split.of_role("target") == (read,)


def test_what_is_not_there_can_be_chosen_again(
    opened: Session, others: OtherData, tmp_path: Path, tiny_pictures: Tiny
) -> None:
    place = tmp_path / "later"
    edits.use_beside(opened, "check", place)
    settle()
    card = card_of(others, "check")
    assert opened.plan is not None and not opened.obstacle  # which does not use them
    assert opened.plan.recipe.companions.places() == () and card.use.isVisible()
    edits.use_beside(opened, "target", flat(tmp_path, tiny_pictures))
    opened.change(for_strategy(opened.recipe, "coral"), "CORAL")
    settle()
    assert opened.plan is None
    assert opened.plan_error is not None and opened.plan_error.code == "companion.missing"
    assert card.error.text() == str(opened.plan_error) == opened.obstacle
    assert card.again.isVisible()
    tiny_pictures(place, seed=2)
    card.chosen.emit("check", place, str(place))
    settle()
    assert not card.error.isVisible()
    assert card.count.text() == "24 pictures"
    assert opened.obstacle == "" and opened.plan is not None


def test_they_belong_to_the_data_beside_which_they_were_added(
    opened: Session, others: OtherData, tmp_path: Path, tiny_pictures: Tiny
) -> None:
    edits.use_beside(opened, "target", flat(tmp_path, tiny_pictures))
    settle()
    opened.change(for_strategy(opened.recipe.replace(run__epochs=12), "coral"), "CORAL")
    first = recent.with_settings(Recent(opened.recipe.data.path), opened.recipe)
    opened.open_data(tiny_pictures(tmp_path / "another", seed=3))
    settle()
    assert not others.cards
    assert opened.recipe.companions.places() == ()
    assert opened.recipe.strategy == "feature_extraction"  # the other one needs what they have not
    assert opened.recipe.run.epochs is None and opened.obstacle == ""
    opened.open_data(Path(first.path), recent.beside_of(first))
    settle()
    assert card_of(others, "target").count.text() == "24 pictures"


def test_they_can_be_dropped_on_their_card(
    opened: Session, others: OtherData, tmp_path: Path, tiny_pictures: Tiny
) -> None:
    edits.use_beside(opened, "target", tmp_path / "nothing here")
    settle()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(flat(tmp_path, tiny_pictures)))])
    left, no_key = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    event = QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, left, no_key)
    card_of(others, "target").dropEvent(event)
    settle()
    assert card_of(others, "target").count.text() == "24 pictures"
    assert opened.undo_stack.undo_text == "Replace “nothing here” by “elsewhere”"


def test_there_may_be_several_to_borrow_from(
    opened: Session, others: OtherData, tmp_path: Path, tiny_pictures: Tiny
) -> None:
    one, two, three = (tiny_pictures(tmp_path / f"s{n}", seed=n) for n in (2, 3, 4))
    for place in (one, two, one):
        edits.use_beside(opened, "source", place)
    settle()
    assert [path for _role, path in others.cards] == [str(one), str(two)]
    others.cards["source", str(one)].chosen.emit("source", three, str(one))
    settle()
    assert opened.recipe.companions.source == (str(three), str(two))
    assert opened.plan is not None and len(opened.plan.split.of_role("source")) == 2
    others.cards["source", str(two)].remove.click()
    assert [path for _role, path in others.cards] == [str(three)]
    opened.undo_stack.undo()
    assert opened.recipe.companions.source == (str(three), str(two))


def test_their_classes_are_matched(
    opened: Session, others: OtherData, tmp_path: Path, tiny_pictures: Tiny
) -> None:
    more = tiny_pictures(tmp_path / "more", per_class=4, seed=2)
    for name in ("class_0", "class_1", "class_2"):
        if (more / name).exists():
            (more / name).rename(more / f"their {name}")
    edits.use_beside(opened, "source", more)
    settle()
    card = card_of(others, "source")
    opened.change(for_strategy(opened.recipe, "weighted_source"), "Borrow")
    assert "companions.classes" in str(opened.plan_error)  # which is for the command line
    assert "companions.classes" not in opened.obstacle + card.error.text()
    assert opened.plan is None and opened.plan_error is not None
    assert opened.plan_error.code == "companion.no_class"
    assert card.error.isVisible() and card.classes.isVisible()
    card.classes.button.click()
    dialog = matching()
    choice = dialog.choices["their class_1"]
    choice.setCurrentIndex(choice.findData("class_0"))
    dialog.accept()
    settle()
    assert opened.recipe.companions.classes == {"their class_1": "class_0"}
    assert card.count.text() == "4 pictures" and card.classes.isVisible()
    assert opened.plan is not None
    (read,) = opened.plan.split.of_role("source")
    assert {sample.label for sample in read.samples} == {0}
    card.classes.button.click()
    dialog = matching()
    assert dialog.choices["their class_1"].currentData() == "class_0"
    dialog.choices["their class_1"].setCurrentIndex(0)
    dialog.reject()
    assert opened.recipe.companions.classes == {"their class_1": "class_0"}
    opened.undo_stack.undo()
    settle()
    assert card.error.isVisible() and opened.recipe.companions.classes == {}


def test_what_is_not_sorted_can_be_used_as_unlabelled(
    opened: Session, others: OtherData, tmp_path: Path, tiny_pictures: Tiny
) -> None:
    place = flat(tmp_path, tiny_pictures)
    opened.change(for_strategy(opened.recipe, "coral"), "CORAL")  # which lacks its data
    edits.use_beside(opened, "check", place)
    settle()
    card = card_of(others, "check")
    assert opened.plan_error is not None and opened.plan_error.code == "companion.needed"
    assert card.error.isVisible() and card.unsorted.isVisible()  # said all the same
    card.unsorted.click()
    settle()
    card = card_of(others, "target")
    assert list(others.cards) == [("target", str(place))] and opened.obstacle == ""
    assert card.count.text() == "24 pictures" and card.strip.isVisible()
    opened.undo_stack.undo()
    settle()
    assert card_of(others, "check").error.isVisible()


def test_similar_names_of_classes_are_proposed(
    opened: Session, others: OtherData, tmp_path: Path, tiny_pictures: Tiny
) -> None:
    more = tiny_pictures(tmp_path / "more", per_class=4, seed=2)
    (more / "class_0").rename(more / "train_class_0")
    edits.use_beside(opened, "source", more)
    settle()
    card = card_of(others, "source")
    assert "“train_class_0” = “class_0”" in card.classes.text.text()
    assert opened.recipe.companions.classes == {}  # until it is confirmed
    card.classes.button.click()
    dialog = matching()
    assert dialog.choices["train_class_0"].currentData() == "class_0"
    dialog.accept()
    settle()
    assert opened.recipe.companions.classes == {"train_class_0": "class_0"}


def matching() -> ClassMatching:
    """The dialog that is open."""
    open_ = (each for each in QApplication.topLevelWidgets() if isinstance(each, ClassMatching))
    return next(each for each in open_ if each.isVisible())


def by_speakers(folder: Path) -> Path:
    """Sentences by three speakers, who are grouped, with two classes each."""
    rows = ["text,label,speaker"]
    for speaker in ("ann", "bob", "cem"):
        rows += [f"{speaker} says {n} of {n % 2},class_{n % 2},{speaker}" for n in range(40)]
    folder.mkdir()
    (folder / "said.csv").write_text("\n".join(rows), encoding="utf-8")
    return folder / "said.csv"


def test_a_group_of_the_data_can_be_adapted_to(
    qtbot: QtBot, session: Session, tmp_path: Path, tiny_pictures: Tiny
) -> None:
    panel = DatasetPanel(session)
    qtbot.addWidget(panel)
    panel.show()
    others = panel.opened.others
    session.open_data(by_speakers(tmp_path / "texts"))
    settle()
    assert others.offer.isVisible() and others.offer.adapt.isVisible()
    ann, bob, _cem = others.offer.menu.actions()
    assert ann.text() == "ann · 40 texts"
    bob.trigger()
    settle()
    assert not others.offer.isVisible()
    assert session.dataset is not None and len(session.dataset.samples) == 80
    card = card_of(others, "target")
    assert (card.name.text(), card.count.text()) == ("bob", "40 texts")
    assert card.use.isVisible()  # and says which strategies adapt
    next(each for each in card.use.choose.menu().actions() if "MCC" in each.text()).trigger()
    settle()
    assert session.recipe.strategy == "mcc" and not card.use.isVisible()
    card.labels.menu().actions()[0].trigger()
    settle()
    assert card_of(others, "check").count.text() == "20 texts"
    assert session.plan is not None
    sizes = {each.role: len(each.samples) for each in session.plan.split.companions}
    assert sizes == {"target": 20, "check": 20}
    card_of(others, "check").remove.click()
    settle()
    edits.use_beside(session, "target", by_speakers(tmp_path / "other"))  # in its place
    settle()
    assert session.recipe.data.elsewhere == () and len(others.cards) == 1
    assert len(session.dataset.samples) == 120
    session.undo_stack.undo()
    session.undo_stack.undo()
    session.undo_stack.undo()
    session.undo_stack.undo()
    session.undo_stack.undo()
    settle()
    assert not others.cards and others.offer.isVisible()
    others.offer.dismiss.click()
    assert not others.offer.isVisible()


def test_train_waits_until_they_are_read(
    qtbot: QtBot, opened: Session, trainer: FakeTrainer, tmp_path: Path, tiny_pictures: Tiny
) -> None:
    panel = TrainingPanel(opened)
    qtbot.addWidget(panel)
    edits.use_beside(opened, "target", flat(tmp_path, tiny_pictures))
    panel.button.click()
    assert opened.waits_to_train
    assert panel.button.text() == "Cancel" and panel.button.isEnabled()
    assert panel.outlook.text() == panel.button.accessibleDescription() != ""
    panel.button.click()
    settle()
    assert opened.state is State.READY and panel.button.text() == "Train"
    edits.use_beside(opened, "source", tiny_pictures(tmp_path / "more", seed=5))
    panel.button.click()
    qtbot.waitUntil(lambda: opened.state is State.TRAINING or opened.run is not None)
    rest(qtbot, opened)
    assert opened.run is not None and len(opened.run.split.companions) == 2
    assert panel.button.text() == "Train" and not opened.waits_to_train


def test_cancel_leaves_them_out(
    opened: Session, others: OtherData, tmp_path: Path, tiny_pictures: Tiny
) -> None:
    edits.use_beside(opened, "target", flat(tmp_path, tiny_pictures))
    card_of(others, "target").cancel.click()
    settle()
    assert not others.cards
    assert opened.plan is not None and not opened.plan.split.companions


def test_while_training_none_are_added(
    qtbot: QtBot, opened: Session, others: OtherData, trainer: FakeTrainer
) -> None:
    trainer.hold.clear()
    opened.start_training()
    assert not others.add.isEnabled()
    trainer.hold.set()
    rest(qtbot, opened)
    assert others.add.isEnabled()


def test_a_run_is_resumed_with_them(
    qtbot: QtBot,
    opened: Session,
    others: OtherData,
    trainer: FakeTrainer,
    tmp_path: Path,
    tiny_pictures: Tiny,
) -> None:
    target = flat(tmp_path, tiny_pictures)
    edits.use_beside(opened, "target", target)
    for seed in (4, 5):
        edits.use_beside(opened, "source", tiny_pictures(tmp_path / f"source{seed}", seed=seed))
    settle()
    places = opened.recipe.companions.places()
    assert len(places) == 3
    pause(qtbot, opened, trainer, opened.start_training)
    run = opened.run
    assert run is not None
    opened.open_data(tiny_pictures(tmp_path / "another", seed=3))
    settle()
    assert not others.cards
    before = opened.recipe
    pause(qtbot, opened, trainer, lambda: opened.resume(run))
    assert opened.recipe.run.epochs is None  # as before: the program chooses
    assert opened.plan is not None and len(opened.plan.split.of_role("target")) == 1
    assert card_of(others, "target").count.text() == "24 pictures"
    third = tiny_pictures(tmp_path / "third", seed=6)
    opened.open_data(third)
    settle()
    assert opened.recipe == before.replace(data__path=str(third))
    opened.open_data_of(run)  # with all of them, as a new training
    settle()
    assert opened.recipe.companions.places() == places and len(others.cards) == 3
    assert {each.place for each in opened.plan.split.companions} == {*places}
    remembered = recent.recipe_of(recent.with_settings(Recent("x"), opened.recipe))
    assert remembered.others() == opened.recipe.others() == places
    now = target.rename(target.with_name("moved"))
    with qtbot.waitSignal(opened.opener.companion_moved, timeout=60_000) as asked:
        opened.resume(run)
    assert asked.args == [run, str(target)]
    pause(qtbot, opened, trainer, lambda: opened.resume(run, moved={str(target): now}))
    assert opened.recipe.companions.target == str(now)
    assert card_of(others, "target").count.text() == "24 pictures"


def test_where_moved_ones_are_is_asked(others: OtherData, tmp_path: Path) -> None:
    found: list[Path] = []
    other_data.ask_where(others, str(tmp_path / "gone"), found.append)
    box = others.findChild(QMessageBox, "ask_where")
    assert box is not None and "gone" in box.text()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(file_dialogs, "ask_folder", lambda *_args: tmp_path)
        next(button for button in box.buttons() if button.text() == "Folder…").click()
    assert found == [tmp_path]


def pause(
    qtbot: QtBot, session: Session, trainer: FakeTrainer, begin: Callable[[], object]
) -> None:
    """Begin a training, and pause it."""
    trainer.hold.clear()
    begin()
    qtbot.waitUntil(lambda: session.state is State.TRAINING and session.run is not None)
    session.stop("cancel")
    trainer.hold.set()
    rest(qtbot, session)


# -- trained with


@pytest.fixture
def real(qtbot: QtBot) -> Iterator[Session]:
    """A session that really trains."""
    session = Session()
    yield session
    with qtbot.waitSignal(session.closed, timeout=60_000):
        session.close()


def test_a_model_is_adapted_to_them(
    qtbot: QtBot, real: Session, tmp_path: Path, tiny_pictures: Tiny
) -> None:
    real.open_data(tiny_pictures(tmp_path / "own"))
    settle()
    edits.use_beside(real, "target", flat(tmp_path, tiny_pictures))
    edits.use_beside(real, "check", tiny_pictures(tmp_path / "check", per_class=4, seed=2))
    settle()
    recipe = for_strategy(real.recipe, "mcc").replace(options={"train": "head"})
    real.change(recipe.replace(backbone="tgnet", run__epochs=2), "Set up")
    settle()
    real.start_training()
    qtbot.waitUntil(lambda: real.state is State.TRAINING, timeout=60_000)
    qtbot.waitUntil(lambda: real.state is State.READY, timeout=120_000)
    assert isinstance(real.history.outcome, ev.Finished), real.history.outcome
    assert real.run is not None
    split = real.run.split
    assert [(each.role, len(each.samples)) for each in split.companions] == [
        ("target", 24),
        ("check", 8),
    ]
    report = real.run.report()
    assert report["adaptation"]["checked"] == 8
    kept = report["adaptation"]["kept"]
    assert ("elsewhere" in strategy_title(real.run.recipe)) is (kept == "adapted")
    view = next(view for view in VIEWS if view.key == "where_used")
    result = Result(real.run)
    assert view.obstacle(result) == ""
    models, shares = view.compute(result, lambda *_told: None).parts
    assert len(models.rows) >= 3 and [row[0] for row in shares.rows] == list(split.classes)
    page = whole_report.write(result, views=(view,)).read_text(encoding="utf-8")
    assert "Where it will be used" in page
    card = model_card.render(TrainedModel.load(real.run.path))
    assert "### Where it will be used" in card
    first = Verdict.of(words.notes(result.report, result.modality)).first[0]
    assert first.code in adapted.CODES and "pictures" in first.sentence()


def test_a_card_says_how_alike_its_data_are(
    others: OtherData, opened: Session, tmp_path: Path, tiny_pictures: Tiny
) -> None:
    edits.use_beside(opened, "target", flat(tmp_path, tiny_pictures))
    settle()
    line = card_of(others, "target").alike
    line.ask.click()
    assert line.progress.cancel_button.isVisibleTo(line)
    line.progress.cancel_button.click()
    assert line.ask.isVisibleTo(line) and not line.text.text()
    line.ask.click()
    settle()
    assert line.text.text() and not line.ask.isVisibleTo(line)
    others.refresh()
    assert line.text.text()  # as long as nothing changed


def test_an_answer_is_known_again_and_says_which_labels_contradict(
    others: OtherData, opened: Session, tmp_path: Path, tiny_pictures: Tiny
) -> None:
    edits.use_beside(opened, "source", tiny_pictures(tmp_path / "theirs", seed=1))
    settle()
    line = card_of(others, "source").alike
    plan, (found,) = opened.plan, opened.companions.companions.values()
    assert plan is not None and not line.text.text()
    near = Closeness(word="alike", distance=0.2, low=0.0, high=0.3, energy=0.0, count=30)
    answer = Compared(closeness=near, under="TGNet", labels=judged(3, 45, 0.74, 0.2))
    compared.keep(plan, found, answer)
    for _twice in range(2):  # removed and added again
        edits.leave_out_beside(opened, found.place)
        settle()
        edits.use_beside(opened, "source", Path(found.path))
        settle()
    line = card_of(others, "source").alike
    assert line.answer == answer and not line.ask.isVisibleTo(line)
    assert "55 %" in line.text.text()
    assert "3 of 45" in line.labels.text() and line.labels.property("role") == "warning"
