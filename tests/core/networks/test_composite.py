"""Networks made of others: their row, and what one sample must be to serve them all."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.core.modalities.text.conftest import make_network
from transfergui.core import registry
from transfergui.core.base import options as opt
from transfergui.core.base.errors import UserError
from transfergui.core.base.options import Options
from transfergui.core.interfaces.networks import Backbone
from transfergui.core.interfaces.plan import Modality
from transfergui.core.modalities.audio.options import AudioInput
from transfergui.core.modalities.image.options import ImageInput
from transfergui.core.modalities.text import tokens
from transfergui.core.modalities.text.options import TextInput
from transfergui.core.networks import composite
from transfergui.core.sources import named_backbone

IMAGE, AUDIO, TEXT = (registry.modality(key) for key in ("image", "audio", "text"))


def networks(modality: Modality, *keys: str, **changes: Any) -> list[tuple[Backbone, Options]]:
    rows = [registry.backbone(modality, key) for key in keys]
    struct = modality.input_options
    return [(row, opt.check(row.input | changes, struct, "input")) for row in rows]


def code_of(modality: Modality, *inputs: Options) -> str:
    with pytest.raises(UserError) as caught:
        modality.fused(inputs)
    assert str(caught.value)
    return caught.value.code


def test_the_row_adds_up_what_the_networks_are() -> None:
    parts = networks(IMAGE, "mobilenet_v2", "tgnet")
    row, whole = composite.compose(IMAGE, parts)
    rows = [each for each, _input in parts]
    assert row.key == "mobilenet_v2+tgnet"
    assert row.title == "MobileNetV2 + TGNet"
    assert row.params == sum(each.params for each in rows)
    assert row.widths == (1280, 2688)
    assert row.features == row.merged == 1280 + 2688
    assert row.licence == "BSD-3-Clause, MIT"
    assert opt.check(row.input, IMAGE.input_options, "input") == whole
    assert msgspec.json.decode(msgspec.json.encode(row), type=Backbone) == row


def test_it_can_be_a_part_itself() -> None:
    pair, whole = composite.compose(IMAGE, networks(IMAGE, "mobilenet_v2", "tgnet"))
    three, _whole = composite.compose(IMAGE, [(pair, whole), *networks(IMAGE, "resnet18")])
    assert three.widths == (1280 + 2688, 512)
    assert "network.0.network.1.network.widen" in three.groups[-1]
    assert "network.1.network.layer4" in three.groups[-1]


def test_only_features_of_one_length_are_averaged() -> None:
    with pytest.raises(UserError, match="MobileNetV2 1280, TGNet 2688"):
        composite.compose(IMAGE, networks(IMAGE, "mobilenet_v2", "tgnet"), "average")
    row, _whole = composite.compose(IMAGE, networks(IMAGE, "resnet18", "resnet34"), "average")
    assert (row.features, row.merged) == (1024, 512)


def test_the_largest_picture_serves_them_all() -> None:
    small, large = ImageInput(size=80, resize=80), ImageInput(size=224, resize=232, fit="pad")
    whole, (first, second) = IMAGE.fused([small, large])
    assert whole == second == large
    assert IMAGE.input_shape(first) == (3, 80, 80)
    assert msgspec.structs.replace(first, size=224) == large  # but for the size, it gets the same


def test_recordings_must_be_of_one_rate() -> None:
    slow, quick = AudioInput(rate=8000), AudioInput()
    assert code_of(AUDIO, slow, quick) == "fusion.other_sound"
    drawn, heard = AudioInput(size=128, mels=80), AudioInput()
    assert AUDIO.fused([drawn, heard]) == (drawn, (drawn, heard))


def test_texts_must_be_read_with_one_tokenizer(tmp_path: Path) -> None:
    names = [str(make_network(tmp_path / name)) for name in ("one", "same", "other")]
    tree = tokens.word_level(["quite", "different", "words"], characters=False)
    other = tmp_path / "other" / tokens.TOKENIZER
    other.write_text(msgspec.json.encode(tree).decode())
    inputs = [TextInput(**named_backbone(TEXT, name).input) for name in names]
    inputs = [
        msgspec.structs.replace(each, assets=name, tokens=count)
        for each, name, count in zip(inputs, names, (30, 20, 30), strict=True)
    ]
    whole, parts = TEXT.fused(inputs[:2])
    assert isinstance(whole, TextInput)
    assert whole.tokens == 20
    assert [part.assets for part in parts] == names[:2]  # type: ignore[attr-defined]
    assert code_of(TEXT, inputs[0], inputs[2]) == "fusion.other_tokens"
    assert code_of(TEXT, inputs[0], TextInput()) == "fusion.other_tokens"  # not here yet
