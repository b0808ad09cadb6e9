"""The bundled sample: ten digits as pictures, written once."""

import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from transfergui.core import paths, samples


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten pictures instead of 1797."""

    def write(folder: Path) -> None:
        for digit in range(10):
            (folder / str(digit)).mkdir()
            (folder / str(digit) / "0.png").write_bytes(b"x")

    monkeypatch.setattr(samples, "_write_digits", write)


def test_digits_are_pictures_by_class() -> None:
    folder = samples.digits()
    files = sorted(folder.rglob("*.png"))
    assert folder.is_relative_to(paths.cache_dir())
    assert len(files) == 1797
    assert sorted(path.name for path in folder.iterdir()) == [str(digit) for digit in range(10)]
    picture = np.asarray(Image.open(files[0]))
    assert picture.shape == (samples.SIDE, samples.SIDE)
    assert picture.max() - picture.min() > 150
    assert [p.name for p in folder.parent.iterdir()] == ["digits"]


def test_they_are_written_once(few: None, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = samples.digits()
    monkeypatch.setattr(samples, "_write_digits", lambda folder: pytest.fail("again"))
    assert samples.digits() == folder


def test_half_a_sample_is_none(few: None, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(samples, "_write_digits", lambda folder: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            samples.digits()
    assert list((paths.cache_dir() / "samples").iterdir()) == []
    assert len(list(samples.digits().iterdir())) == 10


def test_two_at_once_do_no_harm(few: None) -> None:
    threads = [threading.Thread(target=samples.digits) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [p.name for p in (paths.cache_dir() / "samples").iterdir()] == ["digits"]
    assert len(list(samples.digits().iterdir())) == 10


def test_the_demo_needs_no_weights(few: None) -> None:
    from tests.core.test_plan import split
    from transfergui.core.plan import resolve

    plan = resolve(samples.demo_recipe(), split(3, 3))
    assert not plan.strategy.pretrained
    assert Path(plan.recipe.data.path) == samples.digits()
