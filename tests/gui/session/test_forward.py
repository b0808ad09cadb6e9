"""Attributes that belong to a part."""

from types import SimpleNamespace

import pytest

from transfergui.gui.session.forward import Forward


class Whole:
    value = Forward[int]("part")

    def __init__(self) -> None:
        self.part = SimpleNamespace(value=1)


def test_the_attribute_is_that_of_the_part_now() -> None:
    whole = Whole()
    assert whole.value == 1
    whole.part.value = 2
    assert whole.value == 2


def test_a_part_that_is_not_there_is_an_error() -> None:
    whole = Whole()
    del whole.part
    with pytest.raises(AttributeError):
        _ = whole.value
