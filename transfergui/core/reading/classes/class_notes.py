"""What is to be said of the classes of a data set: empty, uneven or doubtful ones."""

from collections import Counter
from collections.abc import Iterator, Sequence

from transfergui.core.data import imbalance, labels
from transfergui.core.data.dataset import (
    Dataset,
    Problem,
    natural_order,
    singles,
)
from transfergui.core.data.targets import (
    BOXES,
    NONE_OF_THEM,
    NUMBER,
    ONE_CLASS,
    SEVERAL_LABELS,
    SEVERAL_QUESTIONS,
    names_in,
    parsed_answers,
    parsed_labels,
)
from transfergui.core.reading.listings.listing import Listing, some
from transfergui.core.reading.names import kinds
from transfergui.core.reading.parsing import numbers

FEWEST_NUMBERS = 3
"""So many classes that are numbers may be steps of one thing."""


def used_labels(listing: Listing) -> set[int]:
    return {sample.label for sample in listing.samples}


def unlabelled(listing: Listing, noun: str) -> Iterator[Problem]:
    """That samples have no label, or lack answers: how many."""
    counts = Counter(listing.classes[s.label] for s in listing.samples)
    if listing.targets.objective == SEVERAL_LABELS and counts[NONE_OF_THEM]:
        values = {"count": counts[NONE_OF_THEM], "noun": noun}
        yield Problem("data.without_labels", values, path=".", left_out=False)
    if listing.targets.objective == BOXES and counts[NONE_OF_THEM]:
        values = {"count": counts[NONE_OF_THEM], "noun": noun}
        yield Problem("data.without_boxes", values, path=".", left_out=False)
    if listing.targets.objective != SEVERAL_QUESTIONS:
        return
    for place, name in enumerate(listing.targets.names):
        missing = sum(n for text, n in counts.items() if parsed_answers(text)[place] is None)
        if missing:
            values = {"count": missing, "noun": noun, "name": name}
            yield Problem("data.without_answer", values, path=".", left_out=False)


def classes_without_samples(listing: Listing, noun: str) -> list[Problem]:
    if listing.targets.objective != ONE_CLASS:
        return []
    used = used_labels(listing)
    empty = [name for label, name in enumerate(listing.classes) if label not in used]
    return [Problem("data.empty_class", {"noun": noun}, path=name) for name in sorted(empty)]


def class_problems(dataset: Dataset) -> Iterator[Problem]:
    yield from singles(dataset)
    yield from _none_among_labels(dataset)
    yield from _unknown(dataset)
    if dataset.targets.objective != ONE_CLASS:
        return
    if _are_numbers(dataset.classes):
        names = some(natural_order(dataset.classes))
        yield Problem("data.classes_are_numbers", {"names": names}, path=".", left_out=False)
    counts = dict(zip(dataset.classes, dataset.counts(), strict=True))
    yield from _similar_names(dataset)
    largest, smallest = max(counts, key=counts.__getitem__), min(counts, key=counts.__getitem__)
    if imbalance.is_uneven(dataset.counts()):
        values = {"largest": largest, "smallest": smallest, "noun": dataset.noun}
        numbers = {"most": counts[largest], "fewest": counts[smallest]}
        yield Problem("data.uneven", values | numbers, path=".", left_out=False)


def _are_numbers(classes: Sequence[str]) -> bool:
    """Whether classes tell how much something is (1 to 5 stars), unlike class numbers from 0."""
    if len(classes) < FEWEST_NUMBERS or not numbers.is_numeric(classes, 1):
        return False
    how = numbers.written(classes)
    return sorted(how.value(name) or 0.0 for name in classes) != list(range(len(classes)))


def _none_among_labels(dataset: Dataset) -> Iterator[Problem]:
    """Labels that say that there is none, and have none beside them: ``No Finding``."""
    if dataset.targets.objective != SEVERAL_LABELS:
        return
    counts = dict(zip(dataset.classes, dataset.counts(), strict=True))
    for name in dataset.targets.names:
        own = [text for text in counts if name in parsed_labels(text)]
        if own == [name] and kinds.says_none(name) and len(dataset.targets.names) > 1:
            values = {"count": counts[name], "noun": dataset.noun}
            yield Problem("data.label_none", values, path=name, left_out=False)


def _unknown(dataset: Dataset) -> Iterator[Problem]:
    """Classes, labels and answers that may say that nobody knew: ``NA``."""
    if dataset.targets.objective == NUMBER:
        return
    used = Counter[str]()
    for text, count in zip(dataset.classes, dataset.counts(), strict=True):
        for name in {*names_in(dataset.targets.objective, text)}:
            used[name] += count
    for name in filter(kinds.says_unknown, used):
        values = {"count": used[name], "noun": dataset.noun}
        yield Problem("data.unknown_class", values, path=name, left_out=False)


def _similar_names(dataset: Dataset) -> Iterator[Problem]:
    """Names that may be meant to be one, though the user said that they are not."""
    number = dict(zip(dataset.classes, dataset.counts(), strict=True))
    for several in labels.similar(dataset.classes):
        values = {"names": labels.quoted(several, number), "classes": several}
        yield Problem("data.similar_names", values, path=several[0], left_out=False)
