"""Launch lines, examined where they would be begun."""

import pytest

from transfergui.core.places import launch_lines


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("sh resume RUN", {}),
        ("A=1 sh -c 'resume RUN' # don't", {}),
        ("cd /tmp && no-such-program RUN", {}),  # only what it begins with is known
        ("( sleep 1; sh RUN )", {}),
        ("no-such-program RUN", {"missing": "no-such-program"}),
        ("OMP_NUM_THREADS=1 ~/no/such/program RUN", {"missing": "~/no/such/program"}),
    ],
)
def test_what_it_begins_with_is_looked_for(line: str, found: dict[str, str]) -> None:
    assert launch_lines.examined(line) == found


def test_the_shell_says_what_it_cannot_read() -> None:
    assert [*launch_lines.examined("sh 'resume RUN")] == ["syntax"]
