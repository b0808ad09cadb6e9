"""The catalogues of translations: ``python -m tests.catalogue``.

Without options: collects every translatable text of the program, brings the ``.po`` file of each
language up to date (a text that was changed starts again empty, what is no longer used goes),
compiles them, and prints what is missing. For translators:

``--todo [PART]`` prints the texts without a translation as JSON, by file; ``PART`` limits it to
files whose path holds that; with ``--split N`` it writes ``todo-1.json`` to ``todo-N.json``.
``--fill FILE...`` reads such JSON with translations filled in and writes them into the catalogue,
so that several people can translate at the same time. The key of a text with a plural is
``singular ||| plural``; its translation is a list, with one form in Chinese.
"""

import argparse
import importlib.util
import json
import re
import string
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from transfergui.core.exporters import script

ROOT = Path(__file__).parents[1]
LOCALE = ROOT / "resources" / "locale"
LANGUAGES = ("zh_CN",)
WHERE = [
    ("transfergui/**.py", "python"),
    ("resources/templates/**.py", "python"),
    ("resources/templates/**.html", "jinja2"),
    ("resources/templates/**.md", "jinja2"),
]
"""The files with translatable texts, and Babel's method for each."""
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}
COMMENTS = ("Translators:",)
HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural_forms}\\n"

"""
"""Without dates, which two people who change a catalogue would both change."""
BETWEEN = " ||| "
"""What stands between singular and plural in the keys of the JSON files."""
TAG = re.compile(r"</?[a-zA-Z][^>]*>|&[a-z]+;|`[^`]*`")


def path_of(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "transfergui.po"


@cache
def extracted() -> Catalog:
    """Every translatable text of the program, with the files that it is in."""
    catalogue = Catalog(charset="utf-8")
    found = extract_from_dir(
        ROOT, WHERE, keywords=KEYWORDS, comment_tags=COMMENTS, strip_comment_tags=True,
        directory_filter=_is_source,
    )  # fmt: skip
    for file, _line, text, comments, _context in found:
        if text:
            catalogue.add(text, locations=[(file, 0)], auto_comments=comments)
    templates = ROOT.joinpath(*TEMPLATES)
    for path in (*sorted(templates.glob("reader_*.py")), *sorted(templates.glob("answers_*.py"))):
        told = list(script.texts(path.read_text(encoding="utf-8")))
        for text in told[path.name.startswith("answers_") :]:  # whose first is only the answer
            catalogue.add(text, locations=[("/".join((*TEMPLATES, path.name)), 0)])
    for entry in _entries(catalogue):
        entry.locations = sorted(set(entry.locations))
    return catalogue


def _is_source(folder: str) -> bool:
    parts = Path(folder).resolve().relative_to(ROOT.resolve()).parts
    return not parts or parts[0] == "transfergui" or parts[:2] in (("resources",), TEMPLATES)


TEMPLATES = ("resources", "templates")


def read(language: str) -> Catalog:
    """The catalogue of a language as it is; an empty one where there is none."""
    path = path_of(language)
    if not path.is_file():
        return Catalog(locale=language, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def brought_up_to_date(language: str) -> Catalog:
    """What the program says now, with the translations that there are of just these texts."""
    old, new = read(language), Catalog(locale=language, charset="utf-8")
    for entry in _entries(extracted()):
        known = old.get(key(entry))
        forms = _forms(known) if known is not None and not known.fuzzy else []
        if entry.pluralizable:
            text: Any = tuple((*forms, *[""] * new.num_plurals)[: new.num_plurals])
        else:
            text = forms[0] if forms else ""
        added = new.add(entry.id, text, entry.locations, auto_comments=entry.auto_comments)
        added.flags.clear()  # guesses of Babel's about formats
    return new


def write(language: str, catalogue: Catalog) -> None:
    """Write the ``.po`` file of a language, the texts in the order of the files they are in."""
    path = path_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    header = HEADER.format(language=language, plural_forms=catalogue.plural_forms)
    with path.open("wb") as file:
        file.write(header.encode())
        write_po(
            file, catalogue, width=0, omit_header=True, sort_by_file=True, include_lineno=False,
        )  # fmt: skip


def compile_all(folder: Path = LOCALE) -> list[Path]:
    """Compile what is not, or was changed since."""
    spec = importlib.util.spec_from_file_location("compiling", LOCALE / "compiling.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.compile_all(folder)


# -- looking at entries


def _entries(catalogue: Catalog) -> Iterator[Message]:
    return (entry for entry in catalogue if entry.id)


def key(entry: Message) -> str:
    """The text, the singular of one with a plural."""
    return entry.id if isinstance(entry.id, str) else entry.id[0]


def written_key(entry: Message) -> str:
    """What stands for the text in a JSON file."""
    return entry.id if isinstance(entry.id, str) else BETWEEN.join(entry.id)


def _forms(entry: Message) -> list[str]:
    """The translations: one, or one for each plural form."""
    return [entry.string] if isinstance(entry.string, str) else list(entry.string or [""])


def is_missing(entry: Message) -> bool:
    return not all(_forms(entry))


def untranslated(catalogue: Catalog) -> list[Message]:
    return [entry for entry in _entries(catalogue) if is_missing(entry)]


def faults(catalogue: Catalog) -> list[str]:
    """What is wrong with the translations that are there, in words."""
    return [
        f"{written_key(entry)!r}: {fault}"
        for entry in _entries(catalogue)
        if not is_missing(entry)
        for fault in faults_of(entry, catalogue.num_plurals)
    ]


def faults_of(entry: Message, plurals: int) -> Iterator[str]:
    """What is wrong with one translation: ``places {'noun'} for {'noun', 'path'}``."""
    originals = [entry.id] if isinstance(entry.id, str) else list(entry.id)
    forms = _forms(entry)
    if entry.fuzzy:
        yield "fuzzy"
    if entry.pluralizable and len(forms) != plurals:
        yield f"{len(forms)} plural forms for {plurals}"
    for form in forms:
        yield from _differences(originals[-1], form)


def _differences(original: str, form: str) -> Iterator[str]:
    for name, part in (("places", places), ("tags", tags), ("edges", edges), ("&", mnemonics)):
        try:
            wanted, given = part(original), part(form)
        except ValueError as error:
            yield f"{name}: {error}"
            continue
        if wanted != given:
            yield f"{name} {given} for {wanted}"


def places(text: str) -> set[str]:
    """The places that are filled in, with their formats: ``{count:,}``, or argparse's ``%s``."""
    of_argparse = set(re.findall(r"%(?:\([a-z_]+\))?[sr]", text))
    if of_argparse or not re.search(r"\{[a-z_]+[^}]*\}", text):
        return of_argparse  # braces that are no places: JSON, or a dictionary of Python
    parts = [*string.Formatter().parse(text)]
    return {f"{name}!{how or ''}:{form or ''}" for _text, name, form, how in parts if name}


