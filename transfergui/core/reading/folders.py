"""What the names of folders say: which level holds the classes, which the split, which a group.

A layout is told by the role of each level of folders, from the top, as in ``split/class`` for
``train/cat/1.jpg`` or ``class/group`` for ``cat/2024-05-01/1.jpg``. Folders that everything has in
common at the top are no level. The roles are the keys of :data:`ROLES`. What lies deeper than the
roles belongs to the last of them: ``Greek/alpha`` is one class of ``class``.

Nothing here looks at a file: it is names only, so it can be wrong. :func:`guess` says how sure it
is; whoever calls it asks the user where it is not.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from transfergui.core.data import labels
from transfergui.core.data.dataset import SplitName

Role = Literal["split", "split?", "class", "class?", "group", "images", "labelled", "name", "-"]

ROLES: tuple[Role, ...] = (
    "split",
    "split?",
    "class",
    "class?",
    "group",
    "images",
    "labelled",
    "name",
    "-",
)
"""What a level of folders may be.

``split``: training, validation or test. ``split?``: the same where the name says so, else a class.
``class``, ``group``: as they are called. ``class:-1``, ``class:1``: the last, or the first, part of
their names is the class, the rest a group where nothing else is. ``class?``: a class, but folders
that are called like masks, small copies or files without a class are skipped. ``images``: the
pictures of a set that keeps masks or labels beside them, which are skipped. ``labelled``: those
with classes, beside ``unlabelled`` ones, which are skipped. ``name``: no level, but the beginning
of the file names is the class; ``name:3``: their third part is. ``-``: means nothing.
"""


SPLIT_WORDS: Mapping[str, SplitName] = {
    **dict.fromkeys(("train", "training", "trn", "trainingsdaten", "trainingsset"), "train"),
    **dict.fromkeys(("entrainement", "apprentissage", "entrenamiento", "treino"), "train"),
    **dict.fromkeys(("addestramento", "egitim", "traning", "treningowy"), "train"),
    **dict.fromkeys(("训练", "训练集", "обучение"), "train"),
    **dict.fromkeys(("val", "valid", "validation", "dev", "validierung"), "val"),
    **dict.fromkeys(("validierungsdaten", "validacion", "validacao", "验证", "验证集"), "val"),
    **dict.fromkeys(("validazione", "dogrulama", "validering", "walidacyjny"), "val"),
    **dict.fromkeys(("test", "testing", "tst", "holdout", "testdaten", "testset"), "test"),
    **dict.fromkeys(("prueba", "pruebas", "teste", "测试", "测试集"), "test"),
    **dict.fromkeys(("testowy", "тест", "тестовая", "testi", "testovaci", "uji"), "test"),
    **dict.fromkeys(("обучающая", "opetus", "koulutus", "trenovaci", "latih", "oefen"), "train"),
    **dict.fromkeys(("treinamento", "treningsdata", "pelatihan", "εκπαιδευση", "تدريب"), "train"),
    **dict.fromkeys(("валидация", "validatie", "validacni", "validasi", "validointi"), "val"),
    **dict.fromkeys(("اختبار", "prov", "prove"), "test"),
    **dict.fromkeys(("trening", "treningowe", "uczacy", "uczace", "trenowanie"), "train"),
    **dict.fromkeys(("walidacja", "walidacyjne", "weryfikacja"), "val"),
    **dict.fromkeys(("testowe", "prova", "collaudo"), "test"),
    **dict.fromkeys(("lernen", "lerndaten", "lernset", "anlernen"), "train"),
    **dict.fromkeys(("prufen", "prufung", "prufdaten"), "test"),
    **dict.fromkeys(("훈련", "학습", "訓練", "学習"), "train"),
    **dict.fromkeys(("검증", "検証", "驗證", "校验"), "val"),
    **dict.fromkeys(("시험", "테스트", "テスト", "測試", "評価"), "test"),
}
"""What the parts are called, without accents."""
UNSPACED = re.compile(r"(?:用|용|の)?(?:集|数据集?|資料|データ(?:セット)?|데이터(?:셋)?|세트|셋)?$")
"""What scripts that set no spaces write behind such a word."""
UNLABELLED = labels.word_set(
    "pred predict prediction predictions unlabeled unlabelled unsorted unsupervised unsup "
    "unsortiert inbox todo unannotated unassigned inference deploy unreviewed unprocessed pending "
    "revised sorted checked labelled labeled geprueft gepruft sortiert ungepruft unklar revisar "
    "clasificar classificar classificado clasificado trier trie rever rivedere revisado "
    "unscharf verwackelt aussortiert unbrauchbar unsicher blurry blurred discarded rejects unsure "
    "uncertain flou floues illisible borroso borrosas descartado descartadas dudoso sfocate "
    "scartate oklart oskarp niewyrazne onscherp onduidelijk "
    "verificare verificar verifier controllare prufen uberprufen pruefen check tocheck overig "
    "determined determiner determinar bestimmen bepalen urceni okreslenia klasyfikacji "
    "niesklasyfikowane ongesorteerd nezarazene osorterat 未分类 未分類 待分类 未标注 "
)
"""Folders of files without a class, or of the others beside."""
LABELLED = labels.word_set(
    "labeled labelled annotated sorted checked reviewed classified sortiert gepruft geprueft "
    "beschriftet revisado clasificado classificado trie annote etiquetado "
    "etiquetadas 已标注 已分类 "
)
"""Folders of files with classes, beside the former."""
NOT_YET = labels.word_set("not yet to be sin no non por para a da per nicht noch zu niet nie do ej")
"""Words beside: ``to be revised``, ``sin revisar``, ``à trier``."""
COPIES = labels.word_set(
    "thumb thumbs thumbnail thumbnails preview previews backup backups old trash deleted tmp temp "
    "cache copies duplicates vorschau kopie kopien papierkorb miniaturas miniatures "
)
"""Folders of what is elsewhere, or is no longer wanted."""
FILLERS = labels.word_set(
    "set sets data dataset image images img imgs picture pictures pic pics photo photos file "
    "files folder split public private seg audio audios wav wavs sound sounds clip clips "
    "recordings text texts txt jpg jpeg png crop crops cropped resized small large full new "
    "final raw original the my x 集 数据 数据集 データ 데이터 "
)
"""Words beside ``train`` that change nothing: ``training_set``, ``seg_train``."""
FOLDS = frozenset(("fold", "folds", "kfold", "cv", "part", "split", "chunk", "shard", "batch"))
PEOPLE = labels.word_set(
    "patient patients pat subject subjects subj sub speaker spk person participant user "
    "animal individual specimen case donor id site scanner camera cam device machine station "
    "session recording rec visit video clip "
    "seance sitzung sesion sesja sessione sessao sezeni sessie termin besuch visita visite wizyta "
)
DAYS = frozenset(("day", "date", "week", "month", "year"))
IMAGES = labels.word_set(
    "image images img imgs picture pictures photo photos jpegimages data raw original "
    "originals audio wav wavs clips sounds recordings input inputs rgb files "
)
MASKS = labels.word_set(
    "mask masks label labels annotation annotations gt groundtruth segmentation segmentations "
    "seg segmentationclass segmentationobject overlay overlays matte mattes trimap trimaps "
    "bbox boxes labeltxt truth superpixels contours maske masken masque masques mascara "
    "mascaras maska masky maschera maschere masker maskers maszk maszki 掩码 掩膜 蒙版 マスク "
)

OF_MASKS = frozenset(("class", "object", "instance", "ground", "part", "lesion", "binary"))
"""Words beside those of masks: ``SegmentationClass``."""
MASK = re.compile(r"mas(k|ks|ke|ken|que|ques|cara|caras|chera|chere|ky|zk|zki)|маск[аи]")
"""The word for a mask, beside which any word may stand but these: ``leftMask``."""
WORN = labels.word_set(
    "with without no not face gas wearing worn wears weared incorrect incorrectly correctly "
    "surgical medical cloth dust oxygen ski diving halloween carnival venetian mit ohne con sin "
    "avec sans z bez senza com sem met zonder fabric cotton respirator proper improper"
)
"""Words beside masks that people wear."""

COUNTED_CLASSES = frozenset(
    ("class", "label", "type", "category", "grade", "level", "stage", "kind", "n")
)
"""The last words of folders that are classes although they are only counted: ``class 1``."""
SYNSET = re.compile(r"n\d{8}")
"""How ImageNet calls its classes."""
DATE = re.compile(
    r"(19|20)\d\d([-_. ]?[01]\d([-_. ]?[0-3]\d([-_. T].*)?)?)?|[0-3]\d[-.][01]\d[-.]\d{2,4}"
)
PREFIX = re.compile(r"([^\W\d_][^\d]*?)[\s._\-(]*\d[^/]*$")
"""``cat`` of ``cat.0.jpg``, ``great_pyrenees`` of ``great_pyrenees_12.jpg``."""
LETTERED = re.compile(r"[\s_-][A-Z]$")
"""Counted by letters: ``Cam-A``."""
FEW = 5
"""Files in a folder on average, with which it is hardly a class."""
MANY = 20
"""So many folders that are called alike below every other one are rather classes of their own."""
CODED = 3
"""Digits of a code that is no name."""
COUNTED_BY_LETTER = re.compile(r"[\s_-][A-Za-z]$")
BETWEEN = re.compile(r"[\s_.-]+")
MOSTLY_NAMED = 0.8
"""The share of the files whose names must say it for names to be asked about beside folders."""
GRID, OWN, MOST_ENDS = 0.75, 3, 10
"""Parts of folder names are classes where so many of all pairs of them are there; or where names
differ but for the end, of which there are so few, with so many folders of each."""
CAMERAS = labels.word_set("image img imag dsc dscn dscf pxl mvi pict whatsapp screenshot snapshot")
OF_CAMERAS = (
    IMAGES
    | CAMERAS
    | labels.word_set(
        "pic photo foto screen shot frame scan download unnamed untitled copy version sample item "
        "bild imagen figure fig page "
        "crop patch tile slice sound track take rec recording voice memo aufnahme file at am pm "
        "example test train val valid augmented aug edited res view cam camera"
    )
)
"""Words that cameras and programs begin names with, which say nothing."""
ALIKE = 0.9
"""The share of file names that must have equally many parts for one of them to be the class."""
MAX_PARTS, FEWEST = 50, 3
"""The most classes that a part of the names tells; files of each, on average, at least."""
MOST_NUMBERS = 12
"""More folders that are numbers are rather people or plots."""
MAX_NAMES = 1000
"""With more beginnings of file names, these tell no classes."""

Kind = Literal[
    "split", "unlabelled", "copies", "fold", "person", "day", "images", "masks", "number", "word"
]
ODD: Collection[Kind] = ("unlabelled", "copies", "images", "masks")
"""Kinds of folders that are hardly ever classes."""


BESIDE_MASKS = FILLERS | IMAGES | OF_MASKS | SPLIT_WORDS.keys()


class Place(NamedTuple):
    """What a folder says about the files in it; no label: in no class folder."""

    label: str | None
    split: SplitName | None = None
    group: str | None = None


def words(name: str) -> list[str]:
    """``['training', 'set']`` of ``TrainingSet_2``; digits are left out."""
    return [_plain(word) for word in labels.words(name) if not word.isdigit()]


def _plain(word: str) -> str:
    """``训练`` of ``训练集``, ``훈련`` of ``훈련데이터``."""
    return word if word.isascii() else UNSPACED.sub("", word) or word


def split_of(name: str, fillers: Collection[str] = FILLERS) -> SplitName | None:
    """The part that a folder of this name usually is: ``train2017``, ``seg_test``.

    Args:
        fillers: words beside that change nothing.
    """
    found = words(name)
    parts = [SPLIT_WORDS[word] for word in found if word in SPLIT_WORDS]
    rest = [word for word in found if word not in SPLIT_WORDS]
    return parts[0] if len(parts) == 1 and all(word in fillers for word in rest) else None


def odd_names(layout: Layout, homes: Iterable[str]) -> list[str]:
    """Folders among the classes that are hardly such."""
    rests = [home.split("/")[layout.lead :] for home in homes if home]
    doubted = replace(layout, key=layout.key.replace("class?", "class"))
    return sorted(name for name in _classes_of(doubted, rests) if kind_of(name) in ODD)


def kind_of(name: str) -> Kind:
    """What a single folder name looks like."""
    found = words(name)
    lettered = LETTERED.search(name) is not None
    digits = any(character.isdigit() for character in name)
    found, numbered = found[:-1] if lettered else found, digits or lettered
    checks: tuple[tuple[Kind, bool], ...] = (
        ("split", split_of(name) is not None),
        ("unlabelled", _made_of(found, UNLABELLED, FILLERS | NOT_YET)),
        ("copies", _made_of(found, COPIES, FILLERS) or name.startswith("_")),
        ("day", DATE.fullmatch(name.strip()) is not None),
        ("number", not found),
        ("fold", numbered and _made_of(found, FOLDS, FILLERS)),
        ("person", numbered and _made_of(found, PEOPLE, FILLERS)),
        ("day", numbered and _made_of(found, DAYS, FILLERS)),
        ("masks", _made_of(found, MASKS, BESIDE_MASKS) or "".join(found) in MASKS),
        ("masks", _of_masks(found)),
        ("images", _made_of(found, IMAGES, FILLERS)),
        ("word", SYNSET.fullmatch(name) is not None),
        ("person", digits and len(found) == 1 and len(found[0]) <= 2),  # p01, S12
    )
    return next((kind for kind, holds in checks if holds), "word")


def _of_masks(found: Sequence[str]) -> bool:
    """Whether words say that something is masked, and not that people wear a mask."""
    several = len(found) > 1 and not any(word in WORN for word in found)
    return several and any(MASK.fullmatch(word) for word in (found[0], found[-1]))


def among_masks(folder: str) -> bool:
    """Whether a path of folders leads to masks, labels or boxes instead of samples."""
    return any(kind_of(part) == "masks" for part in folder.split("/"))


def _made_of(found: Sequence[str], some: Collection[str], rest: Collection[str]) -> bool:
    """Whether ``found`` has one of ``some`` words, and nothing else but those and the ``rest``."""
    return any(word in some for word in found) and all(w in some or w in rest for w in found)


# -- reading with a layout


@dataclass(frozen=True)
class Layout:
    """What each level of folders is, below the first ``lead`` ones.

    Attributes:
        key: the roles, from the top, as in ``split/class``.
        parts: what folders of a split level are, where their names do not say it.
        masked: whether there are folders of masks anywhere, which are skipped.
    """

    key: str
    lead: int = 0
    parts: tuple[tuple[str, SplitName], ...] = ()
    masked: bool = False

    @property
    def roles(self) -> tuple[str, ...]:
        return tuple(self.key.split("/"))

    @property
    def by_name(self) -> bool:
        """Whether the names of the files say the class."""
        return self.roles[-1].partition(":")[0] == "name"

    def named_class(self, name: str) -> str | None:
        """The class that a file name says, with such a layout; None where it says none."""
        part = self.roles[-1].partition(":")[2]
        return part_of_name(name, int(part)) if part else named_class(name)

    def unknown_parts(self, homes: Iterable[str]) -> list[str]:
        """Folders of the split level of which it is not known what they are."""
        at = self.lead + self.roles.index("split") if "split" in self.roles else -1
        names = {home.split("/")[at] for home in homes if home.count("/") >= at >= 0}
        unknown = (n for n in names if _split(n) is None and n not in dict(self.parts))
        return sorted(n for n in unknown if kind_of(n) not in ("unlabelled", "masks"))

    def _skips(self, role: str, name: str) -> bool:
        """Whether a folder holds masks, or files without a class beside those of the parts."""
        if role == "images":
            return kind_of(name) == "masks"
        if role == "labelled":
            return kind_of(name) == "unlabelled" and not _labelled(name)
        if role == "class?":
            return kind_of(name) in ODD
        return role == "class" and "split" in self.roles and kind_of(name) == "unlabelled"

    def place(self, folder: str) -> Place:
        """What ``folder``, a path below the root, says about its files."""
        if self.masked and among_masks(folder):
            return Place(None)
        parts = folder.split("/")[self.lead :] if folder else []
        label: list[str] = []
        group: list[str] = []
        split: SplitName | None = None
        roles = list(self.roles)
        while parts and roles:
            part, role = parts.pop(0), roles.pop(0)
            if role in ("split", "split?"):
                split = dict(self.parts).get(part) or _split(part)
                if split is None and role == "split":
                    return Place(None)
                if split is None:
                    parts.insert(0, part)
            elif self._skips(role, part):
                return Place(None)
            elif role in ("class", "class?"):
                label.append(part)
            elif role.startswith("class:"):
                said, rest = _divided(part, int(role.partition(":")[2]))
                label.append(said)
                group += [rest] if "group" not in self.roles else []
            elif role == "group":
                group.append(part)
        if roles == [] and self.roles[-1] in ("class", "class?"):
            label += parts
        return Place("/".join(label) or None, split, "/".join(group) or None)


def says_unlabelled(name: str) -> bool:
    """Whether a label says that there is none yet: ``to be determined``, ``unsure``."""
    return kind_of(name) == "unlabelled" and not _labelled(name)


def _labelled(name: str) -> bool:
    """Whether a folder says that its files have classes."""
    return any(word in LABELLED for word in words(name)) and not NOT_YET & set(words(name))


def _split(name: str) -> SplitName | None:
    """The part that a folder is, once its level is known to hold the parts."""
    parts = [SPLIT_WORDS[word] for word in words(name) if word in SPLIT_WORDS]
    return parts[0] if parts else None


def named_class(name: str) -> str | None:
    """The class that a file name begins with; None where it says none."""
    found = PREFIX.fullmatch(name.rpartition(".")[0] or name)
    said = found[1].strip(" ._-(") if found else ""
    return said if said and not CAMERAS.issuperset(labels.words(said)) else None


def called_classes(names: Collection[str]) -> bool:
    """Whether folders are called as classes are that have no names: ``class 1``, or 0, 1, 2 ...
    rather than 01, 02 ... as people and plots are counted."""
    plain = all(name.isdecimal() and str(int(name)) == name for name in names)
    counted_so = sum(bool(COUNTED_CLASSES & set(words(name))) for name in names)
    counting = counted_so > len(names) / 2
    return counting or (plain and len(names) <= MOST_NUMBERS)


def named_across(places: Sequence[tuple[str, str]]) -> list[str]:
    """The beginnings of file names that come again in several folders, and may therefore be the
    classes, as in ``Anna/cat 1.jpg``, ``Ben/cat 1.jpg``; none where folders say as much.

    Args:
        places: the class by its folder, and the name, of each file.
    """
    said = [(folder, named_class(name)) for folder, name in places]
    found = [(folder, labels.loosely(name), name) for folder, name in said if name and _says(name)]
    if len(found) < MOSTLY_NAMED * len(places):
        return []
    names = {key: name for _folder, key, name in reversed(found)}
    folders = {folder for folder, _key, _name in found}
    pairs = {(folder, key) for folder, key, _name in found}
    if not 2 <= len(names) <= MAX_PARTS or len(found) < FEWEST * len(names):
        return []
    many = max(0.5 * len(names) * len(folders), 1.5 * len(names), 1.5 * len(folders))
    return list(names.values()) if len(pairs) >= many else []


def _says(name: str) -> bool:
    """Whether the beginning of a file name may say a class: cameras and programs write others."""
    found = labels.words(name)
    return any(word not in FILLERS and word not in OF_CAMERAS for word in found) and (
        len("".join(found)) > 2
    )


def _divided(name: str, number: int) -> tuple[str, str]:
    """The first (1) or last (-1) part of a name, and the rest."""
    parts = _parts(name)
    if len(parts) < 2:
        return name, name
    return (parts[0], " ".join(parts[1:])) if number > 0 else (parts[-1], " ".join(parts[:-1]))


def telling_ends(names: Collection[str]) -> list[int]:
    """Which part of the names of folders may be the class rather than the whole: the last (-1) in
    ``Anna - good``, ``Ben - bad`` or in ``OAF_fear``, ``YAF_fear``, the first (1) in the latter,
    too. The likeliest first."""
    several = [name for name in names if len(_parts(name)) > 1]
    if len(several) < MOSTLY_NAMED * len(names) or len(several) < 4:
        return []
    return [end for end in (-1, 1) if _end_tells(several, end)]


def of_things(names: Collection[str], end: int) -> bool:
    """Whether each folder is of a thing of its own, so that the rest of its name is a group."""
    rests = {labels.loosely(_divided(name, end)[1]) for name in names}
    return len(rests) >= MOSTLY_NAMED * len(names)


def _end_tells(names: Sequence[str], end: int) -> bool:
    divided = [_divided(name, end) for name in names]
    ends = {labels.loosely(said) for said, _rest in divided}
    rests = {labels.loosely(rest) for _said, rest in divided}
    others = {labels.loosely(_divided(name, -end)[0]) for name in names}
    if len(ends) < 2 or all(any(map(str.isdigit, str(each))) for each in ends):
        return False
    grid = len(others) > 1 and len(names) >= GRID * len(ends) * len(others)
    often = OWN * len(ends) <= len(names)
    alone = often and len(rests) >= MOSTLY_NAMED * len(names)
    return grid or (alone and len(ends) <= MOST_ENDS)


def parts_of_name(name: str) -> list[str]:
    """``03``, ``01`` and ``05`` of ``03-01-05.wav``."""
    return _parts(name.rpartition(".")[0] or name)


def _parts(name: str) -> list[str]:
    return [part for part in BETWEEN.split(name) if part]


def part_of_name(name: str, number: int) -> str | None:
    """One part, counted from 1; None where there are fewer."""
    parts = parts_of_name(name)
    return parts[number - 1] if len(parts) >= number else None


def telling_parts(names: Sequence[str]) -> dict[int, list[str]]:
    """The parts of file names that may be the class, by their number: with their values, a few
    that come again and again, in names that are all built alike."""
    rows = [parts_of_name(name) for name in names]
    widths = Counter(map(len, rows))
    width, count = widths.most_common(1)[0] if rows else (0, 0)
    alike = [row for row in rows if len(row) == width]
    if width < 2 or count < ALIKE * len(rows):
        return {}
    found: dict[int, list[str]] = {}
    seen: list[list[int]] = []
    for at in range(width):
        cells = [row[at] for row in alike]
        places: dict[str, int] = {}
        division = [places.setdefault(cell, len(places)) for cell in cells]
        often = 2 <= len(places) <= min(MAX_PARTS, len(alike) / FEWEST)
        if often and division not in seen and not all(map(DATE.fullmatch, places)):
            found[at + 1] = list(places)
            seen.append(division)
    return found


# -- finding the layout


@dataclass(frozen=True)
class Guess:
    """The likeliest layout, and the others that are worth asking about.

    Attributes:
        others: further layouts that the names allow.
        sure: whether ``layout`` may be taken without a question.
        code: of the sentence that says why one must ask; empty where that is not so.
    """

    layout: Layout
    others: tuple[Layout, ...] = ()
    sure: bool = True
    code: str = ""


def common(folders: Sequence[Sequence[str]]) -> int:
    """How many leading parts all share; the last part of each always stays."""
    if not folders:
        return 0
    shortest = min(map(len, folders)) - 1
    first = folders[0]
    differing = (at for at in range(shortest) if any(p[at] != first[at] for p in folders))
    return next(differing, shortest)


def guess(homes: Collection[str], files: int = 0, versions: Collection[int] = frozenset()) -> Guess:
    """The layout of ``homes``: every folder, below the root, that holds files.

    Args:
        files: how many there are in all; with few in each folder, these are rather groups.
        versions: levels whose folders hold versions of the same files, and say nothing more.
    """
    parts = [home.split("/") for home in homes if home]
    lead = common(parts)
    rests = [part[lead:] for part in parts]
    plain = Layout("class", lead)
    if not rests:
        return Guess(plain)
    if (mixed := _split_beside_classes(rests, lead)) is not None:
        return mixed
    below = {level - lead for level in versions}
    found = _without_odd(_by_levels(rests, plain, files, below), rests)
    return (found.code == "data.only_parts" and _beside_any_masks(homes, files)) or found


def _beside_any_masks(homes: Collection[str], files: int) -> Guess | None:
    """The layout of the folders without those of masks, where several classes are left."""
    others = [home for home in homes if home and not among_masks(home)]
    if not others or len(others) == len(homes):
        return None
    found = guess(others, files)
    every = [replace(each, masked=True) for each in (found.layout, *found.others)]
    labels = {every[0].place(home).label for home in others} - {None}
    if len(labels) < 2 or found.code == "data.only_parts":
        return None
    return replace(found, layout=every[0], others=tuple(every[1:]))


def _by_levels(
    rests: Sequence[Sequence[str]], plain: Layout, files: int, versions: Collection[int] = ()
) -> Guess:
    """What the levels of folders are; as of :func:`guess`."""
    lead = plain.lead
    roles, at = _known_levels(rests)
    every = range(max(map(len, rests)))
    left = [level for level in every if roles.get(level, "class") == "class"]
    if not left:
        return Guess(plain, (), False, "data.only_parts")
    if versioned := set(versions) & set(left):
        roles |= dict.fromkeys(versioned, "-") if versioned < set(left) else {}
        left = [level for level in left if roles.get(level, "class") == "class"]
    found = _classes_among(rests, roles, left, lead, 0 < files <= FEW * len(rests))
    return found if at is None or found.layout.key != "class" else Guess(plain)


def _without_odd(found: Guess, rests: Sequence[Sequence[str]]) -> Guess:
    """``found``, asked about where some folders of the classes are hardly such."""
    without = {each: _leaving_out(each, rests) for each in (found.layout, *found.others)}
    likely = without[found.layout]
    if likely is None and _beside_masks(found.layout, rests):
        return Guess(found.layout, found.others, False, "data.only_parts")
    if not found.sure:
        every = [without[each] or each for each in (found.layout, *found.others)]
        layout, *others = dict.fromkeys([*every, found.layout])
        return Guess(layout, tuple(others), False, found.code)
    if likely is not None:
        return Guess(likely, (found.layout, *found.others), False, "data.odd_folders")
    if any(kind_of(name) in ODD for name in _classes_of(found.layout, rests)):
        return Guess(found.layout, found.others, False, "data.only_parts")
    return found


def _beside_masks(layout: Layout, rests: Sequence[Sequence[str]]) -> bool:
    """Whether there are masks, and but one folder of classes beside them."""
    names = {name for name in _classes_of(layout, rests) if kind_of(name) != "masks"}
    return len(names) < 2 and any(among_masks("/".join(rest)) for rest in rests)


def _leaving_out(layout: Layout, rests: Sequence[Sequence[str]]) -> Layout | None:
    """``layout`` without folders that are hardly classes; None where there are none of them, or
    nothing else."""
    names = _classes_of(layout, rests)
    odd = {name for name in names if kind_of(name) in ODD}
    if not odd or len(names - odd) < 2:
        return None
    doubted = "/".join("class?" if role == "class" else role for role in layout.roles)
    return Layout(doubted, layout.lead)


def _classes_of(layout: Layout, rests: Sequence[Sequence[str]]) -> set[str]:
    """The folders on the first level of classes that are not skipped anyway."""
    if "class" not in layout.roles:
        return set()
    at, plain = layout.roles.index("class"), replace(layout, lead=0)
    used = [rest for rest in rests if len(rest) > at]
    return {rest[at] for rest in used if plain.place("/".join(rest)).label is not None}


def _known_levels(rests: Sequence[Sequence[str]]) -> tuple[dict[int, str], int | None]:
    """The role of each level whose names say it, and which level is the split."""
    roles: dict[int, str] = {}
    split: int | None = None
    deepest = max(map(len, rests))
    for level in range(deepest):
        names = {rest[level] for rest in rests if len(rest) > level}
        kinds = {kind_of(name) for name in names}
        if split is None and _is_split(names):
            roles[level], split = "split", level
        elif kinds <= {"images", "masks"} and "masks" in kinds:
            roles[level] = "images"
        elif kinds == {"unlabelled"} and level < deepest - 1 and any(map(_labelled, names)):
            roles[level] = "labelled"
        elif (
            (level and _repeats_above(rests, level))
            or (kinds == {"images"} and deepest > 1)
            or (0 < level < deepest - 1 and len(names) == 1 and _below_all(rests, level, split))
        ):
            roles[level] = "-"
    return roles, split


def _below_all(rests: Sequence[Sequence[str]], level: int, split: int | None) -> bool:
    """Whether everything lies below this level, but what is directly in a part of the data."""
    direct = 0 if split is None else split + 1
    return all(len(rest) > level + 1 or len(rest) <= direct for rest in rests)


def _is_split(names: Collection[str]) -> bool:
    """Whether all of these folders are parts of a data set, training among them."""
    found = {split_of(name) for name in names}
    others = [name for name in names if split_of(name) is None]
    if "train" in found and len(found - {None}) > 1:
        return all(kind_of(name) in ("unlabelled", "masks") for name in others)
    if found == {"train"} and not others:
        return True
    return _is_split_with_remainder(names)


def _is_split_with_remainder(names: Collection[str]) -> bool:
    """``chest_train`` and ``chest_test``: what is no part of a name is the same in all; or one of
    them is a part for sure, and the others are called like another one."""
    remainders = set()
    parts = set()
    for name in names:
        found = words(name)
        marks = [SPLIT_WORDS[word] for word in found if word in SPLIT_WORDS]
        if len(marks) != 1:
            return False
        parts.add(marks[0])
        remainders.add(tuple(word for word in found if word not in SPLIT_WORDS))
    alike = len(remainders) == 1 or any(map(split_of, names))
    return alike and "train" in parts and len(parts) > 1


def _repeats_above(rests: Sequence[Sequence[str]], level: int) -> bool:
    """``training_set/training_set``: folders of archives that were unpacked into folders."""
    deep = [rest for rest in rests if len(rest) > level]
    return all(rest[level].lower() == rest[level - 1].lower() for rest in deep)


def _split_beside_classes(rests: Sequence[Sequence[str]], lead: int) -> Guess | None:
    """Folders called ``train`` or ``test`` beside such that are not: parts, or classes?"""
    tops: dict[str, set[str]] = defaultdict(set)
    for rest in rests:
        tops[rest[0]].add(rest[1] if len(rest) > 1 else "")
    marked = [name for name in tops if split_of(name)]
    others = [name for name in tops if not split_of(name)]
    if not marked or not others or _is_split(tops):
        return None
    if all(kind_of(name) in ("unlabelled", "images", "masks") for name in others):
        return None
    plain, mixed = Layout("class", lead), Layout("split?/class", lead)
    below = set().union(*(tops[name] for name in marked)) - {""}
    if below and below <= set(others):  # cat, dog, test/cat, test/dog
        return Guess(mixed)
    if {split_of(name) for name in marked} > {"train"} and below:  # train/cat, test/cat, more
        parts = Layout("split/class", lead)
        return Guess(parts, (plain,), False, "data.class_or_part")
    asked = (mixed,) if len(others) > 1 else ()
    guessed = mixed if asked and len(marked) == 1 and split_of(marked[0]) == "test" else plain
    options = tuple(each for each in (plain, *asked) if each != guessed)
    return Guess(guessed, options, False, "data.class_or_part")


class _Levels(NamedTuple):
    """The levels whose role is known, below ``lead`` ones that everything shares."""

    roles: Mapping[int, str]
    lead: int

    def layout(self, classes: Sequence[int], groups: Sequence[int] = ()) -> Layout:
        """With these other levels as classes and groups."""
        named = {
            **self.roles,
            **dict.fromkeys(classes, "class"),
            **dict.fromkeys(groups, "group"),
        }
        return Layout("/".join(named.get(level, "-") for level in range(max(named) + 1)), self.lead)


def _classes_among(
    rests: Sequence[Sequence[str]],
    roles: Mapping[int, str],
    left: Sequence[int],
    lead: int,
    sparse: bool,
) -> Guess:
    """Which of the levels that are ``left`` hold classes, which groups.

    Args:
        sparse: whether there are only few files in a folder.
    """
    levels = _Levels(roles, lead)
    kinds = {level: _level_kind(rests, level) for level in left}
    grouping = [level for level in left if kinds[level] in ("fold", "person", "day")]
    naming = [level for level in left if level not in grouping]
    coded = [level for level in naming[1:] if _coded_at(rests, level)]
    if coded and len(naming) + bool(grouping) > 2:  # of slides, below the classes
        grouping = sorted([*coded, *grouping])
        naming = [level for level in naming if level not in coded]
    if not naming:  # nothing but days or patients
        return Guess(levels.layout(left[-1:], left[:-1]), (), False, "data.only_groups")
    whole = _nested(levels.layout(left))
    counting = [level for level in naming if _counted_at(rests, level)]
    if not grouping and counting and len(counting) == len(naming) - 1 > 1:
        return _by_counted(_Levels({**roles, **dict.fromkeys(left, "-")}, lead), naming, counting)
    if not grouping and counting and len(naming) > 2:  # a child, the first or second day, the word
        grouping, naming = counting, [level for level in naming if level not in counting]
    if grouping:
        levels = _Levels(
            {**roles, **dict.fromkeys(left, "-")}, lead
        )  # what is neither means nothing
        first, both = (levels.layout(each, grouping[:1]) for each in (naming[:1], naming))
        if first != both:  # a device, a day, the class
            ways = (naming[:1], grouping[:1], [*naming[:1], *grouping[:1]])
            last = [levels.layout(naming[-1:], by) for by in ways]
            every = [first, *last, both]
            if _counted_at(rests, naming[0]) or (
                grouping[0] < naming[0] and _each_below_all(rests, naming)
            ):
                every = [*last, first, both]
            return Guess(every[0], tuple(every[1:]), False, "data.which_level")
        return _checked(Guess(first, (whole,)), rests, roles)
    if len(left) == 1:
        only_counted = Guess(whole, (), False, "data.only_groups")
        return only_counted if counting else _checked(Guess(whole), rests, roles)
    return _on_two_levels(rests, levels, left, sparse or kinds[left[-1]] == "number")


def _by_counted(levels: _Levels, naming: Sequence[int], counting: Sequence[int]) -> Guess:
    """Classes on the one level whose folders are not only counted: ``batch 1/good/part 7``."""
    classes = [level for level in naming if level not in counting]
    ways = [levels.layout(classes, [level]) for level in counting]
    every = [*ways, levels.layout(classes), _nested(levels.layout(naming))]
    return Guess(every[0], tuple(every[1:]), False, "data.which_level")


def _counted_at(rests: Sequence[Sequence[str]], level: int) -> bool:
    """Whether the folders of a level are only counted."""
    return counted({rest[level] for rest in rests if len(rest) > level})


def _coded_at(rests: Sequence[Sequence[str]], level: int) -> bool:
    """Whether the folders of a level are called by codes: ``SOB_M_DC_14-4364``."""
    names = {rest[level] for rest in rests if len(rest) > level}
    coded = [n for n in names if sum(map(str.isdigit, n)) >= CODED and not SYNSET.fullmatch(n)]
    return len(coded) >= ALIKE * len(names)


def _each_below_all(rests: Sequence[Sequence[str]], levels: Sequence[int]) -> bool:
    """Whether the same few names lie below each one of the upper of several levels, which is then
    rather a device or a site."""
    lower = {labels.loosely(rest[levels[-1]]) for rest in rests if len(rest) > levels[-1]}
    return _relation(rests, (levels[0], levels[-1])) == "grid" and len(lower) < MANY


def _on_two_levels(
    rests: Sequence[Sequence[str]], levels: _Levels, left: Sequence[int], grouping: bool
) -> Guess:
    """Whether classes are on the first or the second of two levels, or both make them.

    Args:
        grouping: whether the lower folders are rather groups, by their numbers or few files.
    """
    whole = _nested(levels.layout(left))
    relation = _relation(rests, left)
    alone = Layout(f"{levels.layout(left[:1]).key}/-", levels.lead)
    if relation == "one":
        return _checked(Guess(alone), rests, levels.roles)
    if relation == "beside":  # cat/1.jpg, cat/cropped/2.jpg: one class each
        return Guess(alone, (whole,), False, "data.folders_below")
    inner, outer = levels.layout(left[:1], left[1:2]), levels.layout(left[1:2], left[:1])
    every = (inner, whole, outer) if relation == "grid" else (inner, whole)
    upper = {rest[left[0]] for rest in rests}
    if relation == "grid":  # the upper ones may mean nothing: parts of a download
        every = (*every, Layout(levels.layout(left[1:2]).key.replace("group", "-"), levels.lead))
    if relation == "grid" and len(upper) in (2, 3) and left[0] == 0:  # in a language not known here
        every = (*every, Layout("split/class", levels.lead))
    lower = {labels.loosely(rest[left[1]]) for rest in rests if len(rest) > left[1]}
    below = {rest[left[1]] for rest in rests if len(rest) > left[1]}
    counting = counted(below) and all(map(COUNTED_BY_LETTER.search, below))
    likely = inner if grouping or counting else whole
    if (
        relation == "grid" and len(lower) < MANY and not counting
    ):  # every site, device or day has every class
        likely = outer
    others = tuple(each for each in every if each != likely)
    code = "data.which_level" if relation == "grid" else "data.nested"
    return Guess(likely, others, False, code)


def counted(names: Collection[str]) -> bool:
    """Whether folders are only counted (``Actor_01``, ``Actor_02``), and not as classes are."""
    lettered = len(names) > 2 and all(COUNTED_BY_LETTER.search(name) for name in names)
    stems = {tuple(words(name)[: -1 if lettered else None]) for name in names}
    numbered = lettered or all(any(map(str.isdigit, name)) for name in names)
    stem = next(iter(stems))
    return (
        numbered
        and len(names) > 1
        and len(stems) == 1
        and stem != ()
        and stem[-1] not in COUNTED_CLASSES
    )


def _nested(layout: Layout) -> Layout:
    """``class`` for ``class/class``: what lies deeper belongs to the last role anyway."""
    roles = list(layout.roles)
    while len(roles) > 1 and roles[-2:] == ["class", "class"]:
        roles.pop()
    return Layout("/".join(roles), layout.lead)


def _checked(found: Guess, rests: Sequence[Sequence[str]], roles: Mapping[int, str]) -> Guess:
    """``found``, asked about where a class would be called like a part of a data set."""
    below = [level for level, role in roles.items() if role == "split"]
    names = {part for rest in rests for at, part in enumerate(rest) if at not in below}
    repeated = any(role == "-" for role in roles.values())
    classes = {p for n in names if (p := split_of(n)) is not None} if below else set()
    if classes and not repeated:
        return Guess(found.layout, found.others, False, "data.class_or_part")
    return found


def _level_kind(rests: Sequence[Sequence[str]], level: int) -> Kind:
    """What most names of a level look like."""
    names = {rest[level] for rest in rests if len(rest) > level}
    kinds = [kind_of(name) for name in names]
    commonest = max(set(kinds), key=kinds.count)
    return commonest if kinds.count(commonest) >= 0.9 * len(kinds) else "word"


def _relation(rests: Sequence[Sequence[str]], left: Sequence[int]) -> str:
    """How the folders of a second level lie below those of the first.

    ``one``: a single one below each, ``beside``: there are files beside them, in a ``grid`` the
    same names come again below every name above (``cat/park``, ``dog/park``), ``numbers`` are
    their names; else they are ``own`` ones: ``Greek/alpha``, ``Latin/a``.
    """
    upper, lower = left[0], left[1]
    below: dict[str, set[Hashable]] = defaultdict(set)
    direct: set[str] = set()
    for rest in rests:
        if len(rest) > lower:
            below[rest[upper]].add(labels.loosely(rest[lower]))
        elif len(rest) > upper:
            direct.add(rest[upper])
    names = set().union(*below.values())
    pairs = sum(map(len, below.values()))
    checks = {
        "one": pairs == len(below) and not direct,
        "beside": bool(direct & below.keys()) and (len(names) <= pairs / 2 or len(names) == 1),
        "grid": pairs >= len(names) * max(1.5, 0.5 * len(below)),
        "numbers": all(kind_of(rest[lower]) == "number" for rest in rests if len(rest) > lower),
    }
    return next((kind for kind, holds in checks.items() if holds), "own")
