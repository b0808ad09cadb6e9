"""A table that is opened by itself and names the files."""

import itertools
import os
import posixpath
from pathlib import Path

from transfergui.core.base.errors import UserError
from transfergui.core.interfaces.plan import ScanProgress
from transfergui.core.reading.files.lookup import LEADS_OUT, MAX_NAME
from transfergui.core.reading.files.walk import Walk, joined
from transfergui.core.reading.listings.listing import Listing
from transfergui.core.reading.sources.box_listing import listing_of_boxes
from transfergui.core.reading.sources.box_rows import are_boxes, drawn_in_rows
from transfergui.core.reading.sources.detection import (
    BOXES,
    boxes_of,
    detection_question,
    listing_by_boxes,
    require_occurring,
)
from transfergui.core.reading.sources.wanted import PROGRESS_EVERY, Wanted
from transfergui.core.reading.tables import rows, table_columns
from transfergui.core.reading.tables.label_table import too_few
from transfergui.core.reading.tables.labelled_listings import labelled_listing
from transfergui.core.reading.tables.openings import open_table
from transfergui.core.reading.tables.reading_options import ReadingOptions
from transfergui.core.reading.tables.tables_beside import Tables


def read_single_table(
    path: Path, asked: ReadingOptions, wanted: Wanted, progress: ScanProgress
) -> Listing:
    """A table that was opened itself: it names files below its folder.

    These are looked up as they are written; only where they are not there, the folder is listed.
    """
    table = open_table(path)
    named: dict[str, None] = {}
    for count, row in enumerate(table.rows.values()):
        if count % PROGRESS_EVERY == 0:
            progress(len(named))
        cells = itertools.chain(*(rows.names_in(cell) for cell in row))
        named |= dict.fromkeys(f for cell in cells if (f := _below(path.parent, cell)) is not None)
    paths = list(named)
    if len(paths) < table_columns.NAMED_BY * len(table.rows):
        paths = []
        for folder in Walk(path.parent, wanted.has_extension):
            paths += (joined(folder.path, n) for n in folder.files if wanted.might_be(n))
            progress(len(paths))
    beside = Tables(path.parent, paths, [path.name], asked)
    said = beside.best
    may_draw = wanted.stored is not None and asked.objective in ("", BOXES) and not asked.layout
    if said is not None and may_draw and are_boxes(said):
        drawn = drawn_in_rows(path.parent, paths, said, asked)
        if drawn.draws:
            splits = said.labelled.splits
            return listing_of_boxes(path.parent, paths, drawn, wanted, progress, splits)
    if said is None or not said.columns.labelled:
        beside.require_no_group()
        raise beside.refusal(path)
    if said.columns.boxes:
        boxes = boxes_of(said)
        if asked.layout != BOXES:
            question = detection_question(path, wanted.noun, boxes, objective=asked.objective)
            require_occurring(question, boxes, asked.objective)
        listing = listing_by_boxes(
            path.parent, paths, boxes, wanted.noun, said.labelled, asked.objective
        )
    else:
        listing = labelled_listing(path.parent, paths, said, asked, beside)
    if not listing.samples:
        if (few := too_few(path, said)) is not None:
            raise few
        why = " ".join(problem.sentence() for problem in listing.problems[:1])
        raise UserError("data.manifest_empty", path=str(path), why=why)
    return listing


def _below(base: Path, cell: str) -> str | None:
    """The file that a cell names below ``base``, as it is written; None for none."""
    written = cell.strip()
    if not 0 < len(written) <= MAX_NAME or "\0" in written:
        return None
    plain = posixpath.normpath(written.replace("\\", "/").removeprefix(f"{base}/"))
    if LEADS_OUT.match(plain) or plain == ".":
        return None
    return plain if os.path.isfile(f"{base}/{plain}") else None  # noqa: PTH113 - many of them
