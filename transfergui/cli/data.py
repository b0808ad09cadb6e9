"""``scan``: what is in a dataset."""

import argparse
import math
import time
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from transfergui.cli import console
from transfergui.cli.setting_names import spelt_out
from transfergui.cli.settings import recipe_from
from transfergui.core import registry
from transfergui.core.base import options as opt
from transfergui.core.base.errors import Question, UserError
from transfergui.core.base.figure_texts import figure_text, span
from transfergui.core.base.i18n import _, ngettext, paragraph
from transfergui.core.data import corrections
from transfergui.core.data.applied_corrections import corrected
from transfergui.core.data.box_counts import box_counts
from transfergui.core.data.corrections import Correction, Found
from transfergui.core.data.dataset import GROUP_BY, INFORMATION, DataOptions, Dataset
from transfergui.core.data.split import Split, problems, split
from transfergui.core.data.targets import (
    BOXES,
    MISSING,
    NONE_OF_THEM,
    NUMBER,
    ONE_CLASS,
    SEVERAL_LABELS,
    SEVERAL_QUESTIONS,
)
from transfergui.core.interfaces.plan import Modality
from transfergui.core.projects import after, reading
from transfergui.core.recipe import Recipe

SHOWN = 5
"""Problems of one kind."""


def scan(arguments: argparse.Namespace) -> None:
    """``transfergui scan DATA [--corrections] [--json]``."""
    given = recipe_from(arguments)
    recipe, dataset = read_corrected(given, arguments.corrections)
    _say_predicted(dataset, given.data)
    say_chosen(dataset)
    _say_groups(dataset)
    refused, divided = "", None
    try:
        divided = split(dataset, recipe.split, recipe.run.seed)
    except UserError as error:  # what was asked for is there; a training would be refused
        refused = str(error)
    summary, new = _summary(dataset, divided), new_examples(recipe, dataset, divided)
    if arguments.json:
        console.document({**summary, "new": new} if new else summary, dataset.root)
    else:
        _show(summary, divided.sentence(ungrouped=False) if divided else "")
        for row in new:
            console.say(str(row["sentence"]))
    if refused:
        console.say(refused)


def new_examples(recipe: Recipe, dataset: Dataset, divided: Split | None) -> list[dict[str, Any]]:
    """What is new since an earlier run, or was added, and what of that clashes, for programs and
    people; nothing where nothing was."""
    if divided is None or not (recipe.split.kept or recipe.data.added):
        return []
    notes = after.told(recipe, dataset, divided, registry.modality(recipe.modality).many)
    return [{**msgspec.to_builtins(note), "sentence": note.sentence()} for note in notes]


def read(modality: str, options: DataOptions, kept: str = "") -> Dataset:
    """Scan a dataset with what was added to it, counting on the terminal.

    Args:
        kept: as of :class:`transfergui.core.data.split.SplitOptions`.

    Raises:
        UserError: ``data.missing``, ``data.empty``; an ``added.`` code.
    """
    counter = _Counter(registry.modality(modality))
    try:
        return reading.scan(registry.modality(modality), options, kept, counter)
    finally:
        counter.clear()


def read_corrected(recipe: Recipe, use: bool) -> tuple[Recipe, Dataset]:
    """Scan the data of ``recipe``, and say which corrections of them were saved in the window.

    Args:
        use: apply these.

    Returns:
        ``recipe`` with the corrections that were applied, and its data, corrected.

    Raises:
        UserError: as :func:`read`.
    """
    try:
        dataset = read(recipe.modality, recipe.data.uncorrected, recipe.split.kept)
    except Question as question:
        recipe = _with_only_number(recipe, question)
        dataset = read(recipe.modality, recipe.data.uncorrected, recipe.split.kept)
    data = recipe.data
    found = _saved_corrections(dataset)
    own = corrections.of_options(data)
    offered = [each for each in found.usable if each.key not in own]
    if use:
        data = corrections.applied(data, offered)
        recipe = msgspec.structs.replace(recipe, data=data)
    _say_corrections(offered, corrections.unusable(found), use)
    return recipe, corrected(dataset, data) if data.corrects else dataset


