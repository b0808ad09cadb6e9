"""The recipe as forms: the few options that matter to everybody, and all of them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from transfergui.core import registry, requirements, small_data_defaults
from transfergui.core.base.figure_texts import within
from transfergui.core.base.i18n import N_, _, comma_list
from transfergui.core.base.options import Options, describe
from transfergui.core.data.targets import Targets
from transfergui.core.interfaces.objective import Objective
from transfergui.core.interfaces.plan import Modality, Plan
from transfergui.core.recipe import HeadOptions, OptimOptions, Recipe, RunOptions
from transfergui.gui.base import style
from transfergui.gui.forms.number_box import only_with_focus
from transfergui.gui.forms.options_form import OptionsForm
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.parts.term_label import TermLabel
from transfergui.gui.parts.terms import TERMS
from transfergui.gui.session.session import Session


class EssentialOptions(QWidget):
    """The few options that matter to everybody: how long, and with which augmentation.

    Attributes:
        own: by strategy, the options of it that matter to everybody: its teacher, its time.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._augments: list[dict[str, Any] | None] = []
        self.own = _essential_forms()
        self.epochs = OptionsForm(RunOptions, ["epochs"])
        self.presets = _Presets()
        self.presets.setAccessibleName(_("Augmentation"))
        self.presets.setWhatsThis(_(TERMS["augmentation"][1]))
        self.presets.activated.connect(self._choose_preset)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.GAP)
        for form in (*self.own.values(), self.epochs):
            layout.addWidget(form)
        self.augmentation = self._preset_row()
        layout.addWidget(self.augmentation)
        own = [("options", form) for form in self.own.values()]
        for part, form in (*own, ("run", self.epochs)):
            form.edited.connect(functools.partial(edit_option, session, part, form))

    def show_recipe(self, recipe: Recipe) -> None:
        modality = registry.modality(recipe.modality)
        for key, form in self.own.items():
            form.setVisible(key == recipe.strategy)
            form.set_modality(modality, recipe.weights_dir)
            form.set_values(recipe.options if key == recipe.strategy else {})
        self.epochs.set_values(recipe.run)
        self._show_presets(recipe)
        strategy = registry.strategy(recipe.strategy)
        procedure = strategy.procedure
        for part, value in ((self.epochs, recipe.run.epochs), (self.augmentation, recipe.augment)):
            chosen = procedure == "search" and value is not None  # else the search chooses
            adapts = procedure == "adapt" and part is self.epochs and strategy.epochs > 0
            trains = procedure == "train" or adapts
            part.setVisible(trains or chosen)

    def show_plan(self, plan: Plan) -> None:
        """What the program chooses where it is left to it."""
        for form in self.own.values():
            form.set_automatic(automatic_values(plan, "options"))
        self.epochs.set_automatic(automatic_values(plan, "run"))

    def _preset_row(self) -> QWidget:
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(style.INSIDE)
        row.addWidget(TermLabel.term("augmentation"), 2)
        row.addWidget(self.presets, 3)
        return box

    def _show_presets(self, recipe: Recipe) -> None:
        modality, objective = registry.modality(recipe.modality), objective_of(self._session)
        unmeant = modality.unmeant(objective.places)
        presets = modality.augment_presets
        automatic = _("Automatic ({name})")
        rows: dict[str, dict[str, Any] | None]
        own = within(_preset(registry.strategy(recipe.strategy).preset))
        rows = {automatic.format(name=own): None}
        for name, preset in presets.items():
            values = _changes(preset).items()
            rows[_preset(name)] = {n: value for n, value in values if n not in unmeant}
        chosen = _shortest(recipe)
        if chosen not in rows.values():
            rows[_("Custom")] = chosen
        self._augments = list(rows.values())
        self.presets.clear()
        self.presets.addItems(list(rows))
        self.presets.setCurrentIndex(self._augments.index(chosen))

    def _choose_preset(self, index: int) -> None:
        recipe = msgspec.structs.replace(self._session.wanted, augment=self._augments[index])
        self._session.change(recipe, _("Change the augmentation"))


