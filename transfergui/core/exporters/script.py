"""The ``predict.py`` of a package: one file, from the part that all have, a modality's own and an
objective's own.

They lie in ``resources/templates`` as they are, so that they can be read, checked and tested:
``predict.py`` has the network and the command, ``reader_<modality>.py`` the class ``Reader``,
which goes from a file to what the network takes, and tells how the script is used,
``answers_<objective>.py`` the class ``Answers``, which says what the network's outputs come to.
What a part imports from the program stands in the script as it is in the program: both then read
the same.
"""

import ast
import importlib.util
import itertools
import json
import re
import sys
import textwrap
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from transfergui.core.base import paths
from transfergui.core.base.i18n import N_, _

COMMON = "predict.py"
INLINED = (
    "from reader import Reader\n",
    "from reader import open_picture, opened, orientation\n",
    "from answers import Answers\n",
)
"""In the common part: what the parts of a modality and of an objective stand for."""
SHOWN = re.compile(r"(?<=# )\{.*\}")
"""In the description of how the script is used: what it answers, for one class."""
OWN = "from transfergui."
"""How the imports of what is carried along begin."""
MARKS = ("_", "N_")
"""What a text is marked with that the script has in the language of the export."""
WIDTH = 100
"""Characters of a line."""
MISSING = """except ImportError as missing:
    sys.exit(f"{sentence}")
"""
INSTALL = N_("{missing}. The top of {file} says what to install.")


class _Parts(NamedTuple):
    """A module: its docstring, its imports, each as written, and everything below them."""

    docstring: str
    imports: list[str]
    rest: str


def of(modality: str, objective: str) -> str:
    """The whole script for a modality and an objective, by their keys."""
    own, common = _parts(_source(own_part(modality))), _parts(_source(COMMON))
    answers = _parts(_source(answers_part(objective)))
    carried = {each.docstring + each.rest: each for each in (*_carried(own), *_carried(common))}
    before = [*carried.values(), own, answers]
    written = (line for part in (*before, common) for line in part.imports)
    imports = _merged(line for line in written if line not in INLINED and not line.startswith(OWN))
    standard, others = (
        "".join(sorted(filter(kind, imports), key=_order))
        for kind in (_is_standard, lambda line: not _is_standard(line))
    )
    bodies = "\n\n\n".join(part.rest.strip("\n") for part in before)
    described = f'"""{usage(modality, objective)}\n"""\n'
    return f"{described}\n{standard}\n{_told(others)}\n{bodies}\n\n{common.rest}"


def _in_words(source: str) -> str:
    """A module with the marked texts in the language of today, in the place of their marks."""
    lines = source.encode().splitlines(keepends=True)  # ast counts bytes
    starts = [0, *itertools.accumulate(map(len, lines))]
    text = source.encode()
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    marked = (call for call in calls if getattr(call.func, "id", "") in MARKS)
    for call in sorted(marked, key=lambda call: (call.lineno, call.col_offset), reverse=True):
        begin = starts[call.lineno - 1] + call.col_offset
        end = starts[(call.end_lineno or 0) - 1] + (call.end_col_offset or 0)
        said = json.dumps(_(ast.literal_eval(call.args[0])), ensure_ascii=False)
        text = text[:begin] + said.encode() + text[end:]
    return text.decode()


def _carried(part: _Parts) -> Iterator[_Parts]:
    """The modules of the program that a part imports, and before each those that it imports."""
    for line in part.imports:
        if line.startswith(OWN) and line.split()[-1] not in MARKS:
            spec = importlib.util.find_spec(line.split()[1])
            assert spec is not None and spec.origin is not None
            module = _parts(_in_words(Path(spec.origin).read_text(encoding="utf-8")))
            yield from _carried(module)
            yield module