def _with_only_number(recipe: Recipe, question: Question) -> Recipe:
    """``recipe`` with the only answer that there is, which is said.

    Raises:
        Question: ``question``: there are other answers.
    """
    if not question.certain:
        raise question
    text = _("No column holds classes, so the numbers in “{name}” are predicted.")
    console.say(text.format(name=question.note.values["names"]))
    return msgspec.structs.replace(
        recipe, data=msgspec.structs.replace(recipe.data, objective=NUMBER)
    )


def _saved_corrections(dataset: Dataset) -> Found:
    """What the window saved; nothing where that cannot be read, which is said."""
    try:
        return corrections.find(dataset)
    except UserError as error:
        console.say(str(error))
        return Found()


def _say_corrections(offered: Sequence[Correction], unusable: str, used: bool) -> None:
    amount, counts = corrections.amount(offered), corrections.counted(offered)
    if offered and used:
        text = _("{amount} from the window applied ({counts}).")
    elif offered:
        text = _("{amount} from the window not applied ({counts}). To apply them: --corrections")
    elif used:
        text = _("There are no saved corrections from the window that fit these data.")
    else:
        text = ""
    said = paragraph((text.format(amount=amount, counts=counts), unusable))
    if said:
        console.say(said)


class _Counter:
    """How many samples were seen, on the terminal, ten times a second at most."""

    EVERY = 0.1

    def __init__(self, modality: Modality) -> None:
        self._modality = modality
        self._said = 0.0

    def __call__(self, count: int) -> None:
        if console.errors.isatty() and time.monotonic() - self._said > self.EVERY:
            self._said = time.monotonic()
            self._print(_counted(count, self._modality))

    def clear(self) -> None:
        if self._said:
            self._print("")

    @staticmethod
    def _print(text: str) -> None:
        console.errors.write(f"\r{text:<40}\r")
        console.errors.flush()


def _summary(dataset: Dataset, divided: Split | None) -> dict[str, Any]:
    return {
        "path": str(dataset.source),
        "modality": dataset.modality,
        "samples": len(dataset.samples),
        "files": dataset.files,
        "objective": dataset.targets.objective,
        "targets": _targets(dataset),
        "classes": dict(zip(dataset.classes, dataset.counts(), strict=True)),
        "fingerprint": dataset.fingerprint,
        "split": divided and {**divided.sizes(), "sentence": divided.sentence()},
        "chosen": dataset.chosen,
        "choices": dataset.choices,
        "problems": [
            {**msgspec.to_builtins(p.plain), "left_out": p.left_out, "sentence": p.sentence()}
            for p in problems(dataset, divided)
        ],
    }


def _targets(dataset: Dataset) -> dict[str, Any]:
    """What is predicted, by the key of the objective: counts per label or answer; of a number its
    range, mean and histogram."""
    targets = dataset.targets
    found: dict[str, Any] = {"names": list(targets.names)}
    if targets.objective == SEVERAL_LABELS:
        found["labels"] = dataset.members
        found["without"] = dict(zip(dataset.classes, dataset.counts(), strict=True)).get(
            NONE_OF_THEM, 0
        )
    if targets.objective == BOXES:
        found |= _boxes(dataset)
    if targets.objective == SEVERAL_QUESTIONS:
        counts = dataset.members
        pairs = list(zip(targets.names, targets.answers, strict=True))
        found["questions"] = {
            name: {answer: counts[f"{name}: {answer}"] for answer in answers}
            for name, answers in pairs
        }
        found["missing"] = {
            name: len(dataset.samples) - sum(own.values())
            for name, own in found["questions"].items()
        }
    if targets.objective == NUMBER:
        found |= {"unit": targets.unit, **numbers_of(dataset)}
    return found


