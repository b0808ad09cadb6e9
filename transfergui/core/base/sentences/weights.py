"""Sentences about backbones: files of weights, and downloading them."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    # -- backbones and their weights
    "choice.built_in": N_(
        "This backbone comes with TransferGUI; no better fast one is on this computer."
    ),
    "choice.language": N_("The texts are in {language}; {title} was pretrained on this language."),
    "choice.any_language": N_(
        "The texts are in {language}. No fast backbone on this computer was pretrained on this "
        "language; {title} works for any language."
    ),
    "choice.no_language": N_(
        "The texts are in {language}. None of the backbones on this computer that this strategy"
        " can train was pretrained on this language. Other strategies can use TF-IDF, which "
        "works for any language."
    ),
    "choice.able": N_(
        "No backbone on this computer can be trained with this strategy. Of those that can, this "
        "one is the smallest download."
    ),
    "choice.best_here": N_("The most accurate of the fast backbones on this computer."),
    "choice.compact": N_(
        "A small backbone that comes with TransferGUI; this strategy needs a small one."
    ),
    "rank.not_here": N_("{title} is not on this computer, but can be downloaded."),
    "rank.other_language": N_(
        "{title} was pretrained on languages other than that of these texts."
    ),
    "auto.other_language": N_("Pretrained on languages other than that of these texts."),
    "auto.looking": N_("Computing features now."),
    "auto.looked": N_("Features computed."),
    "auto.not_looked": N_("Cannot be used with these data."),
    "auto.likely": N_("Promising, so trained next."),
    "auto.weaker": N_("Others are better."),
    "auto.tied": N_("Tied with a backbone that is trained, but with a lower LogME."),
    "auto.less_sure": N_("Tied with the best, but with a higher loss."),
    "auto.weaker_short": N_("Trained for fewer epochs than usual, and not better than others."),
    "auto.finish": N_("Stopped: the best model so far is kept."),
    "auto.again": N_(
        "The search continues with its full time limit; finished attempts are not repeated."
    ),
    "auto.too_slow": N_("Would exceed the time limit."),
    "auto.no_time": N_("Time limit reached."),
    "cli.minutes": N_(
        "The option --minutes is only for --strategy auto; {strategy} has no time limit."
    ),
    "auto.only": N_(
        "Only {title} is tried because the backbone is set to it. Set the backbone to automatic "
        "to try every backbone on this computer."
    ),
    "auto.now": N_("Being trained now."),
    "auto.elsewhere": N_("In another process."),
    "auto.interrupted": N_("Interrupted."),
    "auto.so_far": N_("The best so far."),
    "auto.no_settings": N_(
        "There was no time left to try other settings. Set a longer time limit, or turn off the"
        " search over settings."
    ),
    "auto.swept": N_(
        "A learning rate sweep (the rate rises with every step until the loss grows) suggests "
        "{rate}. Other settings are tried around it."
    ),
    "auto.failed": N_("Training failed."),
    "auto.nothing": N_(
        "No backbone on this computer fits these data. Choose a backbone yourself (command "
        "line: `--backbone`), or download one."
    ),
    "rank.not_frozen": N_("{title} cannot be frozen, so a linear probe cannot measure it."),
    "backbone.size": N_(
        "{title} cannot use pictures of {size} pixels. Choose its own size, {own} pixels."
    ),
    "weights.missing": N_(
        "The pretrained weights of {title} ({megabytes} MB) are not on this computer. Let "
        "TransferGUI download them (command line: `--download`). Or download {url} on another "
        "computer and copy the file {name} into the folder {folder}."
    ),
    "weights.needed": N_(
        "This training needs {title}, which is not on this computer yet. Download it ({megabytes} "
        "MB), or choose another backbone."
    ),
    "weights.needed_attention": N_(
        "“{strategy}” needs a transformer, and there is none on this computer. "
        "Download {title} ({megabytes} MB), or choose another strategy."
    ),
    "weights.needed_able": N_(
        "“{strategy}” cannot train any backbone on this computer. Download {title} ({megabytes} "
        "MB), or choose another strategy."
    ),
    "weights.not_installed": N_(
        "The weights of {title} come with TransferGUI, but {path} is missing: the installation is "
        "damaged. Install TransferGUI again, or choose another backbone."
    ),
    "weights.no_file": N_("{path} is neither a weights file nor a run. Check the name."),
    "weights.unknown_network": N_(
        "The name of the weights file {path} does not contain the name of a backbone. Rename the "
        "file, as in {example}."
    ),
    "weights.empty": N_("The weights file {path} is empty. Copy or download it again."),
    "weights.pointer": N_(
        "{path} is a Git LFS pointer, not the weights file. Get the file with “git lfs pull”, or "
        "download it again."
    ),
    "weights.too_large": N_(
        "{path} has {megabytes} MB; weights of this backbone have at most {limit} MB. Check "
        "that this is the correct file."
    ),
    "weights.damaged": N_(
        "{path} is not a weights file, or is incomplete or damaged. Copy or download it again."
    ),
    "weights.unsafe": N_(
        "{path} was not opened: it contains executable code ({name}). Use a file that contains "
        "only weights."
    ),
    "weights.whole_model": N_(
        "{path} was not opened: it contains a whole model ({name}) with executable code. Save only "
        "the weights with torch.save(model.state_dict(), ...) and use that file."
    ),
    "weights.not_finite": N_("{path} cannot be used: {name} contains NaN or infinite values."),
    "weights.changed_detector": N_(
        "{path} holds an SSD detector, whose backbone cannot be used here. Choose the weights of a "
        "Faster R-CNN, FCOS or RetinaNet detector, or the key of a backbone."
    ),
    "weights.of_detector": N_(
        "{path} holds a detector. The last layers of {title} are not in it, so that it can only "
        "find boxes. Choose the key of the backbone instead, or a ResNet-50 detector."
    ),
    "weights.misfit": N_("{path} does not fit {title}: {reasons}"),
    "weights.tensor_missing": N_("{name} is missing."),
    "weights.tensor_size": N_("{name} has the size {found}, expected {expected}."),
    "weights.tensor_kind": N_("{name} has another data type."),
    "weights.tensor_extra": N_("{name} is not part of this backbone."),
    "weights.more": N_("{count} more tensors do not fit."),
    "weights.missing_folder": N_(
        "The pretrained weights of {title} ({megabytes} MB) are not on this computer. Let "
        "TransferGUI download them (command line: `--download`). Or download the files {files} "
        "on another computer, from the same place as {url}, and copy them into the folder "
        "{folder}."
    ),
    # -- downloading them
    "weights.unreachable": N_(
        "The download did not start: {url} cannot be reached ({reason}). Check the internet "
        "connection, or download the file elsewhere and copy it into {folder}."
    ),
    "weights.refused": N_(
        "The server answered “{status}” instead of sending {url}. Try again later, or download "
        "the file elsewhere and copy it into {folder}."
    ),
    "weights.portal": N_(
        "The server {host} sent a web page instead of the file. Your internet connection may need "
        "a login: open a web browser to check. Or download {url} elsewhere and copy the file into "
        "{folder}."
    ),
    "weights.interrupted": N_(
        "The download stopped after {done} of {total} MB. Try again; the download continues from "
        "there where possible. Or download {url} elsewhere and copy the file into {folder}."
    ),
    "weights.cancelled": N_(
        "The download was cancelled. The next download continues from there where possible. Or "
        "download {url} elsewhere and copy the file into {folder}."
    ),
    "weights.wrong_content": N_(
        "Checksum mismatch; the downloaded file was deleted. Try again, or download {url} "
        "elsewhere and copy the file into {folder}."
    ),
    "weights.not_saved": N_(
        "The download cannot be written to {folder}: {reason}. Free some space on the disk, "
        "choose another folder, or copy the file from {url} yourself."
    ),
}
"""By code."""

ONE: dict[str, str] = {
    "weights.more": N_("One more tensor does not fit."),
}
"""The same where ``{count}`` is one."""
