"""What holds for the source as a whole: who imports whom, what stays light, what is translated.

The layers are those of the architecture section of the README. A module may
import from its own layer and from those below it, never from above.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import transfergui
from transfergui.core import registry
from transfergui.core.base import messages

PACKAGE = Path(transfergui.__file__).parent

STACK = (
    *(
        "core.base",
        "core.data",
        "core.recipe",
        "core.runs",
        "core.figures",
        "core.interfaces",
        "core.search_options",
    ),
    *("core.networks", "core.nn", "core.reading", "core.objectives", "core.modalities"),
    "core.strategies",
    *("core.registry", "core.sources", "core.small_data_defaults", "core.plans"),
    *("core.requirements", "core.resolve"),
    *("core.evaluation", "core.training", "core.checks", "core.model_files", "core.trained"),
    "core.evaluating",
    "core.processes",
    "core.projects",
    *("core.looking", "core.views", "core.acting", "core.capture", "core.labelling"),
    *("core.exporters", "core.app", "core.places"),
    *("core.serving", "core.watching"),
    *("cli", "gui", "__main__"),
)
"""Bottom up: each imports only from itself and from those before it."""
LEVEL = {name: level for level, name in enumerate(STACK)}

SOURCES = sorted(PACKAGE.rglob("*.py"))
PLAIN_PACKAGES = ("", "core")  # __init__ files that hold no more than a docstring


def module_name(path: Path) -> str:
    """``core.nn.heads`` for ``transfergui/core/nn/heads.py``; empty for the package itself."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def layer(module: str) -> int | None:
    """The level of ``module`` or of the nearest package above it that has one."""
    while module:
        if module in LEVEL:
            return LEVEL[module]
        module = module.rpartition(".")[0]
    return None


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(path: Path) -> tuple[str, ...]:
    """Dotted names imported anywhere in ``path``: in functions, and for types alone, too."""
    found = list[str]()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found += (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide the layer"
            found += (f"{node.module}.{alias.name}" for alias in node.names)
    return tuple(found)


def own_imports(path: Path) -> Iterator[str]:
    """The imports from this package, without its name: ``core.recipe.Recipe``."""
    for name in imports(path):
        if name.startswith("transfergui."):
            yield name.removeprefix("transfergui.")


def calls(*functions: str) -> Iterator[tuple[Path, ast.Call]]:
    """Every call of a function of that name (with or without a module before it)."""
    for name, path, node in _calls():
        if name in functions:
            yield path, node


@cache
def _calls() -> tuple[tuple[str, Path, ast.Call], ...]:
    return tuple(
        (ast.unparse(node.func).split(".")[-1], path, node)
        for path in SOURCES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
    )


# -- who imports whom


MODULES = {module_name(path) for path in SOURCES}


def module_of(name: str) -> str:
    """The module that a dotted name is, or is in: ``core.recipe`` for ``core.recipe.Recipe``."""
    while name and name not in MODULES:
        name = name.rpartition(".")[0]
    return name


def package_of(module: str) -> str:
    """The folder of a module; a package is its own."""
    return module if (PACKAGE / module.replace(".", "/")).is_dir() else module.rpartition(".")[0]


def ring(arrows: dict[str, set[str]]) -> list[str]:
    """The first names that lead back to where they begin; none where there is no such way."""
    done: set[str] = set()

    def follow(name: str, way: list[str]) -> list[str]:
        if name in way:
            return [*way[way.index(name) :], name]
        if name in done:
            return []
        for other in sorted(arrows.get(name, ())):
            if found := follow(other, [*way, name]):
                return found
        done.add(name)
        return []

    return next(filter(None, (follow(name, []) for name in sorted(arrows))), [])


def test_a_ring_is_found() -> None:
    arrows = {"a": {"b"}, "b": {"c", "d"}, "c": set(), "d": {"b"}}
    assert ring(arrows) == ["b", "d", "b"]
    assert ring(arrows | {"d": {"c"}}) == []


def test_no_files_import_each_other_in_a_ring() -> None:
    arrows = {
        module_name(path): {module_of(name) for name in own_imports(path)} - {module_name(path)}
        for path in SOURCES
    }
    assert ring(arrows) == []


def test_no_packages_import_each_other_in_a_ring() -> None:
    arrows: dict[str, set[str]] = {}
    for path in SOURCES:
        own = package_of(module_name(path))
        others = {package_of(module_of(name)) for name in own_imports(path)}
        arrows.setdefault(own, set()).update(others - {own, ""})
    # the files beside the packages of the core are its layers, each on its own
    del arrows["core"], arrows[""]
    assert ring({name: others - {"core"} for name, others in arrows.items()}) == []


def test_packages_hold_no_code_of_their_own() -> None:
    """What stands in an ``__init__`` is imported with every module beside it."""
    wrong = [
        module_name(path)
        for path in (PACKAGE / "core").rglob("__init__.py")
        if len(tree(path).body) != 1
    ]
    assert wrong == []


def test_the_readme_names_every_folder_and_layer() -> None:
    text = (PACKAGE.parent / "README.md").read_text(encoding="utf-8")
    tree = text.partition("## How the code is laid out")[2].partition("How data flows:")[0]
    folders = {path.parent.name + "/" for path in SOURCES}
    layers = {path.name for path in (PACKAGE / "core").glob("*.py")} - {"__init__.py"}
    assert [name for name in sorted(folders | layers) if name not in tree] == []


CONCRETE = ("core.modalities.", "core.strategies.", "core.objectives.", "core.exporters.")
"""Packages of rows and folders that only the registry names."""
SHARED = ("core.exporters.export", "core.exporters.exporter", "core.exporters.registry")
SHARED += ("core.modalities.previews",)
"""What of them is for all."""
FREE = ("core.registry", "core.exporters.registry")


def test_only_the_registry_knows_what_there_are_many_of() -> None:
    wrong = [
        (module_name(path), name)
        for path in SOURCES
        for name in map(module_of, own_imports(path))
        if name.startswith(CONCRETE)
        and name not in SHARED
        and module_name(path) not in FREE
        and not module_name(path).startswith(CONCRETE)
    ]
    assert wrong == []


def test_every_module_has_a_layer() -> None:
    modules = (module_name(path) for path in SOURCES)
    assert [m for m in modules if m not in PLAIN_PACKAGES and layer(m) is None] == []


def test_imports_go_downwards_only() -> None:
    """Of a package without a layer, not at all."""
    wrong = [
        (module_name(path), name)
        for path in SOURCES
        for own in [layer(module_name(path))]
        for name in own_imports(path)
        if own is None or (layer(name) or 0) > own
    ]
    assert wrong == []


def test_command_line_and_window_do_not_know_each_other() -> None:
    wrong = [
        (module_name(path), name)
        for path in SOURCES
        for name in own_imports(path)
        if {module_name(path).split(".")[0], name.split(".")[0]} == {"cli", "gui"}
    ]
    assert wrong == []


def test_core_never_imports_qt() -> None:
    wrong = [
        (module_name(path), name)
        for path in sorted((PACKAGE / "core").rglob("*.py"))
        for name in imports(path)
        if name.split(".")[0] in ("PySide6", "pyqtgraph")
    ]
    assert wrong == []


def test_what_may_be_missing_is_asked_for_in_one_place() -> None:
    """A home folder and one for temporary files: where there is none, another one is taken."""
    found = {
        (module_name(path), ast.unparse(call.func).split(".")[-1])
        for path, call in calls("expanduser", "home", "TemporaryDirectory", "gettempdir")
        if module_name(path) != "core.base.paths" and ast.unparse(call.func) != "paths.home"
    }
    assert found == set()


# -- what stays light


HEAVY = frozenset(
    {"torch", "torchvision", "torchaudio", "transformers", "onnx", "onnxruntime", "sklearn"}
    | {"soundfile", "gensim"}
)


def loaded_after(code: str) -> set[str]:
    """The heavy libraries in ``sys.modules`` of a fresh process that ran ``code``."""
    program = f"{code}\nimport sys; print('LOADED', *sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=120
    )
    assert run.returncode == 0, run.stderr
    modules = run.stdout.rpartition("LOADED")[2].split()
    return {*HEAVY, "PySide6"} & set(modules)


