"""Other data of a run that are no longer where they were: found again, and compared.

They go on being what a run was trained with only where every file is there and has the content
that it had: its size, and its digest where that is remembered
(:mod:`transfergui.core.data.contents`). The run's split and recipe name the new place then; the
order of the samples stays, so that a training that is resumed comes to the same weights.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from transfergui.core import plans
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _, comma_list
from transfergui.core.data.companions import ROLES, Companion, CompanionOptions
from transfergui.core.data.file_part import FilePart
from transfergui.core.data.split import Split
from transfergui.core.interfaces.plan import Plan
from transfergui.core.resolve import resolve
from transfergui.core.runs.run import RECIPE, SPLIT, Run

LOOKED_AT = 20
"""So many samples are looked for; where none is there, the data were moved."""


def require_places(split: Split) -> None:
    """Insist that the other data of a run are where they were.

    Raises:
        UserError: ``companion.moved``.
    """
    for each in split.companions:
        if not each.own and _gone(each):
            raise UserError("companion.moved", path=each.path, role=_(ROLES[each.role].title))


def relocate(run: Run, moved: Mapping[str, Path]) -> None:
    """Make a run find its other data where they are now.

    Args:
        moved: the new place of each, by the old one, or by the name of that.

    Raises:
        UserError: ``companion.not_of_run``: it has none that were there;
            ``companion.missing``; ``companion.not_same``: something else is there.
    """
    if not moved:
        return
    plan = resolve(run.recipe, run.split)
    known = {each.path for each in plan.split.companions if not each.own}
    places: dict[str, Path] = {}
    for old, new in moved.items():
        meant = {path for path in known if old in (path, Path(path).name)}
        if not meant:
            names = comma_list(sorted(known))
            raise UserError("companion.not_of_run", path=old, names=names or "-")
        places |= dict.fromkeys(meant, new.absolute())
    for each in plan.split.companions:
        if not each.own and each.path in places:
            _require_same(plan, each, _moved(each, places))
    for folder in {run.path, *(path.parent for path in run.path.rglob(RECIPE))}:
        _rewrite(Run(folder), places)


def _gone(companion: Companion) -> bool:
    some = companion.samples[:LOOKED_AT]
    return bool(some) and not any(_file(companion.root, each.path).exists() for each in some)


def _file(root: str, path: str) -> Path:
    return Path(os.path.join(root, FilePart.parse(path).file))  # noqa: PTH118


def _moved(companion: Companion, places: Mapping[str, Path]) -> Companion:
    """``companion`` where it is now: its folder, or the folder of its table."""
    new = places.get(companion.path)
    if new is None or companion.own:
        return companion
    root = new if companion.root == companion.path else new.parent
    return msgspec.structs.replace(companion, path=str(new), root=str(root))


def _require_same(plan: Plan, old: Companion, new: Companion) -> None:
    """
    Raises:
        UserError: ``companion.missing``, ``companion.not_same``.
    """
    if not Path(new.path).exists():
        raise UserError("companion.missing", path=new.path)
    wrong = [each.path for each in new.samples if _size(new.root, each.path) != each.size]
    if not wrong:
        known = plans.remembered_digests(plan, Path(old.root))
        now = plans.digests(plan, Path(new.root), new.samples)
        wrong = [path for path, digest in now.items() if known.get(path, digest) != digest]
    if wrong:
        values = {"count": len(wrong), "total": len(new.samples), "first": wrong[0]}
        raise UserError("companion.not_same", path=new.path, old=old.path, **values)


def _size(root: str, path: str) -> int:
    """Bytes; -1 where there is no such file."""
    try:
        return _file(root, path).stat().st_size
    except OSError:
        return -1


def _rewrite(run: Run, places: Mapping[str, Path]) -> None:
    """Write the new places into a run, or into one that was trained beside it."""
    split, recipe = run.split, run.recipe
    beside = tuple(_moved(each, places) for each in split.companions)
    msgspec.structs.replace(split, companions=beside).save(run.path / SPLIT)
    companions = _renamed(recipe.companions, places)
    run.adopt(msgspec.structs.replace(recipe, companions=companions))


def _renamed(companions: CompanionOptions, places: Mapping[str, Path]) -> CompanionOptions:
    for role in ROLES:
        paths: Sequence[str] = [str(places.get(p, p)) for p in companions.of_role(role)]
        companions = companions.with_paths(role, tuple(paths))
    return companions
