"""What cropping cuts off, squeezing distorts and enlarging blows up."""

import numpy as np
import pytest

from transfergui.core.modalities.image import framing
from transfergui.core.modalities.image.options import ImageInput

COUNT = 30


def columns(
    width: float, height: float, box: tuple[float, float, float, float] = (np.nan,) * 4
) -> dict[str, np.ndarray]:
    names = ("width", "height", "box_left", "box_top", "box_right", "box_bottom")
    return {
        name: np.full(COUNT, value)
        for name, value in zip(names, (width, height, *box), strict=True)
    }


CROP = ImageInput(size=224, resize=256, fit="crop")


def codes(found: dict[str, np.ndarray], input: ImageInput = CROP) -> list[str]:
    return [each.code for each in framing.framed(found, input)]


def test_what_is_cut_off_of_an_object() -> None:
    whole = columns(200, 400, (0, 0, 1, 1))  # 7/8 of the width, 7/16 of the height stay
    assert framing.lost_shares(whole, CROP)[0] == pytest.approx(1 - 7 / 8 * 7 / 16)
    assert framing.lost_shares(columns(200, 400, (0.3, 0.4, 0.7, 0.6)), CROP)[0] == 0


def test_cut_objects_are_told_with_what_to_do() -> None:
    tall = columns(200, 400, (0.2, 0.1, 0.8, 0.9))
    (found,) = framing.framed(tall, CROP)
    assert (found.code, found.setting, found.value) == ("check.framing_cut", "input.fit", "pad")
    assert (found.values["count"], found.values["total"]) == (COUNT, COUNT)
    assert len(found.rows) == COUNT
    assert codes(tall, ImageInput(fit="pad")) == []
    square = columns(400, 400, (0, 0, 1, 1))
    (edges,) = framing.framed(square, CROP)
    assert (edges.code, edges.setting, edges.value) == (
        "check.framing_cut_edges",
        "input.resize",
        224,
    )
    assert codes(square, ImageInput(size=224, resize=224)) == []


def test_objects_in_the_middle_are_not_cut() -> None:
    assert codes(columns(200, 400, (0.3, 0.4, 0.7, 0.6))) == []
    few = columns(200, 400, (0.3, 0.4, 0.7, 0.6))
    few["box_top"][:2], few["box_bottom"][:2] = 0, 1  # 2 of 30
    assert codes(few) == []


def test_where_no_object_is_found_the_picture_counts() -> None:
    assert codes(columns(1600, 400)) == ["check.framing_narrow"]
    assert codes(columns(400, 300)) == []


def test_squeezing_and_enlarging() -> None:
    squash = ImageInput(fit="squash")
    assert codes(columns(900, 500), squash) == ["check.framing_squeezed"]
    assert codes(columns(600, 500), squash) == []
    small = columns(400, 400)
    small["width"][3] = small["height"][3] = 50
    (found,) = framing.framed(small, CROP)
    assert (found.code, found.rows) == ("check.framing_enlarged", (3,))