def test_registry_and_plan_load_nothing_heavy() -> None:
    assert loaded_after("import transfergui.core.registry, transfergui.core.resolve") == set()


LISTS = """
from transfergui.cli import main
for kind in ("backbones", "strategies", "exporters", "modalities"):
    assert main(["list", kind]) == 0
    assert main(["list", kind, "--json"]) == 0
"""


def test_list_loads_nothing_heavy() -> None:
    assert loaded_after(LISTS) == set()


WINDOW = """
import os
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from PySide6.QtWidgets import QApplication
from transfergui.gui.shell import app
from transfergui.gui.panels import STAGES
application = QApplication([])
window = app.open_window(application)
assert window.isVisible()
for row in STAGES:
    window.stage.show_stage(row.key)
    application.processEvents()
    assert window.stage.widget_of(row.key) is not None
"""


def test_the_window_with_every_panel_loads_no_torch() -> None:
    loaded = loaded_after(WINDOW)
    assert "PySide6" in loaded
    assert loaded.isdisjoint(HEAVY)


# -- what is said


def codes_used() -> Iterator[tuple[str, str]]:
    """(module, code) of every message code that is written out where it is raised or reported."""
    for path, call in calls("UserError", "Note", "Notice", "Problem", "Failed", "Diagnosis"):
        named = [k.value for k in call.keywords if k.arg == "code"]
        argument = (named or call.args or [None])[0]
        assert not isinstance(argument, ast.JoinedStr | ast.BinOp), (
            f"{path}:{call.lineno} puts a code together; write it out so that it can be found"
        )
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            yield module_name(path), argument.value


