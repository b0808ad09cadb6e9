"""``python -m tests.benchmarks.floor WEIGHTS KEY PICTURE...``: the floor of a training from files.

As a whole process: torch and torchvision imported, every picture decoded and sent through the
network once, folded and in bfloat16.
"""

import sys

from transfergui.core.base import allocator, parallel

parallel.wait_asleep()  # before torch is imported
allocator.keep_blocks()

import torch  # noqa: E402
import torchvision  # noqa: E402
from PIL import Image  # noqa: E402
from torch import Tensor, nn  # noqa: E402

from transfergui.core.training import precision  # noqa: E402

BATCH = 32
SIZE = 224


def main(weights: str, key: str, paths: list[str]) -> None:
    network = torchvision.models.get_model(key)
    network.load_state_dict(torch.load(weights))
    half = precision.ComputeMode("bfloat16")
    holder = nn.ModuleDict({"network": network.eval()})
    fused = precision.fuse_batchnorm(holder).get_submodule("network")
    frozen = precision.Frozen(fused, half, torch.device("cpu"))
    pictures = list[Tensor]()
    for picture in parallel.ordered_map(_decoded, paths):
        pictures.append(picture)
        if len(pictures) == BATCH:
            frozen(torch.stack(pictures))
            pictures.clear()
    if pictures:
        frozen(torch.stack(pictures))


def _decoded(path: str) -> Tensor:
    with Image.open(path) as image:
        image.draft("RGB", (SIZE, SIZE))
        small = image.convert("RGB").resize((SIZE, SIZE), Image.Resampling.BILINEAR)
    values = torch.frombuffer(bytearray(small.tobytes()), dtype=torch.uint8)
    return values.view(SIZE, SIZE, 3).permute(2, 0, 1).float() / 255


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
