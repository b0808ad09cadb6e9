"""Options: one declaration gives the form's description, the bounds and the messages."""

from typing import Annotated, Literal

import pytest

from transfergui.core.base import options as opt
from transfergui.core.base.errors import UserError
from transfergui.core.base.options import Options, option


class Inner(Options, frozen=True):
    rate: Annotated[float, option("Rate", "How fast.", ge=0, le=1, unit="Hz")] = 0.5


class Example(Options, frozen=True):
    count: Annotated[int, option("Count", "How many.", ge=1, advanced=True)] = 3
    fit: Annotated[Literal["crop", "pad"], option("Fit", "How.", labels={"crop": "Cut"})] = "crop"
    maybe: Annotated[int, option("Maybe", "Chosen by the program.", ge=0)] | None = None
    flag: Annotated[bool, option("Flag", "On or off.")] = False
    teacher: Annotated[str, option("Teacher", "Whom to learn from.", chooser="network")] = "net"
    hidden: int = 7
    inner: Inner = Inner()


def failure(value: object, struct: type = Example, path: str = "") -> dict:
    with pytest.raises(UserError) as caught:
        opt.check(value, struct, path)
    assert caught.value.code == "recipe.invalid"
    return caught.value.note.values


def test_describe_reads_what_was_declared() -> None:
    count, fit, maybe, flag, teacher = opt.describe(Example)
    assert (count.kind, count.default, count.low, count.high) == ("int", 3, 1, None)
    assert (count.title, count.help, count.advanced) == ("Count", "How many.", True)
    assert (fit.kind, fit.choices) == ("choice", (("crop", "Cut"), ("pad", "pad")))
    assert (maybe.kind, maybe.optional, maybe.default) == ("int", True, None)
    assert (flag.kind, flag.optional) == ("bool", False)
    assert (teacher.kind, teacher.default) == ("network", "net")
    assert opt.describe(Inner)[0].unit == "Hz"


def test_check_fills_in_defaults() -> None:
    assert opt.check({"count": 5}, Example) == Example(count=5)
    assert opt.check(Example(count=5), Example) == Example(count=5)


@pytest.mark.parametrize(
    ("tree", "path"),
    [
        ({"count": 0}, "count"),
        ({"count": "many"}, "count"),
        ({"count": True}, "count"),
        ({"fit": "stretch"}, "fit"),
        ({"inner": {"rate": 2}}, "inner.rate"),
        ({"inner": {"rate": float("nan")}}, "inner.rate"),
        ({"inner": {"speed": 2}}, "inner.speed"),
        ({"inner": 3}, "inner"),
        ({"colour": 1}, "colour"),
    ],
)
def test_check_names_the_path(tree: dict, path: str) -> None:
    assert failure(tree)["path"] == path
    assert failure(tree, path="outer")["path"] == f"outer.{path}"


def test_the_whole_is_named_where_there_is_no_path() -> None:
    assert failure([1, 2])["path"] == "recipe"
    assert failure([1, 2], path="augment")["path"] == "augment"


def test_reasons_read_as_sentences() -> None:
    assert failure({"colour": 1})["reason"] == "there is no such setting"
    assert failure({"count": 0})["reason"] == "the value must be a whole number of at least 1"
    reason = failure({"inner": {"rate": 2}})["reason"]
    assert reason == "the value must be a number of at most 1"
    assert failure({"count": "many"})["reason"] == "the value must be a whole number, not a text"
    reason = failure({"maybe": "many"})["reason"]
    assert reason == "the value must be a whole number or null (the program chooses), not a text"
    assert (
        failure({"fit": "stretch"})["reason"] == "the value must be one of crop, pad, not stretch"
    )
    assert (
        failure({"inner": 3})["reason"]
        == "the value must be a group of settings, not a whole number"
    )


def test_a_choice_deeper_down_is_told_as_well() -> None:
    class Outer(Options, frozen=True):
        example: Example = Example()

    assert "crop, pad" in failure({"example": {"fit": "stretch"}}, Outer)["reason"]


def test_assign_makes_missing_levels_and_leaves_the_original() -> None:
    tree = {"a": {"b": 1, "c": 2}, "d": 3}
    assert opt.assign(tree, "a.b", 9) == {"a": {"b": 9, "c": 2}, "d": 3}
    assert opt.assign(tree, "d.e", 9) == {"a": {"b": 1, "c": 2}, "d": {"e": 9}}
    assert opt.assign(tree, "x.y.z", 9)["x"] == {"y": {"z": 9}}
    assert tree == {"a": {"b": 1, "c": 2}, "d": 3}
