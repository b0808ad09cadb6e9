"""What the user asked for, as a file that anybody may have changed."""

from pathlib import Path

import pytest

from transfergui.core.base.errors import UserError
from transfergui.core.runs import doubts


def test_what_is_wanted_is_kept_and_forgotten(tmp_path: Path) -> None:
    doubts.keep_wanted(tmp_path, 0.05)
    assert doubts.wanted(tmp_path) == 0.05
    doubts.keep_wanted(tmp_path, None)
    assert doubts.wanted(tmp_path) is None


@pytest.mark.parametrize("share", ["0", "1", "NaN", '"x"'])
def test_a_share_that_cannot_be_wanted(tmp_path: Path, share: str) -> None:
    (tmp_path / doubts.PROMISE).write_text(f'{{"at_most_wrong": {share}}}')
    with pytest.raises(UserError) as caught:
        doubts.wanted(tmp_path)
    assert caught.value.code == "run.damaged"
