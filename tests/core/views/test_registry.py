"""Every view: a row with a file of its own."""

from pathlib import Path

from transfergui.core.views import registry

FOLDER = Path(registry.__file__).parent


def test_every_file_is_a_row() -> None:
    keys = [view.key for view in registry.VIEWS]
    assert len(set(keys)) == len(keys)
    assert all((FOLDER / f"{key}.py").is_file() for key in keys)
