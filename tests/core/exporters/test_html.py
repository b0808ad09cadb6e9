"""The web page: what is in it, and what a browser makes of it."""

import gzip
import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import pytest
import soundfile
from PIL import Image

from tests.core.exporters import browser
from transfergui.core.base import cells, paths
from transfergui.core.base.errors import UserError
from transfergui.core.evaluation.data_checks import Doubted
from transfergui.core.exporters import html, onnx, web_texts
from transfergui.core.exporters.exporter import Parity
from transfergui.core.runs.run import Run
from transfergui.core.trained import TrainedModel

Exported = Callable[[str, str], tuple[Path, Parity]]
Trained = Callable[[str], Run]

SHIPPED = {
    "ort.wasm.bundle.min.mjs": "c9f34add33b618546b26b7bc48811814ce319bb6e2be68ddb306618ae0a11812",
    "ort-wasm-simd-threaded.wasm.gz": (
        "3398c10d07d229bd91b364548e130e0e51a8e5704b88c7c083ebbeb78842dee2"
    ),
    "tokenizers.min.mjs": "258e46332101335ce8d95aed7745b19ac3b46d37f3e159a89cf894c2ea9b1d3a",
}
"""SHA-256 of the files of the npm packages; of what is in the one that is compressed."""


@pytest.mark.parametrize("name", SHIPPED)
def test_the_runtime_is_the_published_one(name: str) -> None:
    content = paths.resource("web", "runtime", name).read_bytes()
    content = gzip.decompress(content) if name.endswith(".gz") else content
    assert hashlib.sha256(content).hexdigest() == SHIPPED[name]
    readme = paths.resource("web", "README.md").read_text("utf-8")
    assert name in readme
    assert all(version in readme for version in html.VERSIONS.values())


def test_every_text_that_the_page_asks_for_is_there() -> None:
    code = "".join(paths.resource("web", name).read_text() for name in ("page.html", "page.js"))
    asked = {*re.findall(r'say\("(\w+)"', code), *re.findall(r'data-text="(\w+)"', code)}
    for modality, own in web_texts.OF_MODALITY.items():
        reader = paths.resource("web", f"{modality}.js").read_text()
        refused = set(re.findall(r'Refusal\("(\w+)"', reader))
        texts = web_texts.of(modality)
        assert refused <= texts["en"].keys()
        assert asked - texts["en"].keys() <= {
            key for other in web_texts.OF_MODALITY.values() for key in other.keys() - own.keys()
        }
        assert all(len(each) == len(texts["en"]) for each in texts.values())


def test_nothing_is_loaded_and_names_are_no_markup(
    tiny_run: Trained, tiny_export: Exported, monkeypatch: pytest.MonkeyPatch
) -> None:
    import onnx as library

    proto = library.load_from_string(html.block(_read(tiny_export("image", "html")), "network"))
    monkeypatch.setattr(onnx, "to_proto", lambda _model: proto)
    model = TrainedModel.load(tiny_run("image").path)
    monkeypatch.setattr(html.data_checks, "doubts_of", lambda _run: Doubted(why="Few."))
    names = ("</script><b>", "\udcff&lt;")
    model.card = msgspec.structs.replace(model.card, name=names[0], classes=names)
    page = html.page(model).encode("utf-8", "backslashreplace").decode()
    assert page.count("<script") == page.count("</script>") == 5
    assert "<title>&lt;/script&gt;&lt;b&gt;</title>" in page
    assert "connect-src 'none'" in page
    assert not re.findall(r"(?:src|href)=[\"'](?!\")", re.sub(html.BLOCK.format(r"\w+"), "", page))
    about = re.search(r'id="about-page">(.*?)</script>', page)
    assert about is not None
    told = json.loads(about[1])
    assert (told["card"]["classes"], told["doubted"]) == (list(names), True)


def test_what_no_page_can_hold(tiny_run: Trained, monkeypatch: pytest.MonkeyPatch) -> None:
    model = TrainedModel.load(tiny_run("text").path)
    monkeypatch.setattr(onnx, "to_proto", lambda _model: pytest.fail("too late"))
    tree = json.loads(model.assets["tokenizer.json"])
    tree["model"]["type"] = "Other"
    monkeypatch.setattr(TrainedModel, "assets", {"tokenizer.json": json.dumps(tree).encode()})
    with pytest.raises(UserError) as caught:
        html.page(model)
    assert caught.value.code == "export.no_page"