def _preset(name: str) -> str:
    """What a preset is called beside the word augmentation."""
    return _("Off") if name == "None" else _(name)


class _Presets(QComboBox):
    """The wheel scrolls the column, unless the list has the focus."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        only_with_focus(self, event, super().wheelEvent)


def _essential_forms() -> dict[str, OptionsForm]:
    """A form for each strategy that has options which matter to everybody, by its key."""
    forms = {}
    for strategy in registry.STRATEGIES:
        names = [o.name for o in describe(strategy.options) if o.essential]
        if names:
            forms[strategy.key] = OptionsForm(strategy.options, names)
    return forms


@dataclass(frozen=True)
class RecipeSection:
    """A part of the recipe, as a form: its attribute, its title, and where its struct is found, by
    the recipe and what the open data predict."""

    part: str
    title: str
    struct: Callable[[Recipe, Objective], type[msgspec.Struct]]


SECTIONS = (
    RecipeSection("objective", N_("What is predicted"), lambda r, o: o.options),
    RecipeSection("options", N_("Strategy"), lambda r, o: registry.strategy(r.strategy).options),
    RecipeSection("head", N_("Head"), lambda r, o: HeadOptions),
    RecipeSection("run", N_("Length and hardware"), lambda r, o: RunOptions),
    RecipeSection("optim", N_("Optimisation"), lambda r, o: OptimOptions),
    RecipeSection(
        "augment",
        N_("Augmentation"),
        lambda r, o: registry.modality(r.modality).augment_options,
    ),
    RecipeSection(
        "input", N_("Preprocessing"), lambda r, o: registry.modality(r.modality).input_options
    ),
)


class AdvancedOptions(QWidget):
    """Every option there is, in sections; made and kept up to date while shown."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.forms: dict[str, OptionsForm] = {}
        self._boxes: dict[str, QWidget] = {}
        self.hidden = WrappedLabel(role="caption")
        self.explain = QCheckBox(_("Show explanations"))
        self.explain.toggled.connect(self._show_help)
        self._sections = QVBoxLayout()
        self._sections.setSpacing(style.INSIDE)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.INSIDE)
        layout.addWidget(self.explain)
        layout.addLayout(self._sections)
        layout.addWidget(self.hidden)
        session.recipe_changed.connect(self._refresh)
        session.plan_changed.connect(self._refresh)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()

    def _refresh(self) -> None:
        if not self.isVisible():
            return
        recipe, plan, predicted = (
            self._session.recipe,
            self._session.plan,
            objective_of(self._session),
        )
        for index, section in enumerate(SECTIONS):
            form = self._form(index, section, section.struct(recipe, predicted))
            form.set_modality(registry.modality(recipe.modality), recipe.weights_dir)
            form.set_values(values_of(recipe, section.part))
        if plan is not None:
            self.forms["input"].set_values(plan.input)
            for part, form in self.forms.items():
                form.set_automatic(automatic_values(plan, part))
        self._hide(useless(recipe, plan, predicted))

    def _hide(self, paths: Collection[str]) -> None:
        """Leave these options out, and say which."""
        titles = []
        for part, form in self.forms.items():
            names = [name for name in form.fields if f"{part}.{name}" in paths]
            form.leave_out(names)
            self._boxes[part].setVisible(len(names) < len(form.fields))
            titles += [_(form.options[name].title) for name in names]
        text = _("Not shown, because they have no effect here: {names}.")
        self.hidden.setText(text.format(names=comma_list(titles)) if titles else "")
        self.hidden.setVisible(bool(titles))

    def _form(
        self, index: int, section: RecipeSection, struct: type[msgspec.Struct]
    ) -> OptionsForm:
        """The form of a section, made anew where its struct is another one."""
        form = self.forms.get(section.part)
        if form is None or form.struct is not struct:
            old = self._sections.takeAt(index)
            if old is not None and (widget := old.widget()) is not None:
                widget.deleteLater()
            form = self.forms[section.part] = OptionsForm(struct)
            form.edited.connect(functools.partial(edit_option, self._session, section.part, form))
            form.show_help(self.explain.isChecked())
            box = self._boxes[section.part] = _titled(_(section.title), form)
            self._sections.insertWidget(index, box)
        return form

    def _show_help(self, shown: bool) -> None:
        for form in self.forms.values():
            form.show_help(shown)


