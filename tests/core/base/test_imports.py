"""Heavy libraries come without what is not needed, and other threads get the real modules."""

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from transfergui.core.base import imports

UNWANTED = ("torch._dynamo", "torch._inductor", "torch.distributed.tensor", "sympy", "sklearn")
"""What a training and a prediction took seconds to import, and never used."""


def loaded(code: str) -> list[str]:
    """The last line that a fresh process prints, in words."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=200
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1].split()


def test_torchvision_comes_without_the_compiler_until_it_is_asked_for() -> None:
    """By torchvision's own question, or by an import of anybody's."""
    code = (
        "import sys\n"
        "from transfergui.core.base import imports\n"
        "imports.load('torch', 'torchvision.models')\n"
        f"there = ({imports.COMPILER!r} in sys.modules, 'torchvision.ops' in sys.modules)\n"
        "from torchvision.ops import roi_align\n"
        "said = roi_align.__globals__['is_compile_supported']('cpu')\n"
        "import torch._dynamo\n"
        "from torch._dynamo import utils\n"
        "real = utils.is_compile_supported('cpu')\n"
        "print('asked', *there, said == real, utils.__spec__ is not None)\n"
    )
    assert loaded(code) == ["asked", "False", "True", "True", "True"]


def test_another_thread_that_imports_the_compiler_meanwhile_gets_it() -> None:
    code = (
        "import torch\n"
        "from transfergui.core.base import imports\n"
        "with imports.without_compiler():\n"
        "    import torch._dynamo\n"
        "    import torchvision\n"
        "print('real', torch._dynamo.utils.__spec__ is not None, torch.compile(abs)(-1))\n"
    )
    assert loaded(code) == ["real", "True", "1"]


def test_what_is_loaded_beside_is_there_at_the_end(tmp_path: Path) -> None:
    code = (
        "import gc, sys\n"
        "from transfergui.core.base import imports\n"
        "with imports.beside('xml.dom', 'no_such_module'):\n"
        "    pass\n"
        "print('there', 'xml.dom' in sys.modules, gc.isenabled())\n"
    )
    assert loaded(code) == ["there", "True", "True"]


def test_an_error_beside_it_is_not_held_up(monkeypatch: pytest.MonkeyPatch) -> None:
    began, end = [], threading.Event()
    monkeypatch.setattr(imports, "load", lambda *names: began.append(names) or end.wait(60))
    with pytest.raises(ZeroDivisionError), imports.beside("torch"):
        raise ZeroDivisionError
    end.set()
    assert began == [("torch",)]


def test_training_and_predicting_import_nothing_needless(
    tmp_path: Path, tiny_pictures: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tiny_pictures(tmp_path / "data", classes=2, per_class=12, size=32)
    monkeypatch.setenv("TRANSFERGUI_HOME", str(tmp_path / "home"))
    run, one = tmp_path / "run", next(data.rglob("*.png"))
    train = ["train", str(data), "--backbone", "shufflenet_v2_x0_5", "--epochs", "1"]
    train += ["--strategy", "feature_extraction", "--out", str(run)]
    code = (
        "import sys, torch\n"
        "from transfergui.__main__ import main\n"
        "from transfergui.core.base import imports\n"
        "imports.load('torch', 'torchvision.models')\n"
        "from torchvision.models import shufflenet_v2_x0_5\n"
        f"torch.save(shufflenet_v2_x0_5().state_dict(), {str(tmp_path / 'w.pth')!r})\n"
        f"assert main({[*train, '--set', 'weights_dir=' + str(tmp_path)]!r}) == 0\n"
        f"assert main({['predict', str(run), str(one)]!r}) == 0\n"
        f"print('needless', *({set(UNWANTED)!r} & set(sys.modules)))\n"
    )
    (tmp_path / "shufflenet_v2_x0_5.pth").symlink_to(tmp_path / "w.pth")
    assert loaded(code) == ["needless"]
