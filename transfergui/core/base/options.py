"""How one option is declared, so that the form, the flag and the check come from one place.

An option is a field of a frozen :class:`Options` struct, annotated with what a
person needs to know about it::

    class Augment(Options, frozen=True):
        rotation: Annotated[float, option(N_("Rotation"), N_("Turn by up to ..."),
                                          ge=0, le=180, unit="°")] = 0.0
        fit: Annotated[Literal["crop", "pad"], option(N_("Fit"), N_("..."),
                       labels={"crop": N_("Crop the edges"), "pad": N_("Add a border")})] = "crop"

``Annotated[...] | None`` with the default None means "chosen by the program"; forms show it
as "Automatic". msgspec checks types and bounds, and names the path of what
does not fit.
"""

import functools
import re
import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar

import msgspec

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import N_, _


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of everything that can be set: immutable, JSON round trip is the identity."""


T = TypeVar("T", bound=msgspec.Struct)

Kind = Literal[
    "int", "float", "bool", "choice", "text", "network", "networks", "runs", "found", "other"
]


@dataclass(frozen=True)
class Option:
    """One option as a form or a flag sees it (titles are untranslated)."""

    name: str
    kind: Kind
    default: Any
    title: str
    help: str
    low: float | None
    high: float | None
    unit: str
    choices: tuple[tuple[Any, str], ...]
    optional: bool
    advanced: bool
    essential: bool
    replaces: str = ""


def option(
    title: str,
    help: str,
    *,
    ge: float | None = None,
    le: float | None = None,
    unit: str = "",
    labels: Mapping[str, str] | None = None,
    advanced: bool = False,
    essential: bool = False,
    chooser: Literal["network", "networks", "runs", "found"] | None = None,
    replaces: str = "",
) -> msgspec.Meta:
    """Describe an option: for use inside ``Annotated``.

    Args:
        title: what the form and the help call it, marked with ``N_``.
        help: one or two sentences for somebody who does not know the term.
        ge: the smallest value allowed.
        le: the largest value allowed.
        unit: shown behind the number.
        labels: for a ``Literal``, what each choice is called.
        advanced: shown only when asked for.
        essential: shown always, even where a strategy's other options are not.
        chooser: for a text that names something which forms let people choose:
            ``network``, as :func:`transfergui.core.sources.named_backbone` reads it;
            ``networks`` or ``runs``, several of them, of any kind or finished trainings only, as
            :func:`listed` reads them;
            ``found``, one of :attr:`transfergui.core.data.dataset.Dataset.choices`.
        replaces: the name of another option, which means nothing where this one has a value.
    """
    extra = {
        "unit": unit,
        "labels": dict(labels or {}),
        "advanced": advanced,
        "essential": essential,
        "chooser": chooser,
        "replaces": replaces,
    }
    return msgspec.Meta(title=title, description=help, ge=ge, le=le, extra=extra)


def describe(struct: type[msgspec.Struct]) -> tuple[Option, ...]:
    """The options of ``struct``, in the order of declaration; undescribed fields are left out."""
    hints = typing.get_type_hints(struct, include_extras=True)
    described = []
    for field in msgspec.structs.fields(struct):
        hint, optional = _without_none(hints[field.name])
        if typing.get_origin(hint) is Annotated:
            plain, meta = typing.get_args(hint)[:2]
            if meta.title:  # else only its bounds are told
                described.append(_describe(field.name, plain, meta, field.default, optional))
    return tuple(described)


def _without_none(hint: Any) -> tuple[Any, bool]:
    """``X | None`` to (X, True), anything else to (itself, False)."""
    parts = [part for part in typing.get_args(hint) if part is not type(None)]
    if typing.get_origin(hint) in (types.UnionType, typing.Union) and len(parts) == 1:
        return parts[0], True
    return hint, False


def _describe(name: str, plain: Any, meta: msgspec.Meta, default: Any, optional: bool) -> Option:
    extra = meta.extra or {}
    choices: tuple[tuple[Any, str], ...] = ()
    if typing.get_origin(plain) is Literal:
        labels = extra.get("labels", {})
        choices = tuple((value, labels.get(value, value)) for value in typing.get_args(plain))
    kinds: dict[Any, Kind] = {bool: "bool", int: "int", float: "float", str: "text"}
    return Option(
        name=name,
        kind="choice" if choices else extra.get("chooser") or kinds.get(plain, "other"),
        default=default,
        title=meta.title or name,
        help=meta.description or "",
        low=meta.ge,
        high=meta.le,
        unit=extra.get("unit", ""),
        choices=choices,
        optional=optional,
        advanced=extra.get("advanced", False),
        essential=extra.get("essential", False),
        replaces=extra.get("replaces", ""),
    )


_UNKNOWN_FIELD = re.compile("Object contains unknown field `(.*)`", re.DOTALL)
"""msgspec names the struct as the place, and the field in the reason."""
_NO_CHOICE = "Invalid enum value "
_EXPECTED = re.compile("Expected `([^`]*)`(?: (>=|<=) ([^,]*))?(?:, got `([^`]*)`)?")
_BOUNDS = {">=": N_("{kind} of at least {bound}"), "<=": N_("{kind} of at most {bound}")}
_KINDS = {
    "int": N_("a whole number"),
    "float": N_("a number"),
    "str": N_("a text"),
    "bool": N_("true or false"),
    "array": N_("a list"),
    "object": N_("a group of settings"),
    "null": N_("null (the program chooses)"),
}
"""What msgspec calls the kinds of values, in words."""


def check(value: Any, struct: type[T], path: str = "") -> T:
    """Build ``struct`` from plain values (or check one that was built).

    Args:
        value: a mapping as it comes from JSON, or an instance of ``struct``.
        struct: what it must become.
        path: where it stands in the whole, for the message: ``optim`` or ``""``.

    Raises:
        UserError: ``recipe.invalid``, naming the path as in ``optim.lr``.
    """
    try:
        return msgspec.convert(_with_texts(msgspec.to_builtins(value), struct), struct)
    except msgspec.ValidationError as error:
        reason, _at, place = str(error).partition(" - at `")
        place = place.rstrip("`").removeprefix("$").lstrip(".")
        unknown = _UNKNOWN_FIELD.fullmatch(reason)
        if unknown:
            reason, last = _("there is no such setting"), unknown[1]
        elif reason.startswith(_NO_CHOICE):
            reason = _one_of(_choices(struct, place), reason.removeprefix(_NO_CHOICE))
        where = ".".join(part for part in (path, place, last if unknown else "") if part)
        raise UserError("recipe.invalid", path=where or "recipe", reason=_plain(reason)) from None
    except (UnicodeError, OverflowError) as error:  # half a character where a word is expected
        raise UserError("recipe.invalid", path=path or "recipe", reason=str(error)) from None


def _with_texts(tree: Any, struct: type[msgspec.Struct]) -> Any:
    """``tree`` with numbers as texts where something is named that is found in the data: a column
    may be called by its number."""
    if not isinstance(tree, dict):
        return tree
    named = _found_in_data(struct)
    return {
        key: str(value) if key in named and type(value) in (int, float) else value
        for key, value in tree.items()
    }


@functools.cache
def _found_in_data(struct: type[msgspec.Struct]) -> frozenset[str]:
    return frozenset(option.name for option in describe(struct) if option.kind == "found")


def assign(tree: dict[str, Any], dotted: str, value: Any) -> dict[str, Any]:
    """A copy of ``tree`` with ``a.b.c`` set to ``value``; missing levels are made."""
    head, _, rest = dotted.partition(".")
    branch = tree.get(head)
    below = assign(branch if isinstance(branch, dict) else {}, rest, value) if rest else value
    return {**tree, head: below}


def _choices(struct: type[msgspec.Struct], place: str) -> tuple[Any, ...]:
    """What the ``Literal`` at ``place``, as in ``optim.balance``, may be."""
    *above, last = place.split(".")
    for name in above:
        struct = typing.get_type_hints(struct).get(name.partition("[")[0], msgspec.Struct)
        struct = next(iter(typing.get_args(struct)), struct)  # ``members[...]``: of each of them
    hint, _optional = _without_none(typing.get_type_hints(struct).get(last, None))
    return typing.get_args(hint)


def _one_of(choices: tuple[Any, ...], found: str) -> str:
    text = _("the value must be one of {choices}, not {found}")
    return text.format(choices=", ".join(map(str, choices)), found=found.strip("'"))


def _plain(reason: str) -> str:
    """msgspec's wording in plain words, as the end of a sentence."""
    if not (expected := _EXPECTED.fullmatch(reason)):
        return reason.replace("`", "")[:1].lower() + reason.replace("`", "")[1:]
    kinds, sign, bound, found = expected.groups()
    kind = functools.reduce(_either, map(_kind, kinds.split(" | ")))
    if sign:
        kind = _(_BOUNDS[sign]).format(kind=kind, bound=bound.removesuffix(".0"))
    if found:
        text = _("the value must be {kind}, not {found}")
        return text.format(kind=kind, found=_kind(found))
    return _("the value must be {kind}").format(kind=kind)


def _either(one: str, other: str) -> str:
    return _("{one} or {other}").format(one=one, other=other)


def _kind(name: str) -> str:
    return _(_KINDS.get(name, name))


def listed(names: Sequence[str] | str) -> tuple[str, ...]:
    """What an option names: a sequence, or a text with commas between."""
    parts = names.split(",") if isinstance(names, str) else names
    return tuple(part.strip() for part in parts if part.strip())