def tags(text: str) -> list[str]:
    """Tags of HTML, its characters, and what is written as code."""
    return sorted(TAG.findall(text))


def edges(text: str) -> tuple[str, str]:
    """The white space that it begins and ends with."""
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def mnemonics(text: str) -> int:
    """How many keys are marked with ``&`` (Chinese writes them ``(&F)``)."""
    return len(re.findall(r"&(?=\w)(?![a-z]+;)", text))


# -- for translators


def todo(catalogue: Catalog, part: str = "") -> dict[str, dict[str, Any]]:
    """What is missing: the texts of each file, with nothing beside them."""
    found: dict[str, dict[str, Any]] = {}
    for entry in untranslated(catalogue):
        file = entry.locations[0][0]
        if part in file:
            empty = [""] * catalogue.num_plurals if entry.pluralizable else ""
            found.setdefault(file, {})[written_key(entry)] = empty
    return dict(sorted(found.items()))


def split(todo: dict[str, dict[str, Any]], parts: int) -> list[dict[str, dict[str, Any]]]:
    """As many parts with about as many letters each, whole files together."""
    shares: list[dict[str, dict[str, Any]]] = [{} for _part in range(parts)]
    letters = [0] * parts
    for file, own in sorted(todo.items(), key=lambda each: -sum(map(len, each[1]))):
        least = letters.index(min(letters))
        shares[least][file] = own
        letters[least] += sum(map(len, own))
    return shares


def fill(catalogue: Catalog, given: dict[str, Any]) -> list[str]:
    """Put translations into the catalogue; those that are wrong are left out, and named.

    Args:
        given: as :func:`todo` gives it, or without the level of the files.
    """
    refused = []
    for text, translation in _flat(given):
        entry = catalogue.get(text.partition(BETWEEN)[0])
        if not translation or not any(translation):
            continue
        if entry is None:
            refused.append(f"{text!r}: there is no such text")
            continue
        before = entry.string
        forms = [translation] if isinstance(translation, str) else list(translation)
        entry.string = tuple(forms) if entry.pluralizable else forms[0]
        if wrong := [*faults_of(entry, catalogue.num_plurals)]:
            entry.string = before
            refused += [f"{text!r}: {fault}: {forms}" for fault in wrong]
    return refused


def _flat(given: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in given.items():
        yield from value.items() if isinstance(value, dict) else [(name, value)]


def main(words: Sequence[str] | None = None) -> int:
    """The command; its exit status is 1 where a translation was refused."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--language", choices=LANGUAGES, default=LANGUAGES[0])
    parser.add_argument("--todo", nargs="?", const="", metavar="PART")
    parser.add_argument("--split", type=int, metavar="N", help="of --todo: write todo-1.json, ...")
    parser.add_argument("--fill", nargs="+", type=Path, metavar="FILE", default=[])
    given = parser.parse_args(words)
    if given.todo is not None:
        tree = todo(brought_up_to_date(given.language), given.todo)
        if not given.split:
            print(json.dumps(tree, ensure_ascii=False, indent=1))
        for number, part in enumerate(split(tree, given.split) if given.split else (), 1):
            text = json.dumps(part, ensure_ascii=False, indent=1)
            Path(f"todo-{number}.json").write_text(text, encoding="utf-8")
        return 0
    refused = []
    for language in LANGUAGES:
        catalogue = brought_up_to_date(language)
        for file in given.fill if language == given.language else ():
            refused += fill(catalogue, json.loads(file.read_text(encoding="utf-8")))
        write(language, catalogue)
        missing = len(untranslated(catalogue))
        print(f"{language}: {len(catalogue)} texts, {missing} without a translation")
        print(*faults(catalogue), sep="\n", end="")
    compile_all()
    print(*refused, sep="\n", end="", file=sys.stderr)
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
