"""Where real data lie; importable without what the tests set up."""

import os
from pathlib import Path

DATA = Path(
    os.environ.get("TRANSFERGUI_TEST_DATA") or Path(__file__).parents[2] / "shared" / "data"
)