def _read(exported: tuple[Path, Parity]) -> str:
    return exported[0].read_text("utf-8")


# -- in a browser


def pictures(folder: Path) -> list[Path]:
    """Of every kind that is prepared in its own way; the last one is refused."""
    rng = np.random.default_rng(1)
    squares = rng.integers(0, 256, (50, 40, 3), np.uint8).repeat(25, 0).repeat(25, 1)
    large, exif = Image.fromarray(squares), Image.Exif()
    exif[0x0112] = 6
    large.save(folder / "turned.jpg", exif=exif, quality=95)
    large.crop((0, 0, 300, 90)).save(folder / "long.webp", lossless=True)
    layers = [*large.resize((120, 80)).split(), Image.linear_gradient("L").resize((120, 80))]
    Image.merge("RGBA", layers).save(folder / "clear.png")
    Image.fromarray(squares[..., 0].astype(np.uint16) * 257).save(folder / "deep.png")
    return [folder / name for name in ("turned.jpg", "long.webp", "clear.png", "deep.png")]


def sounds(folder: Path) -> list[Path]:
    rng = np.random.default_rng(1)
    for name, rate, seconds, kind in (
        ("odd.wav", 11025, 0.3, "PCM_24"),
        ("float.wav", 48000, 0.5, "FLOAT"),
        ("plain.flac", 44100, 0.4, "PCM_16"),
    ):
        noise = rng.uniform(-0.5, 0.5, (round(rate * seconds), 2)).cumsum(0)
        soundfile.write(folder / name, 0.5 * noise / np.abs(noise).max(), rate, kind)
    return [folder / name for name in ("odd.wav", "float.wav", "plain.flac")]


def texts(folder: Path) -> list[Path]:
    found = []
    for number, text in enumerate(
        ("It was <b>lovely</b> &amp; Straße – 不错!", "word " * 900, "\ufeffAll good.")
    ):
        found.append(folder / f"{number}.txt")
        found[-1].write_text(text, "utf-8")
    return found


NAMES = ("</script><img src=x onerror='document.body.remove()'>", '__proto__ \u2028\\u003c$&"😀')


def renamed(page: Path, out: Path) -> Path:
    """A page whose classes are called :data:`NAMES`."""
    start, about, end = re.split(
        r'(?<=id="about-page">)(.*?)(?=</script>)', page.read_text("utf-8")
    )
    tree = json.loads(about)
    tree["card"]["classes"] = NAMES
    out.write_text(start + html._as_json(tree) + end, "utf-8")
    return out


MORE = {"image": pictures, "audio": sounds, "text": texts}


@pytest.mark.parametrize("modality", MORE)
def test_a_browser_comes_to_the_answers_of_the_program(
    modality: str, tiny_export: Exported, tiny_run: Trained, tmp_path: Path
) -> None:
    run = tiny_run(modality)
    model = TrainedModel.load(run.path)
    own = list(model.modality.list_files([Path(run.split.root)], model.input))[:6]
    own = own if modality != "text" else []  # rows of a table
    files = [*own, *MORE[modality](tmp_path)]
    page = renamed(tiny_export(modality, "html")[0], tmp_path / "page.html")
    said = browser.answers(page, files, "zh-CN")
    assert sorted(said["shown"][1:]) == sorted(NAMES)  # as text
    assert said["shown"][0] == said["answers"][0]["label"]
    assert said["cells"] == [cells.safe(each) for each in browser.CELLS]
    assert said["checked"]["same"]
    assert said["requests"] == ["blob", "file"] or said["requests"] == ["file"]
    assert "不会发送任何数据" in said["text"]
    if modality == "image":
        assert said["answers"].pop() == {"failed": "deep"}
    read = [file for file in files if file.name != "deep.png"]
    wanted = np.stack([model.logits(model.read(file)[None])[0].numpy() for file in read])
    found = np.array([answer["logits"] for answer in said["answers"]])
    close = 0.05 * wanted.std(0).max()  # of a large JPEG, which is decoded smaller; others: 1e-6
    assert np.abs(found - wanted).max() < close
    for answer, prediction, (one, other) in zip(
        said["answers"], model.predict(read), wanted, strict=True
    ):
        undecided = abs(one - other) < 2 * close
        likeliest = model.classes.index(prediction.likeliest(model.classes))
        assert undecided or answer["label"] == NAMES[likeliest]
