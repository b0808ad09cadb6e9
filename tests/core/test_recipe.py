"""Recipes: JSON round trip is the identity, and bad files are refused with the place named."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transfergui.core import recipe as recipes
from transfergui.core.base import options as opt
from transfergui.core.base.errors import UserError
from transfergui.core.data.dataset import DataOptions
from transfergui.core.recipe import Recipe

UNDECODED = st.sampled_from([chr(0xDC00 + byte) for byte in range(0x80, 0x100)])
"""Bytes of a path that are no UTF-8; other halves of characters are refused."""
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]) | UNDECODED, max_size=8)
PLAIN = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | ANY_TEXT
)
TREES = st.dictionaries(ANY_TEXT, PLAIN | st.lists(PLAIN), max_size=3)


def values(option: opt.Option) -> st.SearchStrategy[Any]:
    """Every value that an option allows."""
    kinds = {
        "bool": st.booleans(),
        "choice": st.sampled_from([value for value, _ in option.choices] or [None]),
        "text": ANY_TEXT,
        "other": st.lists(ANY_TEXT).map(tuple),
        "int": st.integers(int(option.low or 0), int(option.high or 0)),
        "float": st.floats(option.low, option.high),
    }
    return kinds[option.kind] | st.none() if option.optional else kinds[option.kind]


def structs(struct: type[msgspec.Struct]) -> st.SearchStrategy[Any]:
    return st.builds(struct, **{option.name: values(option) for option in opt.describe(struct)})


def parts(struct: type[msgspec.Struct]) -> dict[str, st.SearchStrategy[Any]]:
    """A strategy for each field of ``struct`` that is a struct of described options."""
    fields = msgspec.structs.fields(struct)
    found = {f.name: f.type for f in fields if isinstance(f.type, type)}
    groups = {n: t for n, t in found.items() if issubclass(t, msgspec.Struct) and opt.describe(t)}
    return {name: structs(group) for name, group in groups.items()}


DATA = st.builds(
    DataOptions,
    path=ANY_TEXT,
    test=st.none() | ANY_TEXT,
    exclude=st.lists(ANY_TEXT, max_size=3).map(tuple),
    relabel=st.dictionaries(ANY_TEXT, ANY_TEXT.filter(str.strip), max_size=3),
    **{option.name: values(option) for option in opt.describe(DataOptions)},
)
RECIPES = st.builds(
    Recipe,
    name=ANY_TEXT,
    backbone=ANY_TEXT,
    weights_dir=st.none() | ANY_TEXT,
    options=TREES,
    input=TREES,
    augment=st.none() | TREES,
    **parts(Recipe) | {"data": DATA},
)


@settings(max_examples=60, deadline=None)
@given(RECIPES)
def test_json_round_trip_is_the_identity(recipe: Recipe) -> None:
    text = recipe.to_json()
    assert recipes.from_json(text) == recipe
    assert recipes.from_json(text).to_json() == text
    assert text.isascii()


def test_every_part_was_tried() -> None:
    assert set(parts(Recipe)) == {"data", "split", "head", "optim", "run"}


def test_replace_changes_one_setting() -> None:
    recipe = Recipe().replace(optim__lr=0.1, backbone="vgg16")
    assert (recipe.optim.lr, recipe.backbone) == (0.1, "vgg16")
    assert recipe.optim.batch_size == Recipe().optim.batch_size
    with pytest.raises(UserError) as caught:
        recipe.replace(optim__lr=-1)
    assert caught.value.note.values["path"] == "optim.lr"


def refused(text: str) -> UserError:
    with pytest.raises(UserError) as caught:
        recipes.from_json(text, "my.json")
    return caught.value


@pytest.mark.parametrize(
    "text",
    [
        "",
        Recipe().to_json()[:-20],
        "[]",
        "null",
        '"recipe"',
        '{"name": "a", "name": "b"}',
        '{"optim": {"lr": 1, "lr": 2}}',
        '{"optim": {"lr": NaN}}',
        "[" * 100_000,
        '{"options": {"a": ' + "[" * 100_000 + "]" * 100_000 + "}}",
        "\0",
    ],
    ids=lambda text: repr(text[:20]),
)
def test_unreadable_texts(text: str) -> None:
    error = refused(text)
    assert error.code == "recipe.unreadable"
    assert error.note.values["path"] == "my.json"


@pytest.mark.parametrize(
    ("tree", "path"),
    [
        ({"optim": {"learning_rate": 1}}, "optim.learning_rate"),
        ({"epochs": 3}, "epochs"),
        ({"optim": {"lr": "fast"}}, "optim.lr"),
        ({"optim": None}, "optim"),
        ({"data": {"exclude": [1]}}, "data.exclude[0]"),
        ({"schema": "1"}, "schema"),
        ({"schema": True}, "schema"),
        ({"run": {"seed": -1}}, "run.seed"),
    ],
)
def test_wrong_values_name_their_path(tree: dict, path: str) -> None:
    error = refused(json.dumps(tree))
    assert error.code == "recipe.invalid"
    assert error.note.values["path"] == path


def test_a_newer_recipe_says_so_whatever_is_in_it() -> None:
    error = refused('{"schema": 99, "quantum": true}')
    assert error.code == "recipe.newer"
    assert error.note.values == {"path": "my.json", "found": 99, "known": recipes.SCHEMA}


def test_read(tmp_path: Path) -> None:
    path = tmp_path / "recipe.json"
    path.write_text(Recipe(name="é").to_json(), encoding="utf-8-sig")
    assert recipes.read(path) == Recipe(name="é")


@pytest.mark.parametrize("kind", ["missing", "folder", "binary", "huge"])
def test_files_that_are_no_recipe(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "recipe.json"
    if kind == "folder":
        path.mkdir()
    elif kind == "binary":
        path.write_bytes(b"\xff\xfe\x00")
    elif kind == "huge":
        with path.open("wb") as stream:
            stream.truncate(10**9)  # sparse: takes no room
    with pytest.raises(UserError) as caught:
        recipes.read(path)
    assert caught.value.code == "recipe.unreadable"
    assert caught.value.note.values["path"] == str(path)


def test_what_belongs_to_another_modality_is_left_behind() -> None:
    recipe = Recipe().replace(
        name="mine",
        data__path="/data",
        data__options={"clip": 2.0},
        backbone="resnet18",
        input={"size": 64},
        augment={"flip": True},
        strategy="fine_tuning",
        optim__lr=0.01,
        run__epochs=3,
    )
    assert recipes.for_modality(recipe, recipe.modality) is recipe
    other = recipes.for_modality(recipe, "audio")
    plain = Recipe(modality="audio")
    assert (other.modality, other.backbone) == ("audio", plain.backbone)
    assert (other.input, other.augment, other.data.options) == ({}, None, {})
    assert other.data.path == "/data"
    assert (other.name, other.strategy, other.optim, other.run) == (
        recipe.name,
        recipe.strategy,
        recipe.optim,
        recipe.run,
    )
