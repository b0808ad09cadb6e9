"""Suggestions and their estimate, on features that are made up."""

import numpy as np

from transfergui.core.figures.intervals import wilson
from transfergui.core.labelling import estimate, suggestions
from transfergui.core.labelling.table import LabelTable

CLASSES = ("cat", "cow", "dog")


def clouds(count: int = 120, spread: float = 0.35, seed: int = 0) -> tuple[np.ndarray, list[str]]:
    """Features [N, 16] around a place for each class, and the classes."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, len(CLASSES), count)
    x = np.eye(len(CLASSES), 16)[labels] + spread * rng.standard_normal((count, 16))
    return x.astype(np.float32), [CLASSES[label] for label in labels]


def answered(order: tuple[int, ...], truth: list[str], table: LabelTable, count: int) -> LabelTable:
    for row in order[:count]:
        table = table.assigned([str(row)], truth[row])
    return table


def test_a_person_who_follows_the_order_is_told_how_good_it_is() -> None:
    x, truth = clouds()
    paths = tuple(map(str, range(len(x))))
    table = LabelTable("/data", "image", CLASSES)
    found = suggestions.suggested(x, paths, table)
    assert not found.classes
    assert found.suggested(0) is None
    assert sorted(found.order) == list(range(len(x)))
    for _round in range(4):
        table = answered(found.order, truth, table, 12)
        found = suggestions.suggested(x, paths, table)
    assert found.classes == CLASSES
    assert np.allclose(found.probabilities.sum(1), 1)
    rest = [row for row, path in enumerate(paths) if path not in table.labels]
    assert sorted(found.order) == rest
    right = np.mean([found.suggested(row)[0] == truth[row] for row in rest])  # type: ignore[index]
    told = estimate.estimated(found, table)
    assert told.n >= 12  # every fourth of 48, and what the others add
    assert told.accuracy is not None
    assert told.low < right < told.high
    alone = wilson(told.right, told.n)  # too narrow: the sample is not independent
    assert alone is not None and told.low < alone.low and told.high >= alone.high
    assert sorted(row for rows in found.by_class().values() for row in rows) == rest


def test_every_fourth_is_drawn_whatever_it_shows() -> None:
    x, _truth = clouds()
    found = suggestions.suggested(x, tuple(map(str, range(len(x)))), LabelTable("/data", "image"))
    places = [place for place, row in enumerate(found.order[:40]) if row in found.drawn]
    assert places == list(range(0, 40, 4))
    assert [found.order[place] for place in places] == [
        row for row in suggestions.random_order(found.paths) if row in found.drawn
    ][:10]


def test_neighbours_are_of_the_same_kind() -> None:
    x, truth = clouds(spread=0.1)
    near = suggestions.neighbours(x, [0, 5], 10)
    assert len(near) == 10
    assert not {0, 5} & set(near)
    assert {truth[row] for row in near} <= {truth[0], truth[5]}


def test_enough_is_said_where_more_labels_add_nothing() -> None:
    for spread, enough in ((0.1, True), (0.9, False)):
        x, truth = clouds(spread=spread)
        paths = tuple(map(str, range(len(x))))
        table = LabelTable("/data", "image", CLASSES)
        for row in suggestions.random_order(paths)[:90]:
            table = table.assigned([paths[row]], truth[row])
        told = estimate.estimated(suggestions.suggested(x, paths, table), table)
        assert told.n == 90
        assert told.enough is enough
        assert told.gain is not None
        assert all(told.sentences())
