"""How what a check found is shown, and what can be done about it: a row for each check that has
more to say than its sentences and its samples."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QDialog, QWidget

from transfergui.core import registry
from transfergui.core.base.i18n import N_, _
from transfergui.core.checks.check import Finding
from transfergui.core.data.captions import short_caption
from transfergui.core.data.dataset import Sample, SplitName
from transfergui.core.data.split import Split
from transfergui.core.recipe import Recipe
from transfergui.gui.checks import label_review
from transfergui.gui.samples.sample_pane import Decode
from transfergui.gui.session import edits
from transfergui.gui.session.session import Session

PARTS: Mapping[SplitName, str] = {
    "train": N_("Group {number} · training"),
    "val": N_("Group {number} · validation"),
    "test": N_("Group {number} · test"),
}


@dataclass(frozen=True)
class Action:
    """Something that can be done about what a check found; with undo.

    Attributes:
        title: of its button, marked with ``N_``.
        tip: what it does, marked with ``N_``.
        obstacle: why it cannot be done now, translated; empty if it can.
        do: does it.
    """

    title: str
    tip: str
    obstacle: Callable[[Session, Finding], str]
    do: Callable[[Session, Finding], object]


@dataclass(frozen=True)
class Face:
    """How one check is shown.

    Attributes:
        check: its key.
        captions: what stands below the samples that it flags, by path.
        actions: buttons.
        widget: instead of the gallery of samples: made once, with a method
            ``fill(finding)``.
        review: makes the dialog in which one goes through all that was found.
        lines: of those captions at most.
        paths: which samples are shown; by default, those flagged with those that they are like.
    """

    check: str
    captions: Callable[[Finding, Split], Mapping[str, str]] | None = None
    actions: Sequence[Action] = ()
    widget: Callable[[Session], QWidget] | None = None
    review: Callable[[Session, Finding, Decode, QWidget], QDialog] | None = None
    paths: Callable[[Finding], Sequence[str]] | None = None
    lines: int = 2


# -- near duplicates


def _groups(finding: Finding) -> list[list[str]]:
    return [[each.path, *each.others] for each in finding.flagged]


def _group_captions(finding: Finding, split: Split) -> dict[str, str]:
    """The name of each sample, its group, and the set that it is in."""
    place = {sample.path: PARTS[name] for name in PARTS for sample in getattr(split, name)}
    captions = {}
    for number, group in enumerate(_groups(finding), 1):
        for path in group:
            text = _(place[path]).format(number=number) if path in place else ""
            captions[path] = f"{short_caption(path, split.root)}\n{text}".rstrip()
    return captions


def _apart(session: Session, finding: Finding) -> list[list[str]]:
    """The groups that nobody has put together yet, and that the program may."""
    if session.split is None:
        return []
    together, fixed = session.wanted.data.together, _fixed(session.split)
    return [
        group
        for group in _groups(finding)
        if fixed.isdisjoint(group) and len({together.get(path, path) for path in group}) > 1
    ]


def _fixed(split: Split) -> set[str]:
    """The samples that the user put into the validation or test set."""
    return {sample.path for sample in (*split.val, *split.test) if sample.split is not None}


def _cannot_keep(session: Session, finding: Finding) -> str:
    if session.split is None or _apart(session, finding):
        return ""
    if not _fixed(session.split).isdisjoint(path for g in _groups(finding) for path in g):
        return _("Your data set the split. Exclude the copies instead.")
    return _("Each group is in one set already.")


def _keep(session: Session, finding: Finding) -> None:
    edits.keep_together(session, _apart(session, finding))


def copies(groups: Sequence[Sequence[str]], split: Split) -> list[str]:
    """Of each group and class, all samples but one: that in the test set, else that in the
    validation set, stays. Of boxes, of each group: hardly two pictures have the same ones."""
    alike = registry.objective(split.targets.objective).places
    known: dict[str, tuple[int, Sample]] = {
        sample.path: (rank, sample)
        for rank, name in enumerate(("test", "val", "train"))
        for sample in getattr(split, name)
    }
    found = []
    for group in groups:
        of_class: dict[int, list[tuple[int, str]]] = {}
        for path in group:
            if path in known:
                rank, sample = known[path]
                of_class.setdefault(0 if alike else sample.label, []).append((rank, path))
        for several in of_class.values():
            found += [path for _rank, path in sorted(several)[1:]]
    return found


def _left(session: Session, finding: Finding) -> list[str]:
    if session.split is None:
        return []
    gone = set(session.wanted.data.exclude)
    return [path for path in copies(_groups(finding), session.split) if path not in gone]


def _cannot_exclude(session: Session, finding: Finding) -> str:
    return "" if _left(session, finding) else _("There are no copies left to exclude.")


def _exclude(session: Session, finding: Finding) -> None:
    edits.exclude(session, _left(session, finding))


KEEP = Action(
    N_("Keep in one set"),
    N_("Divides the data so that all examples of a group are in the same set."),
    _cannot_keep,
    _keep,
)
EXCLUDE = Action(
    N_("Exclude copies"),
    N_("Excludes all examples of each group but one. No file is changed."),
    _cannot_exclude,
    _exclude,
)


# -- bad examples, and what is cut off


def _flagged_left(session: Session, finding: Finding) -> list[str]:
    gone = set(session.wanted.data.exclude)
    return [each.path for each in finding.flagged if each.path not in gone]


def _cannot_exclude_flagged(session: Session, finding: Finding) -> str:
    left = _flagged_left(session, finding)
    return "" if left else _("All of these are excluded already.")


def _exclude_flagged(session: Session, finding: Finding) -> None:
    edits.exclude(session, _flagged_left(session, finding))


def _proposed(session: Session, finding: Finding) -> Recipe:
    """The recipe with the first setting that the check proposes."""
    first = finding.actions[0]
    return session.wanted.replace(**{first.setting: first.value})


def _cannot_apply(session: Session, finding: Finding) -> str:
    if not finding.actions:
        return _("There is no setting that would help.")
    done = _proposed(session, finding) == session.wanted
    return _("This setting is used already.") if done else ""


def _apply(session: Session, finding: Finding) -> None:
    session.change(_proposed(session, finding), _("Use the proposed setting"))


EXCLUDE_FLAGGED = Action(
    N_("Exclude these"),
    N_("Excludes the examples shown here. No file is changed."),
    _cannot_exclude_flagged,
    _exclude_flagged,
)
APPLY = Action(
    N_("Use this setting"),
    N_("Changes the first setting that is proposed here. Undo changes it back."),
    _cannot_apply,
    _apply,
)

FACES = (
    Face("near_duplicates", _group_captions, (KEEP, EXCLUDE)),
    Face("quality", actions=(EXCLUDE_FLAGGED,)),
    Face("framing", actions=(APPLY,)),
    Face(
        "label_errors",
        captions=label_review.captions,
        review=label_review.LabelReview,
        paths=label_review.first,
        lines=3,
    ),
)


def face(check: str) -> Face:
    """How the check with the key ``check`` is shown."""
    return next((each for each in FACES if each.check == check), Face(check))
