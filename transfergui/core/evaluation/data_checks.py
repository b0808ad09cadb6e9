"""What the checks of the data said, kept beside a run: a result is no better than its data.

``checks.json`` in the run's folder, and the same in the cache by the version of the data, where it
is found by trainings on the same data that begin or ended at another time.
"""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from transfergui.core.base import files, paths, records
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _, comma_list
from transfergui.core.base.notes import Note
from transfergui.core.data import versions
from transfergui.core.evaluation.words import of_hundred

if TYPE_CHECKING:
    from transfergui.core.figures.metrics import Report
    from transfergui.core.runs.run import Run

FILE = "checks.json"
FOUND, CLEAN, UNCHECKED = "report.checks_found", "report.checks_clean", "report.checks_none"
LABELS = {
    "check.label_errors_doubtful": "report.labels_doubtful",
    "check.label_errors_unknown": "report.labels_unknown",
    "check.label_errors_no_features": "report.labels_unknown",
}
"""What a result says of labels that could not be judged, by what the check says of them."""
BAD = frozenset({"warning", "error"})
"""Levels of notes because of which a result is not to be trusted yet."""


class Said(msgspec.Struct, frozen=True):
    """What one check found.

    Attributes:
        title: of the check, marked for translation.
    """

    check: str
    title: str
    notes: tuple[Note, ...] = ()


class Alone(msgspec.Struct, frozen=True):
    """A property that tells all classes it is about apart, without looking at what is shown.

    Attributes:
        title: of the property, marked for translation.
        score: balanced accuracy.
    """

    title: str
    score: float
    classes: tuple[str, ...]


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
        """Titles of the checks that warn, translated."""
        return [_(each.title) for each in self.checks if BAD & {n.level for n in each.notes}]

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


def doubted_of(run: Run, report: Report) -> frozenset[str]:
    """Paths of samples of a run whose label is more likely wrong than right."""
    found = of_run(run, report.data_version or versions.version_of(run.split))
    return frozenset() if found is None else frozenset(found.doubted)


def problems_of(run: Run) -> list[str]:
    """Titles of the checks that warn of the data of a run, translated.

    Raises:
        UserError: ``run.damaged``.
    """
    known = run.report()
    found = of_run(run, str(known.get("split_version") or known.get("data_version", "")))
    return [] if found is None else found.problems


def notes(run: Run, report: Report) -> tuple[Note, ...]:
    """What a result must say of the data; the first is about all checks."""
    version = report.split_version or report.data_version or versions.version_of(run.split)
    found = of_run(run, version)
    if found is None:
        return (Note(UNCHECKED),)
    if problems := found.problems:
        values = {"count": len(problems), "names": comma_list(problems)}
        return (Note(FOUND, values, "warning"), *_labels(found), *_shortcut(found, report))
    return (Note(CLEAN), *_labels(found), *_shortcut(found, report))


def _labels(found: DataChecks) -> list[Note]:
    """That the labels could not be judged, or not well."""
    codes = [note.code for each in found.checks for note in each.notes]
    return [Note(LABELS[code]) for code in codes if code in LABELS]


def _shortcut(found: DataChecks, report: Report) -> list[Note]:
    """That a property alone does as well as the model."""
    right = report.balanced_accuracy
    told = {name for name, row in report.per_class.items() if row.support}
    same = [each for each in found.alone if told and told <= {*each.classes}]
    best = max(same, key=lambda each: each.score, default=None)
    if best is None or right is None or best.score < right:
        return []
    values = {"title": best.title, "score": of_hundred(best.score), "right": of_hundred(right)}
    return [Note("report.shortcut_alone", values, "warning")]


def _kept(version: str) -> Path:
    return paths.cache_dir() / "checks" / f"{version}.json"
