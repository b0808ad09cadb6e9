"""Words in the names of folders and files: of splits, masks, people, cameras."""

from __future__ import annotations

import re
from collections.abc import Mapping

from transfergui.core.data import labels
from transfergui.core.data.dataset import SplitName

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
UNKNOWN = frozenset(
    {"na", "n.a.", "n/a", "-", "unknown", "not known", "missing", "not available", "undefined",
     "not recorded", "unbekannt", "fehlt", "keine angabe", "inconnu", "inconnue", "desconocido",
     "desconocida", "sconosciuto", "desconhecido", "nieznany", "неизвестно", "未知", "不明"}
)  # fmt: skip
"""Cells that say that something is not known; as a class, some of them may mean one."""
NONE = labels.word_set(
    "no none nothing normal healthy neutral kein keine keiner nichts ninguno ninguna nada aucun "
    "aucune rien nessuno nessuna nenhum nenhuma geen brak żaden zadny нет ничего 无 なし 없음"
)
"""First words of labels that say that there is none."""
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

BESIDE_MASKS = FILLERS | IMAGES | OF_MASKS | SPLIT_WORDS.keys()


def words(name: str) -> list[str]:
    """``['training', 'set']`` of ``TrainingSet_2``; digits are left out."""
    return [_plain(word) for word in labels.words(name) if not word.isdigit()]


def _plain(word: str) -> str:
    """``训练`` of ``训练集``, ``훈련`` of ``훈련데이터``."""
    return word if word.isascii() else UNSPACED.sub("", word) or word
