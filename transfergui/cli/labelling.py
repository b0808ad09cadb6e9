"""``label``: labels for unsorted data, from other programs or by hand, and what to label next."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from transfergui.cli import console
from transfergui.cli.acting import carried_out
from transfergui.cli.progress import counting
from transfergui.cli.settings import recipe_from
from transfergui.cli.training import provide_weights, say_choice
from transfergui.core import registry
from transfergui.core.base.errors import UserError
from transfergui.core.base.figure_texts import per_cent
from transfergui.core.base.i18n import _, ngettext
from transfergui.core.base.paths import expanded
from transfergui.core.data.captions import caption
from transfergui.core.data.dataset import Problem
from transfergui.core.labelling import table as tables
from transfergui.core.labelling.claim import claimed
from transfergui.core.labelling.examples import Examples, examples
from transfergui.core.labelling.table import LabelTable
from transfergui.core.reading.tables import label_files
from transfergui.core.recipe import Recipe

if TYPE_CHECKING:
    from transfergui.core.labelling.estimate import Estimate
    from transfergui.core.labelling.suggestions import Suggestions
    from transfergui.core.labelling.word_networks import WordNetwork
    from transfergui.core.labelling.words import Comparison

AUTO = "auto"
"""Of ``--words``: the network that is on this computer."""
SHOWN = 10
"""Examples to label next, unless another number is asked for."""


def label(arguments: argparse.Namespace) -> None:
    """``transfergui label DATA [--table FILE] [--classes A,B] [--give FILE] [--suggest N]
    [--words FOLDER] [--export DIR --as HOW] [--json]``.

    Raises:
        UserError: a ``labelling.`` or ``words.`` code; ``weights.missing``; as the data are read.
    """
    recipe = recipe_from(arguments)
    found = _examples(recipe)
    path = arguments.table or tables.place(found.source)
    table = _table(path, found)
    changed = table
    for name in arguments.classes or ():
        changed = changed.with_class(name)
    if arguments.give is not None:
        changed = _given(changed, found, arguments.give)
    if changed != table:
        with claimed(path):
            tables.save(changed, path)
    table = changed
    if arguments.export is not None:
        _export(found, path, table, recipe, arguments)
        return
    network = _network(arguments.words, found, table)
    suggestions, estimate = _suggested(found, table, recipe, arguments)
    comparison, guesses = _from_words(network, found, table, suggestions)
    next_ones = suggestions.order[: arguments.suggest]
    document = {
        "table": str(path),
        "modality": found.modality,
        "examples": len(found.samples),
        "labelled": estimate.labelled,
        "classes": table.counts(),
        "estimate": msgspec.to_builtins(estimate),
        "words": comparison and msgspec.to_builtins(comparison),
        "next": [_row(suggestions, row, guesses) for row in next_ones],
    }
    if arguments.json:
        console.document(document, table.root)
        return
    _show(document, estimate, comparison, table.root)
    console.result(str(path))


def _examples(recipe: Recipe) -> Examples:
    modality = registry.modality(recipe.modality)
    with counting(_("Reading the data")) as tell:
        found = examples(
            modality, recipe.data.path, recipe.data.options, lambda count: tell(count, 0)
        )
    left_out = sum(p.values.get("count", 1) for p in found.problems if p.left_out)
    if left_out:
        text = ngettext(
            "{count} example cannot be read and is left out",
            "{count} examples cannot be read and are left out",
            left_out,
        )
        console.say(text.format(count=left_out))
    return found


def _table(path: Path, found: Examples) -> LabelTable:
    if path.exists():
        _labels_of(path)
        return tables.load(path, found.root, found.modality)
    return LabelTable(found.root, found.modality)


def _labels_of(path: Path, root: str | None = None) -> dict[str, str]:
    """The labels in a table; what is odd in it is said.

    Args:
        root: as of :func:`label_files.read`.

    Raises:
        UserError: as of :func:`label_files.read`.
    """
    labels, noted = label_files.read_noted(path, None if root is None else Path(root))
    for problem in noted:
        console.say(problem.sentence())
    return labels


def _given(table: LabelTable, found: Examples, path: Path) -> LabelTable:
    """``table`` with the labels of another one.

    Raises:
        UserError: ``labelling.no_columns``, ``labelling.unreadable``; ``labelling.none``: not one
            of its labels is of these data.
    """
    given = _labels_of(path, found.root)
    known = frozenset(found.paths)
    unknown = [each for each in given if each not in known]
    if len(unknown) == len(given):
        raise UserError("labelling.none", path=str(path), root=found.root)
    if unknown:
        values = {"count": len(unknown), "first": unknown[0]}
        console.say(Problem("labelling.unmatched", values, path=str(path)).sentence())
    by_class: dict[str, list[str]] = {}
    for each, name in given.items():
        if each in known:
            by_class.setdefault(name, []).append(each)
    for name, paths in by_class.items():
        table = table.assigned(paths, name)
    return table


def _suggested(
    found: Examples, table: LabelTable, recipe: Recipe, arguments: argparse.Namespace
) -> "tuple[Suggestions, Estimate]":
    from transfergui.core.labelling.estimate import estimated
    from transfergui.core.labelling.features import features_of, plan_of
    from transfergui.core.labelling.suggestions import suggested

    plan = plan_of(found, recipe)
    say_choice(plan)
    provide_weights(plan, arguments.download)
    with counting(_("Computing features")) as tell:
        features = features_of(plan, tell)
    made = suggested(features.rows, features.paths, table)
    return made, estimated(made, table)


def _network(named: str | None, found: Examples, table: LabelTable) -> "WordNetwork | None":
    """The network that knows words, where one is wanted.

    Raises:
        UserError: ``words.none``, ``words.not_a_network``, ``words.unsupported``,
            ``words.few_classes``.
    """
    if named is None:
        return None
    from transfergui.core.labelling import word_networks, words

    modality = registry.modality(found.modality)
    network = (
        word_networks.required(modality)
        if named == AUTO
        else word_networks.opened(expanded(named), modality)
    )
    if len(table.classes) < words.FEWEST:
        raise UserError("words.few_classes")
    return network


def _from_words(
    network: "WordNetwork | None", found: Examples, table: LabelTable, made: "Suggestions"
) -> "tuple[Comparison | None, Mapping[str, tuple[str, float]]]":
    """Whether suggestions from the class names are shown, and those by path; none where they are
    not.

    Raises:
        UserError: ``words.damaged``; too many examples cannot be read.
    """
    if network is None:
        return None, {}
    from transfergui.core.labelling import word_features, words

    with counting(_("Comparing with the class names")) as tell:
        rows = word_features.of_examples(network, found, tell)
    scores = words.scored(words.WordRows(network, rows), table.classes)
    assert scores is not None  # there are enough classes
    comparison = words.compared(scores, made, table)
    return comparison, scores.guesses() if comparison.shown == "words" else {}


def _row(made: "Suggestions", row: int, guesses: Mapping[str, tuple[str, float]]) -> dict[str, Any]:
    said = guesses.get(made.paths[row]) or made.suggested(row)
    return {
        "path": made.paths[row],
        "suggested": said and said[0],
        "confidence": said and said[1],
        "drawn": row in made.drawn,
    }


def _show(
    document: dict[str, Any], estimate: "Estimate", comparison: "Comparison | None", root: str
) -> None:
    console.table(list(document["classes"].items()), (_("class"), _("labels")))
    console.table(
        [
            (
                caption(row["path"], root),
                row["suggested"] or "",
                "" if row["confidence"] is None else per_cent(f"{100 * row['confidence']:.0f}"),
            )
            for row in document["next"]
        ],
        (_("label next"), _("suggestion"), _("confidence")),
    )
    text = _("{labelled} of {count} labelled.")
    console.say(text.format(labelled=document["labelled"], count=document["examples"]))
    if comparison is not None:
        console.say(comparison.sentence())
    if comparison is None or comparison.shown == "labels":  # it is of what the labels suggest
        for sentence in estimate.sentences():
            console.say(sentence)


def _export(
    found: Examples, path: Path, table: LabelTable, recipe: Recipe, arguments: argparse.Namespace
) -> None:
    """
    Raises:
        UserError: ``labelling.no_labels``; as of :func:`export.planned`.
    """
    from transfergui.core.labelling import export

    if not table.labels:
        raise UserError("labelling.no_labels", noun=registry.modality(found.modality).many)
    if not path.exists():  # nothing but what was given in this call
        tables.save(table, path)
    given = export.labelled(found, path, recipe.split, recipe.run.seed)
    for problem in given.dataset.problems:
        if problem.left_out:
            console.say(problem.sentence())
    if given.undivided is not None:
        text = _("Exported without a split: {why}")
        console.say(text.format(why=given.undivided))
    act = export.planned(given, arguments.export, arguments.how)
    carried_out(act, _("Exporting"), arguments.json)
