"""What processes tell each other: the same comes out in each."""

from pathlib import Path

import pytest
import torch

from tests.core.processes.together import together
from transfergui.core.processes.joined import SHORT, Joined
from transfergui.core.training.group import ALONE, Group


def test_sums_values_and_weights_are_the_same_in_each(tmp_path: Path) -> None:
    long = "x" * SHORT

    def work(group: Joined) -> tuple[object, ...]:
        own = torch.full((3,), group.rank + 1.0)
        weights = torch.full((2, 3), float(group.rank)).t()  # laid out otherwise
        group.add(own)
        group.share([weights])
        told = group.gather((group.rank, long * group.rank)), group.gather(group.rank)
        return own.tolist(), weights.sum().item(), told, group.of_first(lambda: group.rank)

    one, other = together(tmp_path, work)
    assert one == other == ([3.0] * 3, 0.0, ([(0, ""), (1, long)], [0, 1]), 0)


@pytest.mark.parametrize("count", [0, 1, 5, 6])
def test_parts_are_those_that_tensors_are_cut_into(count: int) -> None:
    rows = torch.arange(count)
    parts = []
    for rank in range(3):
        group = Group()
        group.rank, group.size = rank, 3
        parts.append(list(group.part(rows.tolist())))
    assert parts == [part.tolist() for part in rows.tensor_split(3)]
    assert ALONE.part([1, 2]) == [1, 2]
