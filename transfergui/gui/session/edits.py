"""Corrections of the data, as changes of the recipe, with undo: nothing on the disk is touched."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence, Sized
from pathlib import Path

import msgspec

from transfergui.core import registry
from transfergui.core.base.i18n import _
from transfergui.core.base.paths import shown
from transfergui.core.data import targets as meanings
from transfergui.core.data.companions import ROLES, Place, Role
from transfergui.core.data.dataset import DataOptions, Dataset
from transfergui.core.data.split import SplitOptions
from transfergui.core.data.targets import Targets
from transfergui.core.recipe import Recipe
from transfergui.gui.base.words import Noun
from transfergui.gui.session.session import Session


def exclude(session: Session, paths: Sequence[str]) -> None:
    """Leave samples out."""
    text = _("Exclude {amount}").format(amount=_amount(session, paths))
    _correct(session, excluding(session.wanted, paths), text)


def include(session: Session, paths: Sequence[str]) -> None:
    """Take samples back that were left out."""
    text = _("Include {amount}").format(amount=_amount(session, paths))
    _correct(session, including(session.wanted, paths), text)


def revert(
    session: Session,
    excluded: Sequence[str],
    relabelled: Sequence[str],
    together: Sequence[str] = (),
    confirmed: Sequence[str] = (),
) -> None:
    """Undo single corrections: use samples again that were left out, or with their own class, or
    wherever the split puts them; doubt their class again."""
    recipe, gone, free = including(session.wanted, excluded), set(relabelled), set(together)
    kept = {path: name for path, name in recipe.data.relabel.items() if path not in gone}
    grouped = {path: name for path, name in recipe.data.together.items() if path not in free}
    sure = {path: name for path, name in recipe.data.confirmed.items() if path not in confirmed}
    meant = [*{*excluded, *gone, *free, *confirmed}]
    text = _("Revert {amount}").format(amount=_amount(session, meant))
    changes = {"relabel": kept, "together": grouped, "confirmed": sure}
    _correct(session, _with_data(recipe, **changes), text)


def keep_together(session: Session, groups: Sequence[Sequence[str]]) -> None:
    """Keep the samples of each group on one side of the split."""
    amount = _amount(session, [path for group in groups for path in group])
    text = _("Keep {amount} in one set").format(amount=amount)
    _correct(session, grouping(session.wanted, groups), text)


def relabel(session: Session, paths: Sequence[str], name: str) -> None:
    """Put samples into the class ``name``."""
    recipe = relabelling(session.wanted, paths, name)
    _correct(session, recipe, relabel_text(session, paths))


def confirm(session: Session, labels: Mapping[str, str]) -> None:
    """Keep the classes of samples, which were looked at: ``labels``, by path."""
    text = _("Keep the labels of {amount}").format(amount=_amount(session, [*labels]))
    recipe = _with_data(session.wanted, confirmed=session.wanted.data.confirmed | dict(labels))
    _correct(session, recipe, text)


def relabel_each(session: Session, labels: Mapping[str, str]) -> None:
    """Put each sample into a class of its own: ``labels``, by path."""
    recipe = _with_data(session.wanted, relabel=session.wanted.data.relabel | dict(labels))
    _correct(session, recipe, relabel_text(session, [*labels]))


def draw(session: Session, path: str, boxes: str, text: str) -> None:
    """Correct the boxes of a picture: ``boxes`` as their class; ``text`` says what was done."""
    recipe, scanned = session.wanted, session.scanned
    relabel = {**recipe.data.relabel, path: boxes}
    if scanned is not None and boxes == class_of(scanned, path):
        del relabel[path]  # they are again as in the data
    _correct(session, _with_data(recipe, relabel=relabel), text)


def class_of(dataset: Dataset, path: str) -> str:
    """The class of a sample, found among those that are sorted by path; empty where it is none."""
    samples = dataset.samples
    at = bisect_left(samples, path, key=lambda sample: sample.path)
    there = at < len(samples) and samples[at].path == path
    return dataset.classes[samples[at].label] if there else ""


def relabel_text(session: Session, paths: Sequence[str]) -> str:
    """What :func:`relabel` does, in words."""
    return _("Relabel {amount}").format(amount=_amount(session, paths))


def merge(session: Session, paths: Sequence[str], name: str) -> None:
    """Make the classes of these samples one with the class ``name``."""
    text = _("Merge into “{name}”").format(name=shown(name))
    _correct(session, relabelling(session.wanted, paths, name), text)


def rename_class(session: Session, old: str, new: str) -> None:
    """Call the class, the label or the answer ``old`` ``new``; where one is called so already, both
    become one.

    Args:
        old: as of :func:`transfergui.core.data.targets.members`.
        new: its own name: of an answer, without the question.
    """
    text = _("Rename “{old}” to “{new}”").format(old=shown(old), new=shown(new))
    recipe = renaming(session.wanted, session.scanned, session.dataset, old, new)
    _correct(session, recipe, text)


def divide(session: Session, options: SplitOptions) -> None:
    """Take other shares for validation and test."""
    recipe = msgspec.structs.replace(session.wanted, split=options)
    session.change(recipe, _("Change the split"), merge=True)


def read_as(session: Session, name: str, value: object, title: str) -> None:
    """Read the data in another way: look through them again with another data option.

    Args:
        value: None leaves it to the program.
        title: of the option, translated.
    """
    options = {**session.wanted.data.options, name: value}
    left = {key: each for key, each in options.items() if each is not None}
    text = _("Change “{title}”").format(title=title)
    session.change(_with_data(session.wanted, options=left), text)


def predict(session: Session, name: str, value: object, title: str) -> None:
    """Predict something else of the data: look through them again.

    Args:
        name: ``objective`` or ``predict``, as of
            :class:`transfergui.core.data.dataset.DataOptions`.
        title: of the option, translated.
    """
    data = session.wanted.data
    if name == "objective":
        from transfergui.core.reading.classes.combinations import asking_for

        data = asking_for(data, str(value))
    else:
        data = msgspec.structs.replace(data, **{name: value})
    text = _("Change “{title}”").format(title=title)
    session.change(msgspec.structs.replace(session.wanted, data=data), text)


def use_beside(session: Session, role: Role, path: Path, instead: str = "") -> None:
    """Use other data beside.

    Args:
        instead: the path of those whose place they take; only where there may be several.
    """
    recipe = _without_own(session.wanted, role)
    known = recipe.companions.of_role(role)
    gone = instead if ROLES[role].several else next(iter(known), "")
    text = _("Add “{name}” as other data").format(name=shown(path.name))
    if gone in known and gone != str(path):
        text = _("Replace “{old}” by “{new}”").format(
            old=shown(Path(gone).name), new=shown(path.name)
        )
    if not ROLES[role].several:
        paths: tuple[str, ...] = (str(path),)
    elif instead in known:
        paths = tuple(str(path) if each == instead else each for each in known)
    else:
        paths = (*known, str(path))
    session.change(_with_paths(recipe, role, paths), text)


def leave_out_beside(session: Session, place: Place) -> None:
    """Use other data, or a group as such, no more."""
    role, path = place
    text = _("Remove “{name}” from other data").format(name=shown(Path(path).name))
    recipe = session.wanted
    if place in recipe.companions.places():
        known = recipe.companions.of_role(role)
        recipe = _with_paths(recipe, role, tuple(each for each in known if each != path))
    else:
        recipe = _without_own(recipe, role)
    session.change(recipe, text)


def use_otherwise(session: Session, place: Place, role: Role) -> None:
    """Use other data for something else: what is not sorted into classes as unlabelled."""
    old, path = place
    recipe = session.wanted
    left = tuple(each for each in recipe.companions.of_role(old) if each != path)
    recipe = _with_paths(recipe, old, left)
    recipe = _with_paths(_without_own(recipe, role), role, (path,))
    text = _("Use “{name}” as unlabelled").format(name=shown(Path(path).name))
    session.change(recipe, text)


def adapt_to_group(session: Session, name: str) -> None:
    """Take a group of the open data for where the model will be used."""
    recipe = _with_paths(session.wanted, "target", ())
    text = _("Adapt to “{name}”").format(name=shown(name))
    session.change(_with_data(recipe, elsewhere=(name,), elsewhere_checks=0), text)


def check_with_group(session: Session, count: int) -> None:
    """Let so many labelled samples of the group that is adapted to check the model."""
    recipe = _with_paths(session.wanted, "check", ())
    text = _("Check with {amount}").format(amount=_amount(session, range(count)))
    session.change(_with_data(recipe, elsewhere_checks=count), text, merge=True)


def match_classes(session: Session, known: Collection[str], said: Mapping[str, str]) -> None:
    """Say which class of one's own some classes of other data are.

    Args:
        known: all classes that were asked about, by their names there.
        said: those that are not the one of the same name: one's own class, or nothing to leave
            the class out.
    """
    companions = session.wanted.companions
    others = {name: own for name, own in companions.classes.items() if name not in known}
    companions = msgspec.structs.replace(companions, classes=others | dict(said))
    recipe = msgspec.structs.replace(session.wanted, companions=companions)
    session.change(recipe, _("Match classes of other data"))


def _without_own(recipe: Recipe, role: Role) -> Recipe:
    """Where a group of the data has a role: without that."""
    changes: dict[Role, dict[str, object]] = {
        "target": {"elsewhere": (), "elsewhere_checks": 0},
        "check": {"elsewhere_checks": 0},
    }
    return _with_data(recipe, **changes.get(role, {}))


def _with_paths(recipe: Recipe, role: Role, paths: tuple[str, ...]) -> Recipe:
    return msgspec.structs.replace(recipe, companions=recipe.companions.with_paths(role, paths))


def _correct(session: Session, recipe: Recipe, text: str) -> None:
    """Correct the data that are shown, unless other data are read at this moment."""
    if recipe.data.path == session.recipe.data.path:
        session.change(recipe, text)
    else:
        session.say("data", _("Other data are being read. Wait until they are shown."), "info")


# -- where they are seen

PANELS = {
    "modality": "data",
    "data": "data",
    "split": "data",
    "companions": "dataset",
    "backbone": "backbone",
}
"""Panels that show parts of the recipe; all others are shown on the card of the training."""


def panels_of(old: Recipe, new: Recipe) -> tuple[str, ...]:
    """Keys of the panels on which the differences of two recipes are seen."""
    names = Recipe.__struct_fields__
    changed = [name for name in names if getattr(old, name) != getattr(new, name)]
    return tuple(dict.fromkeys(PANELS.get(name, "training") for name in changed))


# -- as recipes


def excluding(recipe: Recipe, paths: Iterable[str]) -> Recipe:
    """``recipe`` with the files ``paths`` left out as well."""
    together = dict.fromkeys((*recipe.data.exclude, *paths))
    return _with_data(recipe, exclude=tuple(together))


def including(recipe: Recipe, paths: Iterable[str]) -> Recipe:
    """``recipe`` with the files ``paths`` no longer left out."""
    back = set(paths)
    return _with_data(recipe, exclude=tuple(p for p in recipe.data.exclude if p not in back))


def grouping(recipe: Recipe, groups: Iterable[Sequence[str]]) -> Recipe:
    """``recipe`` with the samples of each group on one side of the split."""
    together = {path: min(group) for group in groups for path in group}
    return _with_data(recipe, together=recipe.data.together | together)


def relabelling(recipe: Recipe, paths: Iterable[str], name: str) -> Recipe:
    """``recipe`` with the files ``paths`` in the class ``name``."""
    return _with_data(recipe, relabel=recipe.data.relabel | dict.fromkeys(paths, name))


def renaming(
    recipe: Recipe, scanned: Dataset | None, dataset: Dataset | None, old: str, new: str
) -> Recipe:
    """``recipe`` with the class, label or answer ``old`` called ``new``, whoever called it ``old``.

    Args:
        scanned: the data as they are, which give the names; ``dataset``: as they are corrected.
    """
    data = recipe.data
    own = meanings.members(scanned.targets, scanned.classes) if scanned is not None else ()
    meant = scanned.targets if scanned is not None else Targets()
    names = dict[str, str]()
    for name in dict.fromkeys((*data.rename, *own)):
        bare = meanings.own_name(meant, name)
        said = data.rename.get(name, data.rename.get(bare, bare))
        names[name] = new if meanings.renamed_member(meant, name, said) == old else said
    rename = {name: said for name, said in names.items() if said != meanings.own_name(meant, name)}
    now = dataset.targets if dataset is not None else meant
    relabel = {
        path: meanings.called(now, label, {old: new}) for path, label in data.relabel.items()
    }
    return _with_data(recipe, rename=rename, relabel=relabel)


def _with_data(recipe: Recipe, **changes: object) -> Recipe:
    data: DataOptions = msgspec.structs.replace(recipe.data, **changes)
    return msgspec.structs.replace(recipe, data=data)


def _amount(session: Session, paths: Sized) -> str:
    return Noun.of(registry.modality(session.recipe.modality)).amount(len(paths))


def said_of_result(session: Session) -> str:
    """What is said where the data of a result were corrected just now."""
    text = _(
        "Done: {what}. Train again to see the effect; these figures stay as measured. "
        "Undo reverts the correction."
    )
    return text.format(what=session.undo_stack.undo_text)