def _merged(imports: Iterable[str]) -> set[str]:
    """Imports with one line for each module, whatever parts import from it."""
    names: defaultdict[str, set[str]] = defaultdict(set)
    whole = set()
    for line in imports:
        (statement,) = ast.parse(line).body
        if isinstance(statement, ast.ImportFrom):
            names[str(statement.module)] |= {ast.unparse(alias) for alias in statement.names}
        else:
            whole.add(line)
    return whole | {_from(module, sorted(found, key=_kind)) for module, found in names.items()}


def _from(module: str, names: Sequence[str]) -> str:
    line = f"from {module} import {', '.join(names)}\n"
    listed = "".join(f"    {name},\n" for name in names)
    return line if len(line) <= WIDTH else f"from {module} import (\n{listed})\n"


def _kind(name: str) -> tuple[bool, bool, str]:
    """As the linters want names: constants, classes, functions."""
    return not name.isupper(), not name[0].isupper(), name


def _told(imports: str) -> str:
    """Imports of what must be installed: where something is missing, that is said."""
    sentence = _(INSTALL).format(missing="{missing}", file="{__file__}")
    return f"try:\n{textwrap.indent(imports, '    ')}{MISSING.replace('{sentence}', sentence)}"


def usage(modality: str, objective: str) -> str:
    """How the script is used, in words."""
    text, answers = (
        ast.get_docstring(ast.parse(_source(part)))
        for part in (own_part(modality), answers_part(objective))
    )
    assert text is not None
    assert answers is not None
    answer, *more = answers.split("\n\n")
    _what, colon, shown = answer.partition(": ")
    text = "\n\n".join(map(_paragraph, text.split("\n\n")))
    text = SHOWN.sub(lambda _found: shown, text) if colon else text
    return "\n\n".join((text, *map(_paragraph, more)))


def texts(source: str) -> Iterator[str]:
    """What is said in the description of how the script is used, a paragraph each; not the
    commands."""
    described = ast.get_docstring(ast.parse(source)) or ""
    for paragraph in described.split("\n\n"):
        if not paragraph.startswith(" "):
            yield " ".join(paragraph.split("\n"))


GIVEN = (N_("PICTURE_OR_FOLDER"), N_("SOUND_OR_FOLDER"), N_("TEXT_OR_TABLE_OR_FOLDER"))
"""What the commands are given."""


def _paragraph(text: str) -> str:
    """A paragraph of the description, translated; of commands, only what they are given."""
    if text.startswith(" "):
        return re.sub("|".join(GIVEN), lambda found: _(found[0]), text)
    whole = " ".join(text.split("\n"))
    said = _(whole)
    return text if said == whole else said


def installation(key: str) -> str:
    """The command that installs what the script of a modality needs."""
    text = ast.get_docstring(ast.parse(_source(own_part(key)))) or ""
    lines = map(str.strip, text.splitlines())
    return next(line for line in lines if line.startswith("pip install"))


def own_part(key: str) -> str:
    """The name of a modality's part."""
    return f"reader_{key}.py"


def answers_part(key: str) -> str:
    """The name of an objective's part."""
    return f"answers_{key}.py"


def _source(name: str) -> str:
    return _in_words(paths.resource("templates", name).read_text(encoding="utf-8"))


def _parts(source: str) -> _Parts:
    lines = source.splitlines(keepends=True)
    docstring, *statements = ast.parse(source).body
    imports = list(
        itertools.takewhile(lambda s: isinstance(s, ast.Import | ast.ImportFrom), statements)
    )

    def written(statement: ast.stmt) -> str:
        return "".join(lines[statement.lineno - 1 : statement.end_lineno])

    last = imports[-1] if imports else docstring
    return _Parts(written(docstring), list(map(written, imports)), _below(lines, last))


def _below(lines: list[str], statement: ast.stmt) -> str:
    return "".join(lines[statement.end_lineno :])


def _is_standard(line: str) -> bool:
    return line.split()[1].partition(".")[0] in sys.stdlib_module_names


def _order(line: str) -> tuple[bool, str]:
    """As the linters want them: whole modules first, by name."""
    return line.startswith("from"), line
