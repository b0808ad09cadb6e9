import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from transfergui.core.training.sample_cache import ALIGNED, BESIDE, BLOCK, SampleCache

DTYPES = (torch.uint8, torch.float32, torch.int64, torch.bool, torch.bfloat16)


def test_it_keeps_to_its_bound() -> None:
    cache = SampleCache(limit=2 * (ALIGNED + BESIDE))
    for name in "abc":
        cache.keep(name, torch.zeros(ALIGNED, dtype=torch.uint8))
    assert [cache.get(name) is not None for name in "abc"] == [True, True, False]
    assert cache.left == 0


def test_it_leaves_what_is_needed_for_other_things(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transfergui.core.base.memory.available", lambda: 1000)
    cache = SampleCache(limit=10**9)
    cache.leave(400)
    assert cache.left == 600
    cache.leave(2000)
    assert cache.left == 0


@given(
    st.lists(
        st.tuples(st.lists(st.integers(0, 9), max_size=3), st.sampled_from(DTYPES)), max_size=20
    )
)
def test_what_is_kept_is_what_came(kinds: list[tuple[list[int], torch.dtype]]) -> None:
    cache = SampleCache(limit=10**6)
    torch.manual_seed(0)
    tensors = [(9 * torch.randn(shape)).to(dtype) for shape, dtype in kinds]
    for number, tensor in enumerate(tensors):
        cache.keep(str(number), tensor)
    for number, tensor in enumerate(tensors):
        kept = cache.get(str(number))
        assert kept is not None
        assert kept.dtype == tensor.dtype
        assert torch.equal(kept, tensor)


def test_a_kept_sample_is_a_copy() -> None:
    cache, tensor = SampleCache(limit=10**4), torch.zeros(3)
    cache.keep("a", tensor)
    tensor += 1
    assert torch.equal(cache.get("a"), torch.zeros(3))


def test_a_sample_may_be_larger_than_a_block() -> None:
    cache = SampleCache(limit=3 * BLOCK)
    large = torch.arange(BLOCK // 4 + 100, dtype=torch.int32)
    cache.keep("small", torch.ones(3))
    cache.keep("large", large)
    cache.keep("after", torch.ones(5))
    assert torch.equal(cache.get("large"), large)
    assert torch.equal(cache.get("after"), torch.ones(5))


def test_threads_never_share_a_place() -> None:
    cache = SampleCache(limit=10**8)
    with ThreadPoolExecutor(8) as pool:
        list(
            pool.map(lambda n: cache.keep(str(n % 3000), torch.full((50,), n % 3000)), range(6000))
        )
    for number in range(3000):
        assert torch.equal(cache.get(str(number)), torch.full((50,), number))
    assert cache.left == 10**8 - 3000 * (ALIGNED * 7 + BESIDE)


PROGRAM = """
import psutil, torch
from transfergui.core.base import allocator
from transfergui.core.training.sample_cache import SampleCache
allocator.keep_blocks()
resident = lambda: psutil.Process().memory_info().rss
cache = SampleCache(10**9)
between = []
def fill(first, count):
    for number in range(first, first + count):
        tensor = torch.full((3, 80, 80), number % 255, dtype=torch.uint8)
        between.append(torch.empty(1000 + number % 9000, dtype=torch.uint8))
        cache.keep(f"/a/folder/where/the/data/are/data-{number:010d}.tar#{number}", tensor)
        del between[:-64]
fill(0, 2000)
before, left = resident(), cache.left
fill(2000, 10000)
print((resident() - before) / (left - cache.left))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the C library of others is not set")
def test_what_is_counted_is_what_the_process_grows_by() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, check=True)
    assert 0.8 < float(done.stdout) < 1.05
