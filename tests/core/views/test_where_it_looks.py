"""Heat maps of a result: whether they can be believed, and what lies on the border."""

from collections.abc import Callable

import pytest

from tests.core.conftest import Run
from tests.core.looking.test_explain import made
from transfergui.core.base.progress import untold
from transfergui.core.evaluation.kinds import Gallery
from transfergui.core.views import where_it_looks
from transfergui.core.views.result import Result


@pytest.mark.parametrize(
    "objective, modality, border",
    [("one_class", "image", True), ("number", "image", False), ("one_class", "text", False)],
)
def test_every_test_sample_stands_in_a_gallery(
    objective_run: Callable[[str, str], Run], objective: str, modality: str, border: bool
) -> None:
    result = Result(objective_run(objective, modality))
    shown = where_it_looks.compute(result, untold)
    galleries = [part for part in shown.parts if isinstance(part, Gallery)]
    items = [item for gallery in galleries for item in gallery.items]
    assert {item.path for item in items} == {row.path for row in result.rows}
    assert all(item.beside is not None for item in items)
    assert shown.notes[0].code in (
        "looking.maps_reliable",
        "looking.maps_partly",
        "looking.maps_unreliable",
    )
    assert ("border_share" in shown.figures) == border


def codes(reliable: int, of: int) -> list[str]:
    found = [made(number < reliable) for number in range(of)]
    return [note.code for note in where_it_looks.check_notes(found)]


def test_maps_are_believed_where_hiding_agrees_with_them() -> None:
    assert codes(15, 16) == ["looking.maps_reliable"]
    assert codes(7, 11) == ["looking.maps_partly"]  # a third fails: no tick
    assert codes(5, 16) == ["looking.maps_unreliable"]  # as many as by chance
    assert codes(0, 0) == []
