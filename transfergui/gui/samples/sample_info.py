"""What is known of single samples of the open data, and their corrections one at a time."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from transfergui.core.base.i18n import N_, _, comma_list, paragraph
from transfergui.core.base.paths import shown
from transfergui.core.data.boxes import NamedBox, parsed_boxes
from transfergui.core.data.dataset import Dataset, Sample
from transfergui.core.data.file_part import FilePart
from transfergui.core.data.split import Split
from transfergui.core.data.targets import BOXES, Targets
from transfergui.core.interfaces.samples import MarkedBox
from transfergui.gui.base import words
from transfergui.gui.pictures import shapes
from transfergui.gui.samples.combination_chooser import LabelChooser, chooser_for
from transfergui.gui.session import edits
from transfergui.gui.session.session import Session

PARTS = {"train": N_("Training set"), "val": N_("Validation set"), "test": N_("Test set")}


@dataclass(frozen=True)
class SampleInfo:
    """One sample.

    Attributes:
        name: of its class; empty where that is not known.
        part: a key of :data:`PARTS`; empty where it is in none.
        relabelled, excluded: whether the user did so.
        obstacle: why it cannot be relabelled or excluded, as a sentence; empty when it can.
    """

    name: str = ""
    part: str = ""
    relabelled: bool = False
    excluded: bool = False
    obstacle: str = ""

    def sentence(self) -> str:
        """What is known beside the class: ``Test set · relabelled by you``."""
        known = (
            _(PARTS[self.part]) if self.part and not self.excluded else "",
            _("Relabelled by you") if self.relabelled else "",
            _("Excluded by you") if self.excluded else "",
        )
        return " · ".join(text for text in known if text)


class OpenSamples:
    """The samples below ``root``, as the session and (where one is shown) a run know them.

    Args:
        root: what paths are relative to.
        run: how the run divided the data that is shown; None for the data themselves.
        names: classes of samples that are left out, by their path.
    """

    def __init__(
        self,
        session: Session,
        root: Path,
        run: Split | None = None,
        names: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.session = session
        self.root = root
        self._run = run
        self._names = names

    def facts(self, path: str) -> SampleInfo:
        """What is known of the sample ``path`` now."""
        path, *_others = self._members(path)
        part, known = _divided(self._run or self.session.split, path)
        dataset, data = self.session.dataset, self.session.wanted.data
        if dataset is None or dataset.root != self.root:
            text = _("Open the training data of this run to correct its labels.")
            return SampleInfo(known, part, obstacle=text)
        excluded = path in data.exclude
        own = data.relabel.get(path) or edits.class_of(dataset, path)
        used = bool(own) or excluded or path in dataset.undecided
        name = own or known or self._names.get(path, "")
        obstacle = "" if used else _("This example is not used, so it cannot be corrected here.")
        return SampleInfo(name, part, path in data.relabel, excluded, obstacle)

    def correction(self, path: str) -> tuple[str, str]:
        """What the user corrected about the sample ``path``, and an icon for it; empty if nothing.

        Cheap: it is asked for every thumbnail that is painted.
        """
        dataset, data = self.session.dataset, self.session.wanted.data
        if dataset is None or dataset.root != self.root:
            return "", ""
        if path in data.relabel:
            return relabelled(self.session, path), "tag"
        return (_("Excluded by you"), "hide") if path in data.exclude else ("", "")

    @property
    def targets(self) -> Targets:
        """What the classes of these samples mean."""
        if (dataset := self._dataset) is not None:
            return dataset.targets
        return self._run.targets if self._run is not None else Targets()

    @property
    def have_boxes(self) -> bool:
        """Whether boxes in pictures are predicted."""
        return self.targets.objective == BOXES

    def boxes(self, path: str) -> Sequence[MarkedBox]:
        """The boxes of the sample ``path``, as they are corrected; none where none are predicted.

        Cheap: it is asked for every thumbnail that is painted.
        """
        targets = self.targets
        if targets.objective != BOXES:
            return ()
        return shapes.marked_text(self.boxes_text(path), targets.names)

    def boxes_text(self, path: str) -> str:
        """The same as the class of the sample."""
        dataset = self._dataset
        if dataset is None:
            return _divided(self._run, path)[1]
        scanned = self.session.scanned
        label = self.session.wanted.data.relabel.get(path) or edits.class_of(dataset, path)
        return label or (edits.class_of(scanned, path) if scanned is not None else "")

    def draw(self, path: str, text: str, what: str) -> None:
        """Correct the boxes of a sample; ``what`` was done, for the Edit menu."""
        edits.draw(self.session, path, text, what)

    @property
    def _dataset(self) -> Dataset | None:
        """The open data, where these samples are theirs."""
        dataset = self.session.dataset
        return dataset if dataset is not None and dataset.root == self.root else None

    def exclude(self, path: str) -> None:
        """Leave a sample out; or take it back, if it is left out."""
        change = edits.include if self.facts(path).excluded else edits.exclude
        change(self.session, self._members(path))

    def _members(self, path: str) -> list[str]:
        """The samples that are meant: ``path``, or all pieces of a long recording, say."""
        dataset, excluded = self.session.dataset, self.session.wanted.data.exclude
        if dataset is None or _find(dataset.samples, path) is not None or path in excluded:
            return [path]
        pieces = [other for other in excluded if FilePart.parse(other).file == path]
        at = bisect_left(dataset.samples, path, key=lambda sample: sample.path)
        while at < len(dataset.samples) and FilePart.parse(dataset.samples[at].path).file == path:
            pieces.append(dataset.samples[at].path)
            at += 1
        return pieces or [path]

    def relabel(
        self, parent: QWidget, paths: Sequence[str], done: Callable[[], object] = lambda: None
    ) -> LabelChooser | None:
        """Ask for the class of samples and change it; ``done`` is called if it was changed."""
        dataset = self.session.dataset
        if dataset is None or not paths:
            return None
        paths = [member for path in paths for member in self._members(path)]
        names = {self.facts(path).name for path in paths[:MANY]}
        current = names.pop() if len(names) == 1 and len(paths) <= MANY else ""
        title = edits.relabel_text(self.session, paths)
        chooser = chooser_for(title, dataset, parent, current)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def change() -> None:
            edits.relabel(self.session, paths, chooser.chosen())
            done()

        chooser.accepted.connect(change)
        chooser.open()
        return chooser


MANY = 1000
"""Of more samples it is not said which class they all have."""


def relabelled(session: Session, path: str) -> str:
    """From which class to which the user relabelled the sample ``path``."""
    new, scanned = session.wanted.data.relabel[path], session.scanned
    old = edits.class_of(scanned, path) if scanned is not None else ""
    if scanned is not None and scanned.targets.objective == BOXES:
        return redrawn(old, new)
    if not old:
        return _("Relabelled to “{new}”").format(new=shown(new))
    return _("Relabelled from “{old}” to “{new}”").format(old=shown(old), new=shown(new))


def redrawn(old: str, new: str) -> str:
    """What became of the boxes of a sample: ``Added: 1 red cell. Deleted: 2 platelet.``"""
    came, gone = (
        Counter(parsed_boxes(text)) if text else Counter[NamedBox]() for text in (new, old)
    )
    added, deleted = (Counter(box.name for box in each) for each in (came - gone, gone - came))
    moved = added & deleted
    texts = (
        (_("Added: {boxes}."), added - moved),
        (_("Deleted: {boxes}."), deleted - moved),
        (_("Moved or resized: {boxes}."), moved),
    )
    return paragraph(text.format(boxes=_boxes(counts)) for text, counts in texts if counts)


def _boxes(counts: Counter[str]) -> str:
    """``2 red cell, 1 platelet``."""
    return comma_list(f"{words.number(count)} {shown(name)}" for name, count in counts.items())


def _divided(split: Split | None, path: str) -> tuple[str, str]:
    """The part that a sample is in, and its class there; empty where it is in none."""
    if split is not None:
        for part in PARTS:
            found = _find(getattr(split, part), path)
            if found is not None:
                return part, split.classes[found.label]
    return "", ""


def _find(samples: Sequence[Sample], path: str) -> Sample | None:
    """The sample ``path`` among ``samples``, which are sorted by path: there may be a million."""
    at = bisect_left(samples, path, key=lambda sample: sample.path)
    return samples[at] if at < len(samples) and samples[at].path == path else None
