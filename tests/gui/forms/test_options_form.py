"""Forms made from option structs: what is shown, what is reported."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from transfergui.core import registry
from transfergui.core.base.options import Options, describe, option
from transfergui.core.data.split import SplitOptions
from transfergui.core.reading.data_options import FileData
from transfergui.core.recipe import HeadOptions, OptimOptions, RunOptions
from transfergui.core.search_options import SearchOptions
from transfergui.gui.forms import options_form
from transfergui.gui.forms.number_box import NumberBox
from transfergui.gui.forms.options_form import ChoiceBox, DataValueBox, OptionsForm


class Example(Options, frozen=True):
    """One option of each kind."""

    count: Annotated[int, option("Count", "How many.", ge=1, le=9, unit="px")] = 3
    rate: Annotated[float, option("Rate", "How fast.", ge=1e-8, le=1e9)] | None = None
    on: Annotated[bool, option("On", "Whether.")] = False
    kind: Annotated[Literal["a", "b"], option("Kind", "Which.", labels={"a": "The first"})] = "a"
    name: Annotated[str, option("Name", "Called what.")] = ""
    hidden: int = 0


class Filled:
    """A form on the screen, and what it reported."""

    def __init__(self, qtbot: QtBot) -> None:
        self.form = OptionsForm(Example)
        qtbot.addWidget(self.form)
        self.form.show()
        self.edits: list[tuple[str, Any]] = []
        self.form.edited.connect(lambda name, value: self.edits.append((name, value)))

    def widget(self, name: str) -> Any:
        return self.form.fields[name].widget


@pytest.fixture
def filled(qtbot: QtBot) -> Iterator[Filled]:
    yield Filled(qtbot)


def type_into(qtbot: QtBot, box: NumberBox, text: str) -> None:
    box.selectAll()
    qtbot.keyClicks(box, text)
    qtbot.keyClick(box, Qt.Key.Key_Return)


def test_every_described_option_has_a_named_field(filled: Filled) -> None:
    assert list(filled.form.fields) == ["count", "rate", "on", "kind", "name"]
    for name, field in filled.form.fields.items():
        assert field.widget.accessibleName() == filled.form.options[name].title
        assert field.widget.accessibleDescription() == filled.form.options[name].help


def test_each_kind_has_its_widget(filled: Filled) -> None:
    kinds = [NumberBox, NumberBox, QCheckBox, QComboBox, QLineEdit]
    for field, kind in zip(filled.form.fields.values(), kinds, strict=True):
        assert isinstance(field.widget, kind)


def test_setting_values_reports_nothing(filled: Filled) -> None:
    filled.form.set_values(Example(count=5, rate=0.25, on=True, kind="b", name="x"))
    values = {name: field.get() for name, field in filled.form.fields.items()}
    assert values == {"count": 5, "rate": 0.25, "on": True, "kind": "b", "name": "x"}
    assert filled.edits == []


def test_missing_values_are_the_defaults(filled: Filled) -> None:
    filled.form.set_values({"count": 7})
    filled.form.set_values({})
    assert filled.form.fields["count"].get() == 3
    assert filled.form.fields["rate"].get() is None


@pytest.mark.parametrize(("typed", "value"), [("0.001", 0.001), ("1e-3", 0.001), ("2,5", 2.5)])
def test_numbers_are_typed_as_people_write_them(
    qtbot: QtBot, filled: Filled, typed: str, value: float
) -> None:
    type_into(qtbot, filled.widget("rate"), typed)
    assert filled.edits == [("rate", value)]


def test_whole_numbers_stay_whole(qtbot: QtBot, filled: Filled) -> None:
    type_into(qtbot, filled.widget("count"), "7")
    assert filled.edits == [("count", 7)]
    assert isinstance(filled.edits[0][1], int)
    assert filled.widget("count").text() == "7 px"


@pytest.mark.parametrize(("typed", "value"), [("70", 9), ("0", 1)])
def test_what_is_out_of_bounds_becomes_the_bound_and_is_said(
    qtbot: QtBot, filled: Filled, typed: str, value: int
) -> None:
    filled.form.set_values({})
    type_into(qtbot, filled.widget("count"), typed)
    assert filled.edits == [("count", value)]
    qtbot.waitUntil(filled.form._error.isVisible)
    assert f"{typed} was changed to {value}." in filled.form._error.text()
    type_into(qtbot, filled.widget("count"), "5")
    assert not filled.form._error.isVisible()


def test_automatic_says_what_it_stands_for(filled: Filled) -> None:
    filled.form.set_values({})
    box = filled.widget("rate")
    assert box.text() == "Automatic"
    filled.form.set_automatic({"rate": 0.003, "elsewhere": 1})
    assert box.text() == "Automatic (0.003)"
    box.stepUp()
    assert filled.edits == [("rate", 0.003)]


def test_below_the_smallest_is_automatic(filled: Filled) -> None:
    box = filled.widget("rate")
    box.setValue(1e-8)
    box.stepDown()
    assert filled.edits[-1] == ("rate", None)
    assert box.text() == "Automatic"


def test_choices_and_switches_report(qtbot: QtBot, filled: Filled) -> None:
    filled.widget("on").click()
    qtbot.keyClick(filled.widget("kind"), Qt.Key.Key_Down)
    qtbot.keyClicks(filled.widget("name"), "cats")
    qtbot.keyClick(filled.widget("name"), Qt.Key.Key_Return)
    assert filled.edits == [("on", True), ("kind", "b"), ("name", "cats")]


def test_names_in_the_data_are_not_translated(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(options_form, "_", lambda text: f"<{text}>")
    box = DataValueBox(next(each for each in describe(FileData) if each.name == "label_column"))
    qtbot.addWidget(box)
    box.set_choices({"label": "label", "file": "file"})
    assert [box.itemText(row) for row in range(box.count())] == ["label", "file"]


def test_the_help_is_shown_on_demand(filled: Filled) -> None:
    texts = [label.text() for label in filled.form._helps.values()]
    assert texts == ["How many.", "How fast.", "Whether.", "Which.", "Called what."]
    assert not any(label.isVisible() for label in filled.form._helps.values())
    filled.form.show_help(True)
    assert all(label.isVisible() for label in filled.form._helps.values())


STRUCTS = [
    HeadOptions,
    OptimOptions,
    RunOptions,
    SplitOptions,
    *(s.options for s in registry.STRATEGIES),
    *(m.augment_options for m in registry.MODALITIES),
    *(m.input_options for m in registry.MODALITIES),
]


@pytest.mark.parametrize("struct", STRUCTS, ids=lambda struct: struct.__name__)
def test_every_struct_of_the_program_has_a_form_that_keeps_its_defaults(
    qtbot: QtBot, struct: type[Options]
) -> None:
    form = OptionsForm(struct)
    qtbot.addWidget(form)
    form.set_values({})
    assert list(form.fields) == [o.name for o in describe(struct)]
    for name, field in form.fields.items():
        assert field.get() == form.options[name].default, name


def test_a_choice_that_another_option_replaces_says_so(qtbot: QtBot) -> None:
    form = OptionsForm(SearchOptions, ["time"])
    qtbot.addWidget(form)
    box = form.fields["time"].widget
    assert isinstance(box, ChoiceBox)
    form.set_values(SearchOptions(minutes=25.0))
    assert not box.isEnabled()
    assert box._elided().startswith("Custom")
    form.set_values(SearchOptions())
    assert box.isEnabled()
    assert box._elided().startswith("About")
