"""Reading what a file of ours should hold."""

from typing import Any

import pytest

from transfergui.core.base import records


@pytest.mark.parametrize("kind", [str, str.encode])
def test_half_a_character_is_refused_an_undecodable_name_is_not(kind: Any) -> None:
    """Bytes of a path that are no UTF-8 are kept as ``\\udc80`` to ``\\udcff``; anything else that
    is half of a character could neither be written nor shown."""
    assert records.parse(kind('{"path": "a\\udce9.jpg", "emoji": "\\ud83d\\ude00"}'))
    for half in ("\\ud83d", "\\ude00"):
        with pytest.raises(ValueError, match="ends in the middle of a character"):
            records.parse(kind(f'{{"label": "a{half}"}}'))