def test_every_code_has_a_sentence() -> None:
    known = {*messages.MESSAGES, "bug"}
    assert [(module, code) for module, code in codes_used() if code not in known] == []


def test_every_sentence_is_used() -> None:
    texts = "\n".join(
        p.read_text("utf-8") for p in SOURCES if "base.sentences" not in module_name(p)
    )
    assert [code for code in messages.MESSAGES if f'"{code}"' not in texts] == []


def test_every_sentence_is_one() -> None:
    """It begins like one, ends like one, and has named places only."""
    wrong = [
        (code, text)
        for code, text in messages.MESSAGES.items()
        if not re.match(r"[A-Z“{]", text)
        or text.rstrip()[-1] not in ".?!}"
        or not all(re.match(r"[a-z_]+", place) for place in re.findall(r"\{([^}]*)\}", text))
        or not re.fullmatch(r"[a-z0-9]+\.[a-z0-9_]+", code)
    ]
    assert wrong == []


def test_marked_texts_are_literals() -> None:
    """Else the catalogue's extractor cannot find them."""
    wrong = [
        f"{module_name(path)}:{call.lineno}"
        for path, call in calls("N_")
        if not (isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str))
    ]
    assert wrong == []


def filled_in(text: ast.expr) -> bool:
    """Whether ``text`` is an f-string, put together with ``+`` or ``%``, or formatted."""
    formatted = isinstance(text, ast.Call) and ast.unparse(text.func).endswith(".format")
    return formatted or isinstance(text, ast.JoinedStr | ast.BinOp)


def test_nothing_is_filled_in_before_translation() -> None:
    """``_(f"...")`` and ``_("..." % x)`` never match the catalogue."""
    wrong = [
        f"{module_name(path)}:{call.lineno}"
        for path, call in calls("_", "ngettext")
        if any(map(filled_in, call.args))
    ]
    assert wrong == []


OTHER_MEANINGS = {"text"}
"""Keys that are the name of something else too: a colour, a kind of option, a kind of preview."""


def deciding(node: ast.AST) -> Iterator[ast.AST]:
    """What a program that treats one modality in another way would have to name it in."""
    if isinstance(node, ast.Compare):
        yield from (node.left, *node.comparators)
    elif isinstance(node, ast.MatchValue):
        yield node.value
    elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("modality"):
        yield from node.args


