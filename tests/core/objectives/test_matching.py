"""What the classes of other data mean to a model: names in another order, other names, none."""

from collections.abc import Mapping, Sequence

import pytest

from transfergui.core import registry
from transfergui.core.base.errors import UserError
from transfergui.core.data.targets import Targets, of_labels, of_numbers, of_questions
from transfergui.core.interfaces.objective import Found, Matched


def same(names: Sequence[str], known: Sequence[str]) -> Mapping[str, str]:
    """Names are the same whatever their case."""
    own = {name.casefold(): name for name in known}
    return {name: own[name.casefold()] for name in names if name.casefold() in own}


def matched(found: Found, classes: Sequence[str], targets: Targets) -> Matched:
    objective = registry.objective(targets.objective)
    return objective.matched(tuple(classes), targets, found, same)


def texts(found: Matched) -> list[str | None]:
    """The combination of each class of the data, as the model writes it."""
    return [None if at is None else found.found.classes[at] for at in found.labels]


def test_classes_are_matched_by_name() -> None:
    found = matched(Found(Targets(), ("a", "b")), ("B", "c", "a"), Targets())
    assert found.labels == (1, None, 0)
    assert found.unknown == ((), ("c",), ())
    assert found.renamed == {"B": "b"}


LABELS = of_labels(("cat", "cat; dog"), ("cat", "dog", "fox"))
PACKAGED = Found(of_labels((), LABELS.names), ())
"""A package does not know the samples."""


@pytest.mark.parametrize("run", [True, False])
def test_labels_stand_in_the_order_of_the_model(run: bool) -> None:
    own = Found(LABELS, ("cat", "cat; dog")) if run else Found(of_labels((), LABELS.names), ("x",))
    theirs = ("Dog; cow; cat", "(none)", "cow", "fox; Dog")
    found = matched(own, theirs, of_labels(theirs, ("cow", "Dog", "cat", "fox")))
    assert texts(found) == ["cat; dog", "(none)", "(none)", "dog; fox"]
    assert found.unknown == (("cow",), (), ("cow",), ())
    assert found.renamed == {"Dog": "dog"}
    values = found.found.targets.values
    assert [values[at] for at in found.labels if at is not None] == [(0, 1), (), (), (1, 2)]
    assert found.labels[0] == (1 if run else 0)  # the classes of the training stand first
    assert len(values) == len(found.found.classes)


def test_labels_of_which_the_model_knows_none() -> None:
    theirs = ("cow", "(none)")
    assert matched(PACKAGED, theirs, of_labels(theirs)).labels == (
        None,
        None,
    )


def test_that_no_sample_has_a_label_can_be_measured() -> None:
    assert texts(matched(PACKAGED, ("(none)",), of_labels(("(none)",)))) == ["(none)"]


ASKED = of_questions((), ("digit", "speaker"), (("one", "two"), ("ann", "bob")))


def test_questions_and_answers_are_matched_by_name() -> None:
    theirs = ("ANN · red · two", "zoe · red · one", "? · blue · ?")
    found = matched(Found(ASKED, ()), theirs, of_questions(theirs, ("Speaker", "colour", "digit")))
    assert texts(found) == ["two · ann", "one · ?", "? · ?"]
    assert found.unknown == (("colour",), ("Speaker: zoe", "colour"), ("colour",))
    assert found.renamed == {"Speaker": "speaker", "Speaker: ANN": "ann"}


def test_a_question_that_the_data_lack_is_not_answered() -> None:
    theirs = ("one", "two")
    found = matched(Found(ASKED, ()), theirs, of_questions(theirs, ("digit",)))
    assert texts(found) == ["one · ?", "two · ?"]


def test_questions_of_which_the_model_knows_none() -> None:
    theirs = ("red", "blue")
    found = matched(Found(ASKED, ()), theirs, of_questions(theirs, ("colour",)))
    assert found.labels == (None, None)


def test_numbers_need_no_names() -> None:
    own = Found(of_numbers(("3", "4.5"), "weight", "kg"), ("3", "4.5"))
    found = matched(own, ("4.5", "-1"), of_numbers(("4.5", "-1"), "mass"))
    assert (found.labels, texts(found)) == ((1, 2), ["4.5", "-1"])
    with pytest.raises(UserError, match=r"in kg.*in g") as caught:
        matched(own, ("4500",), of_numbers(("4500",), "weight", "g"))
    assert caught.value.code == "evaluate.other_unit"
