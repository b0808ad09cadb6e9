"""One entry of JSON as a flat row: as Label Studio, Prodigy and spaCy nest it."""

from collections.abc import Iterator, Mapping
from typing import Any

HALF, MAX_DEPTH = 0.5, 12
"""How true a class must be said to be; how deep objects are looked into."""
ANSWERED = frozenset(("choices", "rating", "number", "taxonomy"))
"""Kinds of results of Label Studio that say something of a whole example."""
PRODIGY = frozenset(("accept", "_input_hash", "_task_hash"))
"""Keys by which Prodigy's tasks are known."""


def _results(entry: Any) -> Iterator[dict[str, Any]]:
    """What people answered in Label Studio, each with the name of the question."""
    annotations = entry.get("annotations") if isinstance(entry, dict) else None
    for each in annotations or () if are_objects(annotations) else ():
        results = each.get("result")
        yield from (r for r in results if r.get("from_name")) if are_objects(results) else ()


def questions(entry: Any) -> Iterator[str]:
    return (str(r["from_name"]) for r in _results(entry) if r.get("type") in ANSWERED)


def by_question(entry: Any) -> Any:
    """An entry of Label Studio with a column for each question, where there are several."""
    if not any(True for _result in _results(entry)):
        return entry
    annotations = []
    for each in entry["annotations"]:
        if each.get("was_cancelled"):
            continue
        answers = {
            str(r["from_name"]): next(iter(r["value"].values()))
            for r in each.get("result") or ()
            if r.get("type") in ANSWERED and isinstance(r.get("value"), dict) and r["value"]
        }
        annotations.append({"result": answers})
    return {**entry, "annotations": annotations}


def flattened(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """An entry without objects in it: what is nested is named by its path, as in ``data.text``.

    Of a list of objects, the different values of each path are a list. Two marks are taken as
    those who write them mean them: Label Studio's cancelled annotations, Prodigy's rejections.
    """
    entry = _meant(entry)
    if not any(isinstance(value, dict) or are_objects(value) for value in entry.values()):
        return entry
    found: dict[str, list[Any]] = {}
    _gather(entry, "", found)
    return {path: values[0] if len(values) == 1 else values for path, values in found.items()}


def _meant(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """An entry without what was not said of it, or not by a person."""
    entry = dict(entry)
    if "annotations" in entry:
        entry.pop("predictions", None)
        if are_objects(entry["annotations"]):
            entry["annotations"] = [
                each for each in entry["annotations"] if not each.get("was_cancelled")
            ]
    if entry.get("answer") in ("reject", "ignore") and not PRODIGY.isdisjoint(entry):
        entry |= {key: [] for key in ("accept", "label") if key in entry}
    return {key: _choices(value) for key, value in entry.items()}


def _choices(value: Any) -> Any:
    """The labels of ``{"choices": [...]}``, as Label Studio's short export writes several."""
    return value["choices"] if isinstance(value, dict) and [*value] == ["choices"] else value


def _gather(value: Any, path: str, found: dict[str, list[Any]], depth: int = 0) -> None:
    """Add the different values below ``path``, each path's in the order met."""
    if isinstance(value, list) and path and not are_objects(value):
        for each in value:
            _gather(each, path, found, depth + 1)
        found.setdefault(path, [])
    elif are_objects(value):
        for each in value:
            _gather(each, path, found, depth + 1)
    elif isinstance(value, Mapping) and path and _marks(value, path.rpartition(".")[2]):
        found.setdefault(path, []).extend(name for name, mark in value.items() if mark >= HALF)
    elif isinstance(value, Mapping):
        if depth < MAX_DEPTH:
            for name, inner in value.items():
                _gather(inner, f"{path}.{name}" if path else name, found, depth + 1)
    else:
        values = found.setdefault(path, [])
        if value is not None and value not in values:
            values.append(value)


def _marks(value: Mapping[str, Any], name: str) -> bool:
    """Whether an object says of each class how true it is: ``{"pos": 1.0, "neg": 0.0}``.

    spaCy's ``cats`` are meant so whatever their numbers are.
    """
    numbers = [mark for mark in value.values() if isinstance(mark, int | float)]
    if not value or len(numbers) < len(value):
        return False
    if name == "cats":
        return all(0 <= mark <= 1 for mark in numbers)
    return len(value) > 1 and set(numbers) == {0, 1}


def are_objects(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(v, dict) for v in value)