def _boxes(dataset: Dataset) -> dict[str, Any]:
    """How many boxes and pictures each class has, and how many pictures have no box."""
    told = box_counts(dataset)
    return {
        "boxes": {name: own.boxes for name, own in told.classes.items()},
        "pictures": {name: own.pictures for name, own in told.classes.items()},
        "without": told.without,
        "most_in_one": told.most,
    }


BINS = 10


def numbers_of(dataset: Dataset) -> dict[str, Any]:
    """The smallest and largest number, the mean, and how many are in each of some equal ranges:
    the bounds, rising, and the counts between them."""
    import numpy as np

    values = np.array([dataset.targets.values[sample.label][0] for sample in dataset.samples])
    counts, bounds = np.histogram(values, bins=BINS)
    return {
        "low": float(values.min()),
        "high": float(values.max()),
        "mean": float(values.mean()),
        "histogram": {"bounds": bounds.tolist(), "counts": counts.tolist()},
    }


def _who_chose(data: DataOptions) -> str:
    """Whether the user or the program chose what is predicted, and the columns that say it."""
    if data.objective:
        return _("chosen by you")
    if data.predict or data.options.get("label_column"):
        return _("columns chosen by you, kind found in the data")
    return _("found in the data")


def _say_predicted(dataset: Dataset, data: DataOptions) -> None:
    """What is predicted, and why, where it is not simply the class."""
    objective = registry.objective(dataset.targets.objective)
    if dataset.targets.objective == ONE_CLASS and not (data.objective or data.predict):
        return
    why = _who_chose(data)
    names = dataset.targets.names
    named = f": {', '.join(names)}" if names else ""
    text = _("Predicted: {title}{names} ({why}; data.objective={key})")
    console.say(text.format(title=_(objective.title), names=named, why=why, key=objective.key))


