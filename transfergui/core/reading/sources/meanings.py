"""What folders and file names are with a layout, in words; and a layout by its key."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.data import labels
from transfergui.core.data.dataset import natural_order
from transfergui.core.reading.folders.layout import ROLES, Layout, odd_names
from transfergui.core.reading.listings.listing import some

CLASS_ROLE = re.compile(r"class:-?1$")
NAME_ROLE = re.compile(r"name:[1-9]\d?")


def parsed_layout(key: str, guessed: Layout) -> Layout:
    """The layout that the user asks for.

    Args:
        guessed: the one that would be taken.

    Raises:
        UserError: ``data.unknown_layout``.
    """
    roles = key.split("/")
    last = CLASS_ROLE.sub("class", NAME_ROLE.sub("name", roles[-1]))
    if not all(role in ROLES for role in (*roles[:-1], last)):
        raise UserError("data.unknown_layout", layout=key, known=", ".join(ROLES))
    return replace(guessed, key=key, parts=())


def layouts_by_beginning(key: str, classes: Iterable[str]) -> dict[str, str]:
    """The layout ``key``, in which file names begin with these classes, and what it means."""
    text = _("The beginning of the file name is the class: {classes}")
    return {key: text.format(classes=some(natural_order(classes)))}


def layouts_by_part(key: str, parts: Mapping[int, Iterable[str]]) -> dict[str, str]:
    """The same for each part of the file names, with its values, that may be the class."""
    text = _("Part {number} of the file name is the class: {classes}")
    return {
        f"{key}:{number}": text.format(number=number, classes=some(natural_order(values)))
        for number, values in parts.items()
    }


def with_count(layout: Layout, homes: Iterable[str]) -> str:
    """The same, with what follows from it: how many classes there are, and what is tested."""
    homes = list(homes)
    known = layout
    if layout.unknown_parts(homes):
        known = replace(layout, key=layout.key.replace("split", "-"))
    spots = [known.place(home) for home in homes]
    count = len(labels.distinct(spot.label for spot in spots if spot.label))
    text = _("{meaning} ({count} classes)")
    if any(spot.group for spot in spots):
        text = _("{meaning} ({count} classes; tested on new groups)")
    return text.format(meaning=meaning(layout, homes), count=count)


def meaning(layout: Layout, homes: Iterable[str]) -> str:
    """What folders are with a layout, in words: ``The folders cat, dog are the classes``."""
    if layout.by_name:
        number = layout.roles[-1].partition(":")[2]
        text = _("Part {number} of the file name is the class")
        begins = _("The beginning of the file name is the class")
        said = text.format(number=number) if number else begins
        if "group" in layout.roles:
            groups = natural_order(g for home in homes if (g := layout.place(home).group))
            text = _("{meaning}, grouped by folder ({names})")
            said = text.format(meaning=said, names=some(groups))
        return said
    homes = list(homes)
    if unknown := layout.unknown_parts(homes):
        below = replace(layout, key=layout.key.replace("split", "-"))
        text = _("{classes}; {parts} are for training, validation or test")
        return text.format(classes=meaning(below, homes), parts=some(unknown))
    spots = [layout.place(home) for home in homes]
    classes = natural_order(labels.distinct(spot.label for spot in spots if spot.label))
    groups = natural_order(spot.group for spot in spots if spot.group)
    text = _("The folders {names} are the classes")
    if layout.roles[-1] == "class:-1":
        text = _("The last part of the folder name is the class: {names}")
    elif layout.roles[-1] == "class:1":
        text = _("The first part of the folder name is the class: {names}")
    said = text.format(names=some(classes) or "-")
    if any(spot.split for spot in spots):
        text = _("{meaning}, split into training, validation and test by folder")
        said = text.format(meaning=said)
    if groups:
        text = _("{meaning}, grouped by folder ({names})")
        said = text.format(meaning=said, names=some(groups))
    if "class?" in layout.roles and (skipped := odd_names(layout, homes)):
        text = _("{meaning}, without {names}")
        said = text.format(meaning=said, names=some(natural_order(skipped)))
    return said
