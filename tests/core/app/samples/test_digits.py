"""Ten digits as pictures."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.core.test_resolve import split
from transfergui.core.app.samples import catalogue as samples
from transfergui.core.app.samples import digits
from transfergui.core.resolve import resolve


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("digits")
    digits.write(home)
    return home


def test_digits_are_pictures_by_class(folder: Path) -> None:
    files = sorted(folder.rglob("*.png"))
    assert len(files) == 1797
    assert sorted(path.name for path in folder.iterdir()) == [str(digit) for digit in range(10)]
    picture = np.asarray(Image.open(files[0]))
    assert picture.shape == (digits.SIDE, digits.SIDE)
    assert picture.max() - picture.min() > 150


def test_the_strip_shows_the_sample(folder: Path) -> None:
    """To renew it: save ``strip`` as ``resources/samples/digits.png``."""
    firsts = [min((folder / str(digit)).iterdir()) for digit in range(10)]
    strip = np.hstack([np.asarray(Image.open(path)) for path in firsts])
    shown = samples.find("digits").strip_path
    assert shown is not None
    assert np.array_equal(np.asarray(Image.open(shown)), strip)


def test_a_mirrored_digit_is_none() -> None:
    plan = resolve(samples.find("digits").recipe, split(3, 3))
    assert plan.pretrained
    assert not plan.augment.flip