def _rows(summary: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The counts, a row each: of classes, labels, answers to questions, or ranges of numbers."""
    targets = summary["targets"]
    if "labels" in targets:
        none = [(NONE_OF_THEM, targets["without"])] if targets["without"] else []
        return [*targets["labels"].items(), *none]
    if "boxes" in targets:
        rows = [(name, n, targets["pictures"][name]) for name, n in targets["boxes"].items()]
        rows += [(NONE_OF_THEM, 0, targets["without"])] if targets["without"] else []
        return [("", _("boxes"), _("pictures")), *rows]
    if "questions" in targets:
        return [
            (f"{name}: {answer}", count)
            for name, own in targets["questions"].items()
            for answer, count in (*own.items(), (MISSING, targets["missing"][name]))
            if count
        ]
    if "histogram" in targets:
        counts, bounds = targets["histogram"]["counts"], targets["histogram"]["bounds"]
        most = max(counts)
        return [
            (
                f"{span(figure_text(low), figure_text(high))} {targets['unit']}".rstrip(),
                count,
                _bar(count, most),
            )
            for low, high, count in zip(bounds, bounds[1:], counts, strict=False)
        ]
    return list(summary["classes"].items())


def _bar(count: int, most: int) -> str:
    """A bar of at most 20 characters."""
    return "#" * math.ceil(20 * count / most)


def _kinds(summary: Mapping[str, Any]) -> str:
    """``in 3 classes``, ``with 3 labels``, ``with 2 questions``, or what a number is like."""
    targets, objective = summary["targets"], summary["objective"]
    if objective == NUMBER:
        text = _("with a number from {low} to {high}{unit}, mean {mean}")
        unit = f" {targets['unit']}" if targets["unit"] else ""
        figures = {name: figure_text(targets[name]) for name in ("low", "high", "mean")}
        return text.format(unit=unit, **figures)
    if objective == ONE_CLASS:
        count = len(summary["classes"])
        return ngettext("in {count} class", "in {count} classes", count).format(count=count)
    count = len(targets["names"])
    if objective == BOXES:
        boxes = sum(targets["boxes"].values())
        text = ngettext(
            "with {boxes} boxes of {count} class", "with {boxes} boxes of {count} classes", count
        )
        return text.format(boxes=boxes, count=count)
    if objective == SEVERAL_LABELS:
        return ngettext("with {count} label", "with {count} labels", count).format(count=count)
    text = ngettext("with {count} question", "with {count} questions", count)
    return text.format(count=count)


def say_chosen(dataset: Dataset) -> None:
    """How the data are read, where there was something to choose."""
    for option in opt.describe(registry.modality(dataset.modality).data_options):
        if option.name in dataset.chosen:
            value = dataset.chosen[option.name]
            names = {each: _(text) for each, text in option.choices}
            names |= dataset.choices.get(option.name, {})
            if value == "" and option.kind == "found" and value not in names:
                continue
            text = names.get(value, "" if value is None else str(value)) or _("none")
            setting = f"data.options.{option.name}"
            console.say(f"{_(option.title)}: {text} {option.unit} ({setting})".replace("  ", " "))


def _say_groups(dataset: Dataset) -> None:
    """What samples could be kept together by, or why there is nothing."""
    offered = [f"{key} ({said})" for key, said in dataset.choices.get(GROUP_BY, {}).items() if key]
    if offered and not dataset.chosen.get(GROUP_BY):
        text = _("Possible values of data.options.{name}: {choices}")
        console.say(text.format(name=GROUP_BY, choices="; ".join(offered)))
    if problem := dataset.obstacles.get(GROUP_BY):
        console.say(f"data.options.{GROUP_BY}: {problem.sentence()}")


def _show(summary: Mapping[str, Any], division: str) -> None:
    """
    Args:
        division: how the data were divided; what is wrong with it is among the problems.
    """
    console.table(_rows(summary))
    text = _("{amount} {kinds}")
    console.result(text.format(amount=_amount(summary), kinds=_kinds(summary)))
    if summary["split"]:
        text = _("Training set {train}, validation set {val}, test set {test}. {sentence}")
        console.result(text.format(**summary["split"] | {"sentence": division}))
    _show_problems(summary["problems"], summary["choices"])


def _show_problems(
    problems: Sequence[Mapping[str, Any]], choices: Mapping[str, Mapping[str, str]]
) -> None:
    """How many, and a few of each kind: of a thousand copies, the last says no more than the
    first."""
    if count := sum(each["code"] not in INFORMATION for each in problems):
        console.result(ngettext("{count} problem", "{count} problems", count).format(count=count))
    kinds: dict[str, list[Mapping[str, Any]]] = {}
    for problem in problems:
        kinds.setdefault(problem["code"], []).append(problem)
    for kind in kinds.values():
        for problem in kind[:SHOWN]:
            text = _("left out: {sentence}") if problem["left_out"] else _("note: {sentence}")
            console.result(text.format(sentence=spelt_out(problem["sentence"], choices)))
        if (more := len(kind) - SHOWN) > 0:
            text = _("… and {count} more of this kind; --json lists all")
            console.result(text.format(count=more))


def _amount(summary: Mapping[str, Any]) -> str:
    """``12 recordings``; of long ones, ``31 clips of 12 recordings``."""
    modality, samples, files = (summary[name] for name in ("modality", "samples", "files"))
    return amount(registry.modality(modality), samples, files)


def amount(modality: Modality, samples: int, files: int) -> str:
    """So many samples of so many files, in words."""
    whole = samples if modality.tables else files
    text = _counted(whole, modality)
    if whole == samples:
        return text
    return _("{count} clips of {amount}").format(count=samples, amount=text)


def _counted(count: int, modality: Modality) -> str:
    noun = _(modality.one if count == 1 else modality.many)
    return _("{count} {noun}").format(count=count, noun=noun)