def _titled(title: str, form: OptionsForm) -> QWidget:
    """A form below its title."""
    box = QWidget()
    heading = QLabel(title)
    heading.setProperty("role", "title")
    layout = QVBoxLayout(box)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(style.GAP)
    layout.addWidget(heading)
    layout.addWidget(form)
    return box


def objective_of(session: Session) -> Objective:
    """What the open data predict."""
    targets = Targets() if session.dataset is None else session.dataset.targets
    return registry.objective(targets.objective)


def useless(recipe: Recipe, plan: Plan | None, objective: Objective) -> set[str]:
    """The settings that have no effect, by their paths: those that mean nothing for what is
    predicted and are not asked for all the same, which would be refused; and those that others
    switch off."""
    modality = registry.modality(recipe.modality)
    found = set()
    for path in requirements.unmeant(modality, objective):
        part, _dot, name = path.partition(".")
        values = values_of(recipe, part)
        asked = values if isinstance(values, Mapping) else msgspec.structs.asdict(values)
        plain = _plain(modality, part)
        left_alone = plain[name], objective.fixed_input.get(name, plain[name])
        if asked.get(name, plain[name]) in left_alone:
            found.add(path)
    if plan is not None:
        found |= {f"input.{name}" for name in modality.idle(plan.input)}
    return found


def _plain(modality: Modality, part: str) -> dict[str, Any]:
    """A part of the recipe where nothing is asked for."""
    dicts: dict[str, type[msgspec.Struct]] = {
        "augment": modality.augment_options,
        "input": modality.input_options,
    }
    return msgspec.structs.asdict(dicts[part]() if part in dicts else getattr(Recipe(), part))


def values_of(recipe: Recipe, part: str) -> Any:
    """A part of the recipe, with the preset that the strategy chooses for an automatic one."""
    if part == "augment" and recipe.augment is None:
        name = registry.strategy(recipe.strategy).preset
        return _changes(registry.modality(recipe.modality).augment_presets[name])
    return getattr(recipe, part)


def edit_option(session: Session, part: str, form: OptionsForm, name: str, value: Any) -> None:
    """Change one option of a part of the recipe: of a struct (``optim``) or a dict (``input``)."""
    old = values_of(session.wanted, part)
    if isinstance(old, dict):
        new: Any = {**old, name: value}
    else:
        new = msgspec.structs.replace(old, **{name: value})
    text = _("Change “{title}”").format(title=_(form.options[name].title))
    session.change(msgspec.structs.replace(session.wanted, **{part: new}), text, merge=True)


def _changes(options: Options) -> dict[str, Any]:
    """What differs from the defaults, as a recipe holds it."""
    plain = type(options)()
    values = msgspec.structs.asdict(options)
    return {name: value for name, value in values.items() if value != getattr(plain, name)}


def _shortest(recipe: Recipe) -> dict[str, Any] | None:
    """The augmentation of ``recipe`` without what is switched off; None where it is automatic."""
    if recipe.augment is None:
        return None
    off = msgspec.structs.asdict(registry.modality(recipe.modality).augment_options())
    return {name: v for name, v in recipe.augment.items() if name not in off or v != off[name]}


def automatic_values(plan: Plan, part: str) -> dict[str, Any]:
    """What the program chooses of a part of the recipe where the user leaves it to it, by the name
    of the option; None: later."""
    later = dict.fromkeys(("run.epochs", "optim.lr", *small_data_defaults.USUAL))
    values = later | dict(plan.automatic)
    values["options.partners"] = ", ".join(source.backbone.title for source in plan.members[1:])
    paths = ((path.partition("."), value) for path, value in values.items())
    return {name: value for (above, _dot, name), value in paths if above == part}