def test_no_file_of_the_window_names_a_modality() -> None:
    """A new modality must not need a change under ``gui/``."""
    keys = {modality.key for modality in registry.MODALITIES}
    files = [path for path in SOURCES if module_name(path).startswith("gui")]
    named = [
        f"{module_name(path)}:{node.lineno}"
        for path in files
        for outer in ast.walk(tree(path))
        for node in (outer, *deciding(outer))
        if isinstance(node, ast.Constant)
        and node.value in (keys - OTHER_MEANINGS if node is outer else keys)
    ]
    imported = [
        name for path in files for name in own_imports(path)
        if name.startswith(tuple(f"core.modalities.{key}" for key in keys))
    ]  # fmt: skip
    assert named + imported == []


NAMES_OF_OBJECTIVES = ("ONE_CLASS", "SEVERAL_LABELS", "SEVERAL_QUESTIONS", "NUMBER")


def test_no_file_of_the_window_names_an_objective() -> None:
    """What differs between them is told by the objective, the report or the parts of a label."""
    keys = {objective.key for objective in registry.OBJECTIVES}
    files = [path for path in SOURCES if module_name(path).startswith("gui")]
    named = [
        f"{module_name(path)}:{node.lineno}"
        for path in files
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and node.value in keys
    ]
    imported = [
        (module_name(path), name)
        for path in files
        for name in own_imports(path)
        if name.startswith("core.objectives.") or name.rpartition(".")[2] in NAMES_OF_OBJECTIVES
    ]
    assert named + imported == []


def test_files_are_asked_for_in_one_place() -> None:
    """``gui.base.file_dialogs`` remembers the folder; Qt's own dialog would begin anywhere."""
    named = [module_name(path) for path in SOURCES if "QFileDialog" in path.read_text("utf-8")]
    assert named == ["gui.base.file_dialogs"]


def marks_of_parts(path: Path) -> Iterator[str]:
    """Texts in ``path`` that hold a bare ``#``, or one at an edge of what an f-string fills in."""
    filled = [node for node in ast.walk(tree(path)) if isinstance(node, ast.JoinedStr)]
    inside = {id(value) for node in filled for value in node.values}
    for node in filled:
        texts = [v.value if isinstance(v, ast.Constant) else "" for v in node.values]
        yield from (text for text in texts if str(text).startswith("#") or str(text).endswith("#"))
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and node.value == "#" and id(node) not in inside:
            yield "#"


OTHER_MARKS = {
    "core.reading.marks.class_numbers": "a comment in YAML",
    "core.reading.tables.column_names": "the heading of a column of numbers",
    "core.places.export_files": "a remark in a script",
    "gui.guide.pages": "a heading in Markdown",
}
"""Modules in which ``#`` means something else."""


def test_parts_of_files_are_named_in_one_place() -> None:
    found = {
        module_name(path)
        for path in SOURCES
        if module_name(path).startswith(("core", "gui")) and any(marks_of_parts(path))
    }
    assert found == {"core.data.file_part", *OTHER_MARKS}


ENTRY = re.compile(r"^    (\*{0,2}[a-z_]\w*(?:, \*{0,2}\w+)*):", re.MULTILINE)
"""A line of ``Args:`` or ``Attributes:`` that begins with names."""


def names_documented(doc: str) -> Iterator[str]:
    """The parameters and attributes that a docstring tells of."""
    for part in re.findall(r"^(?:Args|Attributes):\n((?:    .*\n?|\n)+)", doc, re.MULTILINE):
        for entry in ENTRY.findall(part):
            yield from (name.strip("* ") for name in entry.split(","))


def names_defined(node: ast.AST) -> Iterator[str]:
    """Every parameter, attribute and function below ``node``."""
    for inner in ast.walk(node):
        for name in ("arg", "attr", "id", "name"):
            found = getattr(inner, name, None)
            if isinstance(found, str):
                yield found


def test_docstrings_tell_of_what_is_there() -> None:
    """A parameter that was renamed is renamed where it is explained, too."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    wrong = [
        (module_name(path), node.name, name)
        for path in SOURCES
        for node in ast.walk(tree(path))
        if isinstance(node, kinds) and (doc := ast.get_docstring(node))
        if (told := {*names_documented(doc)})
        for name in sorted(told - {*names_defined(node)})
    ]
    assert wrong == []
