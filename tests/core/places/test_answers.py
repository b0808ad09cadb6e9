"""What the other side answers, where that is something else."""

from pathlib import Path
from typing import Any

import pytest

from transfergui.core.base import files
from transfergui.core.base.errors import UserError
from transfergui.core.places import answers


@pytest.mark.parametrize(
    ("tree", "kind"),
    [
        ({"told": 3}, answers.State),
        ({"folder": "/there", "free": "much"}, answers.Greeting),
        ({"free": 3}, answers.Greeting),
        ({"error": "place.disk", "values": []}, answers.Refusal),
        ([1, None], tuple[int, ...]),
    ],
)
def test_what_is_not_an_answer_is_one_error(tree: Any, kind: Any) -> None:
    with pytest.raises(UserError) as refused:
        answers.read(tree, kind, "lab")
    assert refused.value.code == "place.garbled"


def test_a_long_name_is_no_full_disk(tmp_path: Path) -> None:
    path = tmp_path / ("a" * 300)
    with pytest.raises(OSError, match="too long") as raised:
        path.write_bytes(b"")
    assert files.not_written(path, raised.value).code == "path.too_long"
