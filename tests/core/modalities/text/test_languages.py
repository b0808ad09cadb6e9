"""The languages of texts are told by their script, English from others by its words."""

import csv
from pathlib import Path

import pytest

from transfergui.core.base import paths
from transfergui.core.data.dataset import DataOptions
from transfergui.core.modalities.text import files, languages

TEXTS = {
    "Latn": (  # German and Turkish
        "Das Gerät kam pünktlich an und funktioniert einwandfrei, ich bin sehr zufrieden damit.",
        "Leider war die Verpackung beschädigt und der Kundendienst hat nicht geantwortet.",
        "Ürün çok kaliteli ve hızlı geldi, teşekkür ederim.",
        "Kargo çok geç geldi ve kutu ezilmişti, memnun kalmadım.",
    ),
    "Hani": ("商品准时到达，质量很好", "送餐太慢了，不会再点 iPhone"),
    "Jpan": ("商品は時間通りに届き、問題なく動作しています。", "東京都庁"),
    "Kore": ("제품이 제시간에 도착했고 잘 작동합니다.",),
    "Arab": ("وصل المنتج في الوقت المحدد وهو يعمل بشكل ممتاز",),
    "Cyrl": ("Товар пришёл вовремя и отлично работает.",),
    "Grek": ("Το προϊόν έφτασε στην ώρα του και λειτουργεί τέλεια.",),
    "Deva": ("उत्पाद समय पर आया और अच्छी तरह काम करता है",),
    "Thai": ("สินค้ามาถึงตรงเวลาและใช้งานได้ดี",),
    "Hebr": ("המוצר הגיע בזמן ועובד מצוין",),
    "Zyyy": ("ምርቱ በሰዓቱ ደርሷል",),
}


@pytest.mark.parametrize("language", TEXTS)
def test_a_script_is_a_language(language: str) -> None:
    assert languages.of_texts(TEXTS[language]) == (language,)


@pytest.mark.parametrize(
    "text",
    [
        "Je suis allé dans ce restaurant avec ma femme et les enfants. Le service est très lent et "
        "le vin n'est pas bon. Un film sur la guerre, avec de bons acteurs et une belle fin.",
        "La película es muy buena y los actores son de lo mejor. No me gusta la comida de este "
        "lugar, el pan es malo y la carne está fría. Que gran historia de amor y de guerra.",
        "Der Film ist gut und die Geschichte ist schön. Das Essen war kalt und der Kellner hat uns "
        "nicht gesehen. Ich bin mit dem Auto in die Stadt gefahren.",
        "Produkt dotarł na czas i działa bez zarzutu, jestem bardzo zadowolony z zakupu. Niestety "
        "opakowanie było uszkodzone, a obsługa klienta nie odpowiedziała.",
    ],
    ids=["French", "Spanish", "German", "Polish"],
)
def test_common_words_of_neighbours_are_not_english(text: str) -> None:
    assert languages.of_texts([text]) == ("Latn",)


@pytest.mark.parametrize(
    "texts",
    [
        ["I waited forty minutes for a salad that turned out to be brown at the edges."] * 2,
        [
            "cheap camera battery broke quickly",
            "Fed raises interest rates again",
            "myocardial infarction risk in diabetic patients",
            "stocks fall oil prices surge",
            "kernel panic null pointer driver",
        ],
        ["Bremen"],  # too little to tell
    ],
)
def test_english_is_told_without_function_words_too(texts: list[str]) -> None:
    assert languages.of_texts(texts) == ("en",)


def test_no_letters_are_no_language() -> None:
    assert languages.of_texts(["12", ":-)"]) == ()
    assert languages.of_texts([]) == ()


def test_languages_with_a_fifth_of_the_texts_count() -> None:
    table = paths.resource("samples", "texts.csv")
    with table.open(encoding="utf-8", newline="") as stream:
        texts = [row["text"] for row in csv.DictReader(stream)]
    assert set(languages.of_texts(texts)) == {"Hani", "en"}
    english = ["The woman at the counter found my size within two minutes."] * 9
    assert languages.of_texts([*english, "质量很好"]) == ("en",)


def test_a_scan_tells_the_languages_of_tables_and_folders(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    rows = [f"{text} {at},{at % 2}" for at, text in enumerate(TEXTS["Cyrl"] * 8)]
    table.write_text("text,label\n" + "\n".join(rows), encoding="utf-8")
    assert files.scan(DataOptions(path=str(table))).languages == ("Cyrl",)
    for name in ("good", "bad"):
        (tmp_path / "folders" / name).mkdir(parents=True)
        for at in range(3):
            file = tmp_path / "folders" / name / f"{at}.txt"
            file.write_text(f"{TEXTS['Thai'][0]} {name} {at}", encoding="utf-8")
    found = files.scan(DataOptions(path=str(tmp_path / "folders")))
    assert found.languages == ("Thai",)
