"""Sentences about WebDataset shards."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    "shards.read": N_(
        "{count} {noun} are read from tar files ({shards}) without unpacking them. {how}"
    ),
    "shards.read_decompressed": N_(
        "{count} {noun} are read from compressed tar files ({shards}). {how}"
    ),
    "shards.names_unused": N_(
        "{path} is not used: its names ({count}) do not fit the labels ({labels}). Its first line "
        "must name label 0, the next one label 1, and no line may be blank."
    ),
    "shards.names": N_("The classes are named by {path} ({names})."),
    "shards.compressed": N_(
        "{path} is compressed in a way that TransferGUI does not read ({count} such files in all). "
        "Decompress it to .tar (zstd -d FILE.tar.zst, lz4 -d FILE.tar.lz4) and open the .tar, or "
        "compress it with gzip, bzip2 or xz."
    ),
    "shards.decompressed": N_(
        "Compressed tar files ({count}) were decompressed to read them: {size} in the folder "
        "{folder}. With .tar files instead, this space is not needed."
    ),
    "shards.unpacked": N_(
        "Tar files ({count}) were unpacked to read them: {size} in the folder {folder}. That "
        "folder can be deleted at any time; the files are then unpacked again."
    ),
    "shards.bomb": N_(
        "{path} was not decompressed: it is small but holds more than {gigabytes} GB, as harmful "
        "files do. If you trust it, unpack it yourself and open the folder."
    ),
    "shards.no_space": N_(
        "{path} needs {gigabytes} GB to unpack, and this computer does not have enough free space. "
        "Free some space, or unpack it on another disk and open the folder."
    ),
    "shards.unreadable": N_("{path} cannot be opened: {reason}."),
    "shards.empty": N_(
        "No {noun} were found in {path} (tar files: {count}). Each example is a file, and its "
        "class another one with the same name: 0001.jpg and 0001.cls."
    ),
    "shards.all_outside": N_(
        "No {noun} can be read from {path}: the paths in the tar file begin with / or lead out of "
        "its folder with ../ ({count} files, the first: {first}). Pack it again with paths inside "
        "one folder (tar -C FOLDER -cf NEW.tar .)."
    ),
    "shards.unlabelled": N_(
        "The {count} {noun} in {path} have no class. Add a file for each to the tar file: 0001.cls "
        "with a number or a name, or 0001.json with the field “label”. Or label them here (command "
        "line: `transfergui label`)."
    ),
    "shards.captions": N_(
        "The texts beside the {noun} in {path} are captions, not classes: nearly "
        "each is different (“{name}”). Add one file for each picture: 0001.cls with its class."
    ),
    "shards.parts_differ": N_(
        "Parts of {path} have different labels, which a WebDataset cannot hold: there, a recording "
        "has one label. Cut it into files of their own first."
    ),
    "shards.question_named": N_(
        "“{name}” cannot be written into a WebDataset, because a field of this name means "
        "something else there. Give the column another name."
    ),
    "shards.folder_in_use": N_(
        "{path} is not an empty folder. Choose a new or an empty one: the tar files are written "
        "there together."
    ),
    "shards.incomplete": N_(
        "{path} is cut off or damaged: what comes after byte {at} is missing. Copy it again from "
        "the original. What is left cannot be used: {why}"
    ),
    # -- what is left out
    "shards.cut_off": N_(
        "{path} is cut off: the {noun} from byte {at} on are missing. Copy it again from the "
        "original."
    ),
    "shards.damaged": N_(
        "{path} is damaged: the {noun} from byte {at} on cannot be read. Copy it again from the "
        "original."
    ),
    "shards.joined": N_(
        "{path} consists of several tar files, one behind the other: the {noun} from byte {at} on "
        "are not read. Use the original tar files instead."
    ),
    "shards.without_label": N_(
        "{count} {noun} in tar files have no class and are left out (the first: {first})."
    ),
    "shards.without_picture": N_(
        "{count} labels in tar files have no picture and are left out (the first: {first})."
    ),
    "shards.twice": N_(
        "{count} {noun} in tar files share their name with another picture, which is the one that "
        "is used (the first: {first})."
    ),
    "shards.link": N_(
        "{count} links in tar files are left out: they have no content of their own (the first: "
        "{first})."
    ),
    "shards.sparse": N_(
        "{count} sparse files in tar files are not read (the first: {first}). Pack them again "
        "without --sparse."
    ),
    "shards.special": N_(
        "{count} pipes and devices in tar files are left out (the first: {first})."
    ),
    "shards.nested": N_(
        "{count} tar files inside tar files are left out (the first: {first}). Unpack them first."
    ),
    "shards.other": N_("{count} other files in tar files are not read (the first: {first})."),
    "shards.nested_field": N_(
        "{count} fields of JSON files in tar files hold lists or objects of their own and are not "
        "read (the first: {first})."
    ),
    "shards.several": N_(
        "{count} examples in tar files have several {noun} ({names}). Each of them has the class "
        "of its example, and they stay in the same set."
    ),
    "shards.outside": N_(
        "{count} files in tar files have a path that leads out of their folder and are left out "
        "(the first: {first})."
    ),
    "shards.underscored": N_(
        "{count} files in tar files are left out, because names of examples and their folders "
        "cannot begin with __ in a WebDataset (the first: {first})."
    ),
    "shards.long_label": N_(
        "{count} labels in tar files are longer than 64 KB and are left out (the first: {first})."
    ),
    "shards.unreadable_label": N_(
        "{count} labels in tar files cannot be read or do not say a class (the first: {first})."
    ),
}
"""By code."""

ONE: dict[str, str] = {
    "shards.unlabelled": N_(
        "The only one of the {noun} in {path} has no class. Add a file for it to the tar file: "
        "0001.cls with a number or a name, or 0001.json with the field “label”."
    ),
    "shards.without_label": N_(
        "One of the {noun} in tar files has no class and is left out: {first}."
    ),
    "shards.without_picture": N_(
        "One label in a tar file has no picture and is left out: {first}."
    ),
    "shards.twice": N_(
        "One of the {noun} in tar files shares its name with another picture, which is the one "
        "that is used: {first}."
    ),
    "shards.link": N_(
        "One link in a tar file is left out: it has no content of its own ({first})."
    ),
    "shards.nested": N_("One tar file inside a tar file is left out: {first}. Unpack it first."),
    "shards.other": N_("One other file in a tar file is not read: {first}."),
    "shards.long_label": N_(
        "One label in a tar file is longer than 64 KB and is left out: {first}."
    ),
    "shards.unreadable_label": N_(
        "One label in a tar file cannot be read or does not say a class: {first}."
    ),
}
"""Where ``{count}`` is one."""
