"""The background of transparent pictures is one on which they show."""

import pytest
from PIL import Image

from transfergui.core.modalities.image import ground


def icon(colour: tuple[int, int, int], hole: int = 30) -> Image.Image:
    image = Image.new("RGBA", (40, 40), (*colour, 255))
    image.paste((0, 0, 0, 0), (0, 0, 40, hole))
    return image


WHITE, BLACK, RED, LIGHT = (255, 255, 255), (0, 0, 0), (200, 30, 30), (240, 240, 235)


@pytest.mark.parametrize(
    ("colours", "expected"),
    [
        ([WHITE] * 9, "black"),
        ([LIGHT] * 8 + [RED], "black"),
        ([BLACK] * 9, "white"),
        ([RED] * 9, "white"),
        ([WHITE, BLACK] * 4, "gray"),
        ([WHITE] * 8 + [BLACK] * 8 + [RED], "gray"),
    ],
)
def test_the_background_hides_the_fewest(
    colours: list[tuple[int, int, int]], expected: str
) -> None:
    found = [ground.contrasts(icon(colour)) for colour in colours]
    assert ground.choose([each for each in found if each]) == expected


def test_what_has_no_transparent_part_tells_nothing() -> None:
    assert ground.contrasts(icon(WHITE, hole=0)) is None
    assert ground.contrasts(icon(WHITE, hole=40)) is None
    assert ground.contrasts(Image.new("RGB", (9, 9))) is None
