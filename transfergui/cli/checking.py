"""``check``: whether the data are sound, before any training."""

import argparse
import os
from typing import TYPE_CHECKING, Any

import msgspec

from transfergui.cli import console, progress
from transfergui.cli.setting_names import spelt_out
from transfergui.cli.settings import recipe_from
from transfergui.cli.training import prepare, provide_weights, say_choice
from transfergui.core.base.i18n import _, comma_list, ngettext
from transfergui.core.base.notes import Note
from transfergui.core.base.paths import shown
from transfergui.core.data.captions import caption

if TYPE_CHECKING:
    from pathlib import Path

    from transfergui.core.checks.check import Check, Finding, Flagged

LIKELY = 0.5
"""From this score on, a label is more likely wrong than right."""
SHOWN = 5
"""Samples of each check, and others beside each."""


def check(arguments: argparse.Namespace) -> None:
    """``transfergui check DATA [--backbone KEY] [--json]``."""
    plan = prepare(recipe_from(arguments), arguments.corrections)
    say_choice(plan)
    provide_weights(plan, arguments.download)
    from transfergui.core.checks import registry
    from transfergui.core.checks.kept import keep
    from transfergui.core.checks.material import material_of

    with progress.counting(_("Computing features")) as tell:
        material = material_of(plan, tell)
    document: dict[str, Any] = {
        "near_duplicates": [],
        "label_errors": [],
        "shortcuts": [],
        "leak": None,
        "notes": [],
    }
    clean = []
    outcomes = {}
    with progress.counting(_("Checking the data")) as tell:
        for each, found in registry.examine(material, lambda _check: tell):
            outcomes[each.key] = found
            if isinstance(found, Note):
                document["notes"].append(_noted(each.key, found))
                console.say(spelt_out(found.sentence()))
                continue
            document |= found.document
            document["notes"] += [_noted(each.key, note) for note in found.notes]
            if not found.notes:
                clean.append(_(each.title))
            elif not arguments.json:
                _show(each, found, material.root)
    keep(plan, outcomes)
    if arguments.json:
        console.document(document, material.root)
    elif clean:
        console.result(_("Nothing found: {checks}.").format(checks=comma_list(clean)))


def _noted(key: str, note: Note) -> dict[str, Any]:
    return {"check": key, **msgspec.to_builtins(note), "sentence": note.sentence()}


def _show(each: "Check", found: "Finding", root: "Path") -> None:
    """The sentences of a check and the first samples that it flags."""
    console.result(_("{heading}:").format(heading=_(each.title)))
    for note in found.notes:
        console.result(f"  {spelt_out(note.sentence())}")
    listed = [each for each in found.flagged if not each.suggested or each.score >= LIKELY]
    listed = listed or [*found.flagged]  # the most doubtful, none of which is likely wrong
    for flagged in listed[:SHOWN]:
        console.result(f"    {_named(flagged, root)}")
    if (more := len(listed) - SHOWN) > 0:
        text = ngettext("… and {count} more", "… and {count} more", more)
        console.result("    " + text.format(count=more))


def _named(flagged: "Flagged", root: "Path") -> str:
    """A sample with those like it, or with its label and what it seems to be."""
    names = [caption(os.fspath(each), root) for each in (flagged.path, *flagged.others)]
    if flagged.suggested:
        return f"{names[0]}: {shown(flagged.label)} → {shown(flagged.suggested)}"
    return " = ".join(names[: SHOWN + 1]) + (" …" if len(names) > SHOWN + 1 else "")
