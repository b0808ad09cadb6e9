"""``python -m tests.benchmarks.arm NAME``: one arm; the task comes in, the result goes out.

Threads wait asleep in every arm, as in the program: alternatives and floors are no worse off.
"""

import sys

import msgspec

from transfergui.core.base import parallel

parallel.wait_asleep()  # before torch is imported

from tests.benchmarks.arms import ARMS  # noqa: E402
from tests.benchmarks.measured import Task  # noqa: E402

if __name__ == "__main__":
    task = msgspec.json.decode(sys.stdin.buffer.read(), type=Task)
    print(msgspec.json.encode(ARMS[sys.argv[1]](task)).decode())
