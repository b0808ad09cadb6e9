"""What is said of an adapted model: never that it is better where no label shows it."""

from typing import Any

import msgspec
import pytest

from transfergui.core.evaluation import adapted
from transfergui.core.figures.adapting import Adaptation, Side


def side(**figures: Any) -> Side:
    known = {"accuracy": 0.9, "weighted": None, "information": 1.0, "mean_entropy": 1.0}
    return Side(**known | figures)


def found(kept: str = "adapted", **figures: Any) -> Adaptation:
    known: dict[str, Any] = {
        "strategy": "mcc",
        "plain": side(),
        "adapted": side(),
        "validated": 40,
        "effective": 12.5,
        "target": 200,
        "changed": 0.25,
        "shares": {"cat": (0.5, 0.6), "dog": (0.5, 0.4)},
    }
    return Adaptation(kept=kept, **known | figures)


def checked(kept: str, plain: float, after: float, p: float) -> Adaptation:
    sides = {"plain": side(checked=plain), "adapted": side(checked=after)}
    return found(kept, **sides, checked=60, p=p)


CASES = [
    (checked("adapted", 0.5, 0.8, 0.001), "adapt.helped", "good"),
    (checked("adapted", 0.5, 0.55, 0.4), "adapt.maybe_helped", "info"),
    (checked("plain", 0.8, 0.5, 0.001), "adapt.hurt", "warning"),
    (checked("plain", 0.5, 0.5, 1.0), "adapt.no_gain", "info"),
    (found(), "adapt.kept", "info"),
    (found(changed=0.0), "adapt.unchanged", "info"),
    (found("plain", changed=0.0), "adapt.unchanged", "info"),
    (found(changed=0.01), "adapt.kept_few", "info"),
    (found("plain", reasons=("adapt.less_clear",)), "adapt.declined", "info"),
]


@pytest.mark.parametrize(("adaptation", "code", "level"), CASES, ids=[case[1] for case in CASES])
def test_what_is_said(adaptation: Adaptation, code: str, level: str) -> None:
    (note,) = adapted.told(adaptation, "pictures")
    assert (note.code, note.level) == (code, level)
    sentence = note.sentence()
    assert "{" not in sentence
    if not adaptation.checked:
        assert "help" not in sentence and "better" not in sentence
    verdict = adapted.verdict(adaptation)
    tree = msgspec.to_builtins(verdict)
    assert set(tree) == {"kept", "code", "with", "without", "probe"}
    assert (tree["kept"], tree["code"]) == (adaptation.kept, code)
    assert tree["with"] == (adaptation.adapted.checked or 0.9)


def test_every_reason_is_a_sentence() -> None:
    reasons = ("adapt.worse_at_home", "adapt.less_clear", "adapt.worse_where_alike")
    every = found("plain", reasons=(*reasons, "adapt.lost_classes"), lost=("cat",))
    sentence = adapted.told(every, "pictures")[0].sentence()
    assert "“cat”" in sentence
    assert sentence.count(".") >= 5


def test_how_many_labels_would_tell() -> None:
    (note,) = adapted.told(found(changed=0.25), "pictures")
    assert note.values["needed"] == 60
    (note,) = adapted.told(found(changed=15 / 200), "pictures")
    assert note.values["needed"] == 200  # all that there are


def test_counts_and_the_interval_are_said_and_that_validation_differs() -> None:
    sides = {"plain": side(checked=21 / 40, accuracy=0.6), "adapted": side(checked=23 / 40)}
    sides["adapted"] = side(checked=23 / 40, accuracy=0.4)
    adaptation = found(**sides, checked=40, p=0.7, low=-0.12, high=0.22, validated=5)
    note, differs = adapted.told(adaptation, "pictures")
    assert (note.values["adapted_hits"], note.values["plain_hits"]) == (23, 21)
    assert "−12 to +22 points" in note.sentence()
    assert (differs.code, differs.values["adapted"]) == ("adapt.validation_differs", 2)
