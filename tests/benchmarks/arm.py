"""``python -m tests.benchmarks.arm NAME``: one arm; the task comes in, the result goes out."""

import sys

import msgspec

from tests.benchmarks.arms import ARMS
from tests.benchmarks.measured import Task

if __name__ == "__main__":
    task = msgspec.json.decode(sys.stdin.buffer.read(), type=Task)
    print(msgspec.json.encode(ARMS[sys.argv[1]](task)).decode())
