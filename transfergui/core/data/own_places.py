"""Groups of one's own data that come from where the model will be used: one speaker of six, the
pictures of one camera.

They are named in the recipe (``data.elsewhere``). Their samples leave the data before anything is
divided, so that none of them is in training, validation or test; a split carries them beside, as
other data with the role ``target``. Their classes are known but are not used: each has the label
:data:`UNLABELLED`, so nothing can be chosen by it. Only where the user asks for it
(``data.elsewhere_checks``) are some of them set apart with their labels, with the role ``check``.
These are drawn by a hash of their paths: whoever asks for more gets the same ones and others.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import comma_list
from transfergui.core.data.file_part import FilePart

UNLABELLED = -1
"""The label of a sample whose class nobody knows."""
NAMED = 8
"""So many groups, or settings that make some, are named in an error."""


def named(paths: Sequence[str], groups: Sequence[str | None]) -> dict[str, int]:
    """How many samples each group has; without groups that are only copies of one file, which are
    called as the first of them, and without those that are only the clips of one recording.

    Args:
        paths, groups: of the samples [N].
    """
    counts = Counter(group for group in groups if group)
    files = {FilePart.parse(path).file for path in paths}
    return {name: counts[name] for name in counts.keys() - {*paths} - files}


def members(
    paths: Sequence[str],
    groups: Sequence[str | None],
    wanted: Sequence[str],
    ways: Sequence[str] = (),
) -> frozenset[str]:
    """The paths of the samples of the groups that are ``wanted``.

    Args:
        paths, groups: of the samples [N].
        ways: the settings by which the data could be grouped.

    Raises:
        UserError: ``data.no_group``: none is called so; ``data.no_groups``: there are none, and
            nothing that makes some; ``data.not_grouped``: there are none yet.
    """
    known = named(paths, groups)
    for name in wanted:
        if not known and ways:
            raise UserError("data.not_grouped", name=name, ways=comma_list(ways[:NAMED]))
        if not known:
            raise UserError("data.no_groups", name=name)
        if name not in known:
            some = comma_list([f"“{each}”" for each in sorted(known)[:NAMED]])
            raise UserError("data.no_group", name=name, names=some)
    return frozenset(path for path, group in zip(paths, groups, strict=True) if group in wanted)


def drawn(paths: Iterable[str], count: int) -> frozenset[str]:
    """So many of ``paths``, or all, where there are fewer."""

    def place(path: str) -> bytes:
        return hashlib.blake2b(path.encode("utf-8", "surrogateescape"), digest_size=8).digest()

    return frozenset(sorted(paths, key=place)[:count])
