"""The user's corrections as a table that people and programs can read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from transfergui.core.base.cells import line, safe
from transfergui.core.base.paths import shown
from transfergui.core.data import corrections, tar_names
from transfergui.core.data.dataset import DataOptions, Dataset

COLUMNS = ("path", "old_label", "new_label", "excluded", "confirmed", "in_one_set_with")


def table(data: DataOptions, scanned: Dataset | None) -> str:
    """CSV: a row for each corrected example, and for each renamed class, which has no path.

    Args:
        scanned: the data without corrections, which know the old labels; None where they are not
            open.
    """
    known: dict[str, str] = {}
    if scanned is not None:
        known = {sample.path: scanned.classes[sample.label] for sample in scanned.samples}
    root = tar_names.root_of(data) if scanned is None else scanned.root
    rows = (map(safe, map(shown, row)) for row in _rows(data, known, root))
    return line(COLUMNS) + "".join(line(row) for row in rows)


def _rows(data: DataOptions, known: dict[str, str], root: Path) -> Iterator[tuple[str, ...]]:
    for each in corrections.of_options(data).values():
        if each.of_class:
            yield "", each.path, each.label or "", "", "", ""
            continue
        old, flags = known.get(each.path, ""), (each.left_out, bool(each.confirmed))
        said = ("yes" if flag else "" for flag in flags)
        yield tar_names.named(root, each.path), old, each.label or "", *said, each.together
