"""Numbers and nouns as people read them: the one place where the window counts things."""

from dataclasses import dataclass

from PySide6.QtCore import QLocale

from transfergui.core import registry
from transfergui.core.base.figure_texts import per_cent, share_ends, span
from transfergui.core.base.i18n import N_, _, comma_list, duration, grouped, language, ngettext
from transfergui.core.data.dataset import Dataset
from transfergui.core.interfaces.plan import Modality
from transfergui.core.runs.events import Progress

ENGLISH = ((1e9, N_("{count} billion")), (1e6, N_("{count} million")))
CHINESE = ((1e8, "{count} 亿"), (1e4, "{count} 万"))
"""The units of large numbers, the largest first."""


@dataclass(frozen=True)
class Noun:
    """What the samples of a modality are called (untranslated)."""

    one: str
    many: str

    @classmethod
    def of(cls, modality: Modality) -> "Noun":
        return cls(modality.one, modality.many)

    def amount(self, count: int) -> str:
        """``1 picture``, ``412 pictures``."""
        noun = _(self.one if count == 1 else self.many)
        return _("{count} {noun}").format(count=number(count), noun=noun)


def amount(modality: Modality, samples: int, files: int) -> str:
    """``12 recordings``; of long ones, ``31 clips of 12 recordings``."""
    noun = Noun.of(modality)
    if modality.tables or files == samples:
        return noun.amount(samples)
    text = _("{count} clips of {amount}")
    return text.format(count=number(samples), amount=noun.amount(files))


def number(value: int) -> str:
    """With the thousands grouped as in every sentence."""
    return grouped(value)


LEAST_LEFT = 0.5
"""Seconds below which nothing is said of the time that is left: it would be 0."""


def left(at: Progress) -> str:
    """``About 12 s left``; of a search ``At most``, which ends sooner once everything was tried."""
    if at.eta is None or at.eta < LEAST_LEFT:
        return ""
    said = _("At most {time} left") if at.stage == "search" else _("About {time} left")
    return said.format(time=duration(at.eta))


def large(count: float) -> str:
    """``3.5 million``, ``1.2 billion``; more digits would say nothing to anybody.

    Chinese counts in ten thousands and hundred millions: ``350 万``, ``12 亿``.
    """
    units = CHINESE if language().startswith("zh") else ENGLISH
    size, unit = next((each for each in units if count >= each[0]), units[-1])
    value = count / size
    return _(unit).format(count=QLocale().toString(value, "f", 0 if value >= 10 else 1))


def size(count: int) -> str:
    """Bytes as ``14 MB``, ``1.4 GB``."""
    decimals = 1 if count < 10_000_000 or 1e9 <= count < 9.95e9 else 0
    return QLocale().formattedDataSize(count, decimals, QLocale.DataSizeFormat.DataSizeSIFormat)


def bracketed(text: str, more: str) -> str:
    """``Problems (3)``, with the brackets of the language."""
    return _("{name} ({meaning})").format(name=text, meaning=more)


def counted(dataset: Dataset) -> str:
    """``6 classes``, ``10 labels``, ``2 questions``, ``a number in kg``."""
    objective = registry.objective(dataset.targets.objective)
    return objective.counted(dataset.targets, len(dataset.classes))


def classes(count: int) -> str:
    return ngettext("{count} class", "{count} classes", count).format(count=number(count))


def problems(count: int) -> str:
    return ngettext("{count} problem", "{count} problems", count).format(count=number(count))


def problems_and_notes(found: int, notes: int) -> str:
    """``3 problems, 1 note``."""
    said = [problems(found)] if found or not notes else []
    if notes:
        text = ngettext("{count} note", "{count} notes", notes)
        said.append(text.format(count=number(notes)))
    return comma_list(said)


def percent(share: float | None) -> str:
    """``93.1 %``; n/a where there was nothing to measure."""
    return _("n/a") if share is None else per_cent(QLocale().toString(100 * share, "f", 1))


def percents(low: float, high: float) -> str:
    """``91 to 95 %``; ``97.1 to 97.3 %`` where whole ones are alike."""
    return per_cent(span(*share_ends(low, high)))


def brief(text: str, most: int) -> str:
    """``text`` in at most so many letters, its middle left out where it is longer."""
    if len(text) <= most:
        return text
    kept = most - 1
    return f"{text[: (kept + 1) // 2]}…{text[len(text) - kept // 2 :]}"
