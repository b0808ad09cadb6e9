"""The comparison of Recommended with the usual way: what counts as better, and that it runs."""

from pathlib import Path

from tests import recommended
from tests.conftest import make_tiny_pictures
from tests.recommended import Row, Trained
from transfergui.core import registry
from transfergui.core.data import split
from transfergui.core.data.dataset import DataOptions
from transfergui.core.data.split import SplitOptions
from transfergui.core.recipe import Recipe


def row(ours: str, usual: str, data: str = "clothing", seed: int = 0) -> Row:
    """A letter for each sample that was answered wrongly, of ten."""
    ways = (Trained("net", "way", 10, frozenset(wrong), 60.0) for wrong in (ours, usual))
    return Row(data, seed, *ways)


def test_what_only_one_of_them_gets_right_decides() -> None:
    assert recommended.verdict([row("a", "bcdefghi")]) == "better"
    assert recommended.verdict([row("bcdefghi", "a")]) == "worse"
    assert recommended.verdict([row("a", "bc")]) == "alike"  # may be by chance
    assert recommended.verdict([row("abcdefgh", "abcdefgh")]) == "alike"


def test_seeds_are_taken_together() -> None:
    rows = [row("", "abcd", seed=seed) for seed in range(2)]
    assert [recommended.verdict([each]) for each in rows] == ["alike", "alike"]
    assert recommended.verdict(rows) == "better"
    table = recommended.table([*rows, row("ab", "ab", data="signs")])
    assert "| clothing | 1.000 | 0.600 | 8, 0 | better |" in table
    assert table.endswith("Of 2: 1 better, 1 alike, 0 worse.")


def test_a_training_is_measured(tmp_path: Path) -> None:
    path = make_tiny_pictures(tmp_path / "tiny")
    dataset = registry.modality("image").scan(DataOptions(path=str(path)))
    divided = split.split(dataset, SplitOptions(), 0)
    settings = {"strategy": "feature_extraction", "backbone": "tgnet", "run__epochs": 1}
    trained = recommended._trained(Recipe().replace(**settings), divided)
    assert (trained.backbone, trained.strategy) == ("tgnet", "feature_extraction")
    assert trained.n == len(divided.test)
    assert trained.wrong <= {sample.path for sample in divided.test}
