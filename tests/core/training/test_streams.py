from collections import Counter

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from transfergui.core.base.errors import UserError
from transfergui.core.training.loaders import Batch
from transfergui.core.training.streams import Stream, _rows, beside


@given(
    count=st.integers(1, 40), size=st.integers(1, 12), first=st.integers(0, 30), n=st.integers(1, 9)
)
def test_steps_after_a_break_see_what_they_would_have_seen(
    count: int, size: int, first: int, n: int
) -> None:
    size = min(size, count)
    whole = _rows(count, size, [3, 100], range(first + n))
    rest = _rows(count, size, [3, 100], range(first, first + n))
    assert rest == whole[first * size :]


@given(count=st.integers(1, 40), size=st.integers(1, 12))
def test_every_row_comes_equally_often(count: int, size: int) -> None:
    size = min(size, count)
    rows = _rows(count, size, [3, 100], range(2 * count))
    assert set(Counter(rows).values()) == {2 * size}


class Rows:
    """A source whose inputs are the numbers of its rows."""

    def __init__(self, count: int, readable: bool = True) -> None:
        self.labels = [-1] * count
        self.paths = [str(row) for row in range(count)]
        self.wanted = torch.zeros(count)
        self.readable = readable

    def batches(self, order, size, epoch=None):
        for start in range(0, len(order) if self.readable else 0, size):
            rows = list(order[start : start + size])
            yield Batch(torch.tensor(rows), self.wanted[rows], rows)


def test_each_batch_gets_one_of_each_stream() -> None:
    own = Rows(10).batches(range(10), 4)
    streams = [Stream(Rows(3), "a", False), Stream(Rows(50), "b", True)]
    found = list(beside(own, streams, 4, 0, range(3), None))
    assert [len(batch.inputs) for batch in found] == [4, 4, 2]
    assert [[len(each) for each in batch.streams] for batch in found] == [[3, 4, 4]] * 3


def test_a_stream_of_which_nothing_can_be_read_is_told() -> None:
    own = Rows(4).batches(range(4), 2)
    with pytest.raises(UserError) as error:
        list(beside(own, [Stream(Rows(5, readable=False), "/x", False)], 2, 0, range(2), None))
    assert error.value.code == "companion.unreadable"
