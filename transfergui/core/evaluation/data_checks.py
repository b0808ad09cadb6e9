"""What the checks of the data said, kept beside a run: a result is no better than its data.

``checks.json`` in the run's folder, and the same in the cache by the version of the data, where it
is found by trainings on the same data that begin or ended at another time.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from transfergui.core import registry
from transfergui.core.base import files, paths, records
from transfergui.core.base.errors import UserError
from transfergui.core.base.figure_texts import share_ends, span
from transfergui.core.base.i18n import _
from transfergui.core.base.messages import Level
from transfergui.core.base.notes import Note
from transfergui.core.data import versions
from transfergui.core.evaluation import reasons, reliance
from transfergui.core.evaluation import report as reports
from transfergui.core.evaluation.baseline_words import APART, maybe_no_use, no_use
from transfergui.core.evaluation.figure_words import of_hundred
from transfergui.core.evaluation.reasons import BAD, Said
from transfergui.core.evaluation.reliance import Alone, Reliance
from transfergui.core.runs.run import REPORT, Run

if TYPE_CHECKING:
    from transfergui.core.figures.answer_rows import PredictionRow
    from transfergui.core.figures.metrics import Report

FILE = "checks.json"
FOUND, CLEAN, UNCHECKED = "report.checks_found", "report.checks_clean", "report.checks_none"
LABELS = {
    "check.label_errors_doubtful": "report.labels_doubtful",
    "check.label_errors_unknown": "report.labels_unknown",
    "check.label_errors_no_features": "report.labels_unknown",
}
"""What a result says of labels that could not be judged, by what the check says of them."""
CLEAN_ELSE = "report.checks_clean_else"
BUT_LABELS = {CLEAN: "report.checks_but_labels", CLEAN_ELSE: "report.checks_but_labels_else"}
"""What is said instead where the labels could not be judged, or not well: they may be wrong."""
SHORTCUTS = "shortcuts"
"""The key of the check of which a result may find that its model does not care."""
RELIED = 3
"""Shortcuts that are tested on a model."""
RELIANCE: dict[str, tuple[str, Level]] = {
    "relies": ("report.shortcut_relies", "warning"),
    "hardly": ("report.shortcut_hardly", "good"),
    "unclear": ("report.shortcut_unclear", "warning"),
    "untested": ("report.shortcut_untested", "warning"),
}
"""What is said of a shortcut by whether the model relies on it."""


class DataChecks(msgspec.Struct, frozen=True):
    """What all checks found.

    Attributes:
        version: of the data, as of :func:`transfergui.core.data.versions.version_of`.
        doubted: paths of samples whose label is more likely wrong than right.
    """

    version: str
    checks: tuple[Said, ...]
    alone: tuple[Alone, ...] = ()
    doubted: tuple[str, ...] = ()

    @property
    def problems(self) -> list[str]:
        """Titles of the checks because of which a result is doubtful, translated; the most serious
        one first."""
        return [_(each.title) for each in reasons.doubtful(self.checks)]

    @property
    def notes(self) -> tuple[Note, ...]:
        """All that is said, the check that warns first."""
        said = [note for each in self.checks for note in each.notes if note.is_known]
        return tuple(sorted(said, key=lambda note: note.level not in BAD))


def keep(found: DataChecks) -> None:
    """Remember what was found of a version of the data; a full disk loses no more than that."""
    with contextlib.suppress(OSError):
        place = _kept(found.version)
        place.parent.mkdir(parents=True, exist_ok=True)
        files.write_atomic(place, _encoded(found))


def of_run(run: Run, version: str) -> DataChecks | None:
    """What was found of the data of a run, the newest; None where they were not checked.

    Args:
        version: of its data; empty where that is not known.
    """
    if not version:
        return None
    for place in (_kept(version), run.path / FILE):
        with contextlib.suppress(UserError):
            if place.is_file():
                found = records.read(place, DataChecks)
                if found.version == version:
                    return found
    return None


def known(version: str) -> DataChecks | None:
    """What was found of a version of the data; None where it was not checked."""
    with contextlib.suppress(UserError):
        found = records.read(_kept(version), DataChecks)
        return found if found.version == version else None
    return None


def _encoded(found: DataChecks) -> bytes:
    """As JSON; undecodable bytes of a path survive as ``\\udcXX``."""
    return json.dumps(msgspec.to_builtins(found)).encode()


def keep_with(run: Run, version: str) -> None:
    """Put what was found of its data into the folder of a run, which may be moved or shared."""
    found = of_run(run, version)
    if found is not None:
        with contextlib.suppress(OSError):
            data, place = _encoded(found), run.path / FILE
            if not place.is_file() or place.read_bytes() != data:
                files.write_atomic(place, data)


def _of(run: Run, report: Report) -> DataChecks | None:
    """What was found of the data of a run: kept by what is in them, not by what the files hold,
    which is read at the end of a training alone."""
    version = report.split_version or report.data_version or versions.version_of(run.split)
    return of_run(run, version)


def doubted_of(run: Run, report: Report) -> frozenset[str]:
    """Paths of samples of a run whose label is more likely wrong than right."""
    found = _of(run, report)
    return frozenset() if found is None else frozenset(found.doubted)


def problems_of(run: Run) -> list[Said]:
    """The checks because of which a run is doubtful, the most serious one first.

    Raises:
        UserError: ``run.damaged``.
    """
    known = run.report()
    found = of_run(run, str(known.get("split_version") or known.get("data_version", "")))
    if found is None:
        return []
    if not found.alone:
        return reasons.doubtful(found.checks)
    return _doubtful(found, _reliance(found, run, reports.load(run.path), None))


class Doubted(NamedTuple):
    """Why the model of a run is not to be trusted yet; empty where nothing is known against it.

    Attributes:
        problems: titles of the checks of :func:`problems_of`, translated.
        no_use: the sentence that it is no better than one prediction for everything.
        why: the sentence with what the checks found.
        maybe: the sentence that it may be no better, as its test is too small to tell.
    """

    problems: tuple[str, ...] = ()
    no_use: str = ""
    why: str = ""
    maybe: str = ""

    @property
    def sentences(self) -> tuple[str, ...]:
        """All that is to be said of it."""
        return tuple(filter(None, (self.no_use, self.why, self.maybe)))


NO_DOUBT = Doubted()


def doubts_of(run: Run) -> Doubted:
    """The same that stands with the results of a run, for lists of runs and models; nothing where
    its report is damaged or of a newer version, which other columns say."""
    if not (run.path / REPORT).is_file():
        return NO_DOUBT
    try:
        known, bad = reports.load(run.path), problems_of(run)
        noun = registry.modality(run.recipe.modality).many
    except UserError:
        return NO_DOUBT
    found = _of(run, known)
    said = no_use(known, noun, () if found is None else _apart(found))
    maybe = maybe_no_use(known, noun)
    return Doubted(
        tuple(_(each.title) for each in bad),
        said.sentence() if said else "",
        reasons.note("model.doubted", bad).sentence() if bad else "",
        maybe.sentence() if maybe else "",
    )


def notes(
    run: Run, report: Report, rows: Sequence[PredictionRow] | None = None
) -> tuple[Note, ...]:
    """What a result must say of the data; the first is about all checks.

    Args:
        rows: its predictions, where they are not in the folder of the run yet.
    """
    found = _of(run, report)
    if found is None:
        return (Note(UNCHECKED),)
    tested = _reliance(found, run, report, rows)
    bad = _doubtful(found, tested)
    labels = _labels(found)
    clean = CLEAN_ELSE if found.problems else CLEAN
    first = reasons.note(FOUND, bad) if bad else Note(BUT_LABELS[clean] if labels else clean)
    noun = registry.modality(run.recipe.modality).many
    said = [_relied(*each, noun) for each in tested]
    return (first, *_apart(found), *labels, *_shortcut(found, report), *said)


def _apart(found: DataChecks) -> list[Note]:
    """That classes have no source in common, in full: the first note says it in short."""
    notes = [note for each in found.checks for note in each.notes]
    return [Note(note.code, note.values) for note in notes if note.code in APART]


def _labels(found: DataChecks) -> list[Note]:
    """That the labels could not be judged, or not well."""
    codes = [note.code for each in found.checks for note in each.notes]
    return [Note(LABELS[code]) for code in codes if code in LABELS]


def _reliance(
    found: DataChecks, run: Run, report: Report, rows: Sequence[PredictionRow] | None
) -> list[tuple[Alone, Reliance]]:
    """Whether the model relies on the strongest property that tells the same classes."""
    firsts: dict[tuple[str, ...], Alone] = {}
    for each in found.alone:
        if each.fits or each.misled:
            firsts.setdefault(each.classes, each)
    if not firsts or report.measured_on not in ("test", "val"):
        return []
    if rows is None:
        rows = reports.load_predictions(run.path)
    if not rows:
        return []
    split = run.split
    groups = {each.path: each.group for each in (*split.val, *split.test) if each.group}
    doubted = frozenset(found.doubted)
    return [
        (each, reliance.measured(each, rows, groups, doubted))
        for each in list(firsts.values())[:RELIED]
    ]


def _doubtful(found: DataChecks, tested: Sequence[tuple[Alone, Reliance]]) -> list[Said]:
    """The checks that are a reason for doubt; not shortcuts on which the model hardly relies."""
    apart = {SHORTCUTS} if _only_hardly(found, tested) else set()
    return reasons.doubtful([each for each in found.checks if each.check not in apart])


def _only_hardly(found: DataChecks, tested: Sequence[tuple[Alone, Reliance]]) -> bool:
    """Whether every shortcut in the data was tested, and the model relies on none."""
    told = {each.classes for each, result in tested if result.verdict == "hardly"}
    return bool(told) and all(each.title and each.classes in told for each in found.alone)


def _relied(alone: Alone, result: Reliance, noun: str) -> Note:
    """Whether the model relies on a property, with figures."""
    code, level = RELIANCE[result.verdict]
    values: dict[str, Any] = {"title": alone.title, "noun": noun}
    for key, (right, n) in (("fits", result.fits), ("misled", result.misled)):
        values |= {key: of_hundred(right / n) if n else 0, f"n_{key}": n}
    return Note(code, values | {"interval": span(*share_ends(result.low, result.high))}, level)


def _shortcut(found: DataChecks, report: Report) -> list[Note]:
    """That a property alone does as well as the model."""
    right = report.balanced_accuracy
    told = {name for name, row in report.per_class.items() if row.support}
    same = [each for each in found.alone if each.title and told and told <= {*each.classes}]
    best = max(same, key=lambda each: each.score, default=None)
    if best is None or right is None or best.score < right:
        return []
    values = {"title": best.title, "score": of_hundred(best.score), "right": of_hundred(right)}
    return [Note("report.shortcut_alone", values, "warning")]


def _kept(version: str) -> Path:
    return paths.cache_dir() / "checks" / f"{version}.json"
