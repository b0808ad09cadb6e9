"""Sentences about WebDataset shards."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    "shards.read": N_(
        "{count} {noun} are read from {shards} tar files (WebDataset) without unpacking them. "
        "Their classes come from {how}."
    ),
    "shards.names": N_("The classes are named by {path} ({names})."),
    "shards.compressed": N_(
        "{path} is a compressed tar file ({count} in all), in which no file can be read without "
        "all files before it. Decompress it to .tar (gzip -d FILE.tar.gz, zstd -d FILE.tar.zst), "
        "or unpack it and open the folder."
    ),
    "shards.pictures_only": N_(
        "{path} contains no pictures. From tar files (WebDataset), TransferGUI reads pictures "
        "only: unpack sounds and texts, and open the folder."
    ),
    "shards.objective": N_(
        "From tar files (WebDataset) such as {path}, TransferGUI reads one class or one number "
        "for each picture. For several labels, several questions or boxes, unpack them and open "
        "the folder."
    ),
    "shards.unreadable": N_("{path} cannot be opened: {reason}."),
    "shards.empty": N_(
        "No {noun} were found in the {count} tar files in {path}. In a WebDataset, each example "
        "is a picture and its class under one name: 0001.jpg and 0001.cls."
    ),
    "shards.unlabelled": N_(
        "The {count} {noun} in the tar files in {path} have no class. Add one file for each "
        "picture: 0001.cls with a number or a name, or 0001.json with the field “label”."
    ),
    "shards.captions": N_(
        "The texts beside the {noun} in the tar files in {path} are captions, not classes: nearly "
        "each is different (“{name}”). Add one file for each picture: 0001.cls with its class."
    ),
    "shards.not_writable": N_(
        "A WebDataset is written of pictures with one class or one number each. These data are of "
        "another kind."
    ),
    "shards.folder_in_use": N_(
        "{path} is not an empty folder. Choose a new or an empty one: the tar files are written "
        "there together."
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
    "shards.outside": N_(
        "{count} files in tar files have a path that leads out of their folder and are left out "
        "(the first: {first})."
    ),
    "shards.long_label": N_(
        "{count} labels in tar files are longer than 64 KB and are left out (the first: {first})."
    ),
    "shards.unreadable_label": N_(
        "{count} labels in tar files cannot be read or do not say a class (the first: {first})."
    ),
}
