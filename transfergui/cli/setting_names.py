"""Which settings there are, by name: for the help, and for sentences that name them."""

import difflib
import functools
import re
import shlex
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from transfergui.core import registry
from transfergui.core.base import messages
from transfergui.core.base import options as opt
from transfergui.core.base.errors import Question
from transfergui.core.base.i18n import _
from transfergui.core.base.options import Option
from transfergui.core.recipe import Recipe


class Section(NamedTuple):
    """Settings that stand below each other in the help, each at ``path`` and its name."""

    title: str
    path: str
    struct: type[msgspec.Struct]


def sections() -> Iterator[Section]:
    """Everything that ``--set`` knows, from the options themselves."""
    for field in msgspec.structs.fields(Recipe):
        if isinstance(field.type, type) and issubclass(field.type, msgspec.Struct):
            yield Section(field.name, field.name, field.type)
    for modality in registry.MODALITIES:
        for path, struct, text in (
            ("data.options", modality.data_options, _("{title}: how the data are read")),
            ("input", modality.input_options, _("{title}: input of the model")),
            ("augment", modality.augment_options, _("{title}: augmentation")),
        ):
            yield Section(text.format(title=_(modality.title)), path, struct)
    for objective in registry.OBJECTIVES:
        yield Section(f"--objective {objective.key}", "objective", objective.options)
    for strategy in registry.STRATEGIES:
        yield Section(f"--strategy {strategy.key}", "options", strategy.options)


def described() -> Iterator[tuple[str, Option]]:
    """Every setting with its path."""
    for section in sections():
        for option in opt.describe(section.struct):
            yield f"{section.path}.{option.name}", option


def help_lines() -> Iterator[str]:
    """Every setting by section: default, title, and what it may be."""
    yield _("settings for --set, with their defaults:")
    for section in sections():
        options = opt.describe(section.struct)
        if options:
            yield f"\n{section.title}:"
        for option in options:
            setting = f"{section.path}.{option.name}={_default(option.default)}"
            yield f"  {setting:<36}  {_(option.title)}{_allowed(option)}"


def _default(value: Any) -> str:
    """As ``--set`` takes it."""
    if value is None:
        return _("automatic")
    return str(value).lower() if isinstance(value, bool) else str(value)


def _allowed(option: Option) -> str:
    """What a setting may be, where that is limited."""
    if option.kind == "bool":
        return " (true, false)"
    if option.choices:
        return f" ({', '.join(str(value) for value, _title in option.choices)})"
    ends = ["" if end is None else f"{end:.10g}" for end in (option.low, option.high)]
    return f" ({' … '.join(ends)} {_(option.unit)}".rstrip() + ")" if any(ends) else ""


def spelt_out(text: str, found: Mapping[str, Mapping[str, str]] | None = None) -> str:
    """A sentence of the program, with the setting behind every option that it names as the
    window calls it: “Group by” (--set data.options.group_by=…).

    Args:
        found: what data options may be, as the data say: their names, values and titles.
    """
    for title, path in _named_in_messages().items():
        own = (found or {}).get(path.removeprefix("data.options."), {})
        for value, choice in (*_choices_of(path), *own.items()):
            chosen = _("“{choice}” under {title}").format(choice=choice, title=title)
            instead = _("“{choice}” (--set {setting})")
            text = text.replace(chosen, instead.format(choice=choice, setting=f"{path}={value}"))
        text = text.replace(title, _set(title, f"{path}=…"))
    return text


def _set(named: str, setting: str) -> str:
    return _("{title} (--set {setting})").format(title=named, setting=setting)


def answers(question: Question) -> Iterator[str]:
    """A line for each answer: the setting to add to the command, and what it means."""
    meanings = question.answers
    likeliest = (question.guess, *(value for value in meanings if value != question.guess))
    for value in likeliest:
        likely = value == question.guess and len(likeliest) > 1
        mark = _(" (most likely)") if likely else ""
        setting = shlex.quote(f"{question.setting}={value}")
        yield f"  --set {setting}  {meanings[value]}{mark}"


@functools.cache
def _first_described() -> dict[str, Option]:
    """Settings by their path: of several strategies' that share one, the first."""
    return dict(reversed([*described()]))


@functools.cache
def _choices_of(path: str) -> tuple[tuple[Any, str], ...]:
    """What a setting may be, as values and as the window calls them."""
    option = _first_described()[path]
    return tuple((value, _(title)) for value, title in option.choices or ())


@functools.cache
def _named_in_messages() -> dict[str, str]:
    """The paths of those settings that a message names, by their quoted title."""
    every = " ".join(map(_, messages.MESSAGES.values()))
    quoted = {f"“{_(option.title)}”": path for path, option in described()}
    return {title: path for title, path in quoted.items() if title in every}


def meant(complaint: str) -> str:
    """Which settings a flag that does not exist may stand for: an end for argparse's complaint."""
    start = re.escape(_("unrecognized arguments: %s").partition("%s")[0])
    flag = re.search(rf"{start}.*?--([a-z][a-z_-]*)", complaint)
    if flag is None:
        return ""
    words: dict[str, list[str]] = {}
    for path, option in described():
        for word in (option.name.replace("_", " "), option.title.lower(), path):
            words.setdefault(word, []).append(path)
    wanted = flag[1].replace("-", " ").replace("_", " ")
    near = difflib.get_close_matches(wanted, words, n=3, cutoff=0.75)
    paths = dict.fromkeys(path for word in near for path in words[word])
    if not paths:
        return _("\n(--set changes any setting; see train --help)")
    return _("\nDid you mean: {settings}?").format(
        settings=", ".join(f"--set {path}=VALUE" for path in list(paths)[:3])
    )
