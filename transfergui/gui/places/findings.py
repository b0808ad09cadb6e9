"""What a test of another computer found, as lines of text."""

from __future__ import annotations

from collections.abc import Sequence

from transfergui.core.base.i18n import N_, _
from transfergui.core.base.paths import shown
from transfergui.core.places.examining import STEPS, Examined, Found, Step
from transfergui.gui.base import words

MARKED = {
    "good": N_("{name}: {value}"),
    "note": N_("{name}: {value} (note)"),
    "broken": N_("{name}: {value} (problem)"),
}


Done = Sequence[tuple[Step, float]]
"""Steps, each with the time at which it began, in seconds; the last one is not done."""


def steps(name: str, done: Done, now: float) -> list[str]:
    """What a test has done and does, with the seconds that each step took, or takes so far."""
    ends = [*(began for _step, began in done[1:]), now]
    said = [
        _("{step} ({seconds} s)").format(
            step=_(STEPS[step]).format(name=name), seconds=round(end - began)
        )
        for (step, began), end in zip(done, ends, strict=True)
    ]
    marks = ["✓"] * (len(said) - 1) + ["→"]
    return [f"{mark} {text}" for mark, text in zip(marks, said, strict=True)]


def lines(found: Examined) -> list[str]:
    """The verdict, what mends what is broken, and the rest."""
    said = [
        _("Ready: a training can run there.")
        if found.works
        else _("Not ready: something is missing there. What is named below fixes it.")
    ]
    said += [note.sentence() for note in found.notes]
    said += [f"{each.name}: {each.mend}" for each in _mending(found, "broken")]
    if _mending(found, "broken"):
        said.append(_("Run these commands on the other computer."))
    text = _("Folder: {folder} ({kept} used, {free} free)")
    sizes = {"kept": words.size(found.kept), "free": words.size(found.free)}
    said += ["", text.format(folder=shown(found.folder), **sizes)]
    rows = sorted(found.findings, key=lambda each: each.topic != "devices")
    said += [_(MARKED[each.state]).format(name=each.name, value=each.value) for each in rows]
    if optional := _mending(found, "note"):
        said += ["", _("Optional; the training runs without this, too. On the other computer:")]
        said += [f"{each.name}: {each.mend}" for each in optional]
    return said


def _mending(found: Examined, state: str) -> list[Found]:
    return [each for each in found.findings if each.mend and each.state == state]
