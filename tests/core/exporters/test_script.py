"""The script of a package is put together from two parts that are read and tested as they are."""

import ast
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests import pseudo
from transfergui.core import registry
from transfergui.core.base import paths
from transfergui.core.exporters import script

KEYS = [modality.key for modality in registry.MODALITIES]
OBJECTIVES = [each.key for each in registry.OBJECTIVES]
PAIRS = [
    (key, each.key)
    for key in KEYS
    for each in registry.OBJECTIVES
    if key in (each.modalities or KEYS)
]
EVERY = pytest.mark.parametrize(("key", "objective"), PAIRS)


@EVERY
def test_the_script_is_one_tidy_module(key: str, objective: str, tmp_path: Path) -> None:
    text = script.of(key, objective)
    tree = ast.parse(text)
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    modules = {getattr(node, "module", None) for node in imports}
    assert not {"reader", "answers"} & modules
    names = [getattr(node, "name", "") for node in tree.body]
    assert [n for n in ("Reader", "Answers", "Model", "main") if n not in names] == []
    assert [name for name, count in Counter(filter(None, names)).items() if count > 1] == []
    file = tmp_path / "predict.py"
    file.write_text(text, encoding="utf-8")
    settings = Path(__file__).parents[3] / "pyproject.toml"
    for check in (["check"], ["format", "--check"]):
        command = [sys.executable, "-m", "ruff", *check, "--config", str(settings), str(file)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


@EVERY
def test_it_tells_how_it_is_used(key: str, objective: str) -> None:
    usage = script.usage(key, objective)
    assert "    pip install numpy " in usage
    assert "    python predict.py " in usage
    assert script.of(key, objective).startswith(f'"""{usage}\n"""\n')


def test_it_shows_what_it_answers() -> None:
    line = 'model.answer(Path("picture.jpg"))        # '
    for objective, shown in (
        ("one_class", '{"cat": 0.93, "dog": 0.07}'),
        ("several_labels", '{"beach": 0.93, "dog": 0.07}'),
        ("several_questions", '{"size": {"low": 0.93, "high": 0.07}}'),
        ("number", '{"weight": 3.2}'),
        ("boxes", '{"cat": [[0.93, 12, 30, 95, 81]]}'),
    ):
        usage = script.usage("image", objective) + "\n"
        assert f"{line}{shown}\n" in usage
        assert ("--draw" in usage) == (objective == "boxes")


def test_every_part_belongs_to_an_objective() -> None:
    found = {path.name for path in paths.resource("templates").glob("answers_*.py")}
    assert found == {script.answers_part(key) for key in OBJECTIVES}


def test_every_part_belongs_to_a_modality() -> None:
    found = {path.name for path in paths.resource("templates").glob("reader_*.py")}
    assert found == {script.own_part(key) for key in KEYS}


@pytest.mark.parametrize("key", KEYS)
def test_it_speaks_the_language_of_the_export(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script, "_", pseudo.pseudo)
    text = script.of(key, "one_class")
    described = ast.get_docstring(ast.parse(text)) or ""
    assert "    python predict.py " in described
    assert not pseudo.untranslated(described.partition("\n")[0])
    assert f'"{pseudo.pseudo("low confidence")}"' in text
    assert "_(" not in text.replace("__(", "")
