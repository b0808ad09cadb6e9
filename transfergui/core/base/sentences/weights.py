"""Sentences about backbones: files of weights, and downloading them."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    # -- backbones and their weights
    "choice.built_in": N_(
        "It comes with TransferGUI; no better quick network is on this computer."
    ),
    "choice.language": N_("The texts are in {language}; {title} was trained on that."),
    "choice.any_language": N_(
        "The texts are in {language}, and no quick network on this computer was trained on that; "
        "{title} works in any language."
    ),
    "choice.no_language": N_(
        "The texts are in {language}, but no network on this computer that can be trained in this "
        "way was trained on that. Another strategy can use TF-IDF, which works in any language."
    ),
    "choice.able": N_(
        "No network on this computer can be trained in this way; of those that can, this one is "
        "the smallest to download."
    ),
    "choice.best_here": N_("It is the most accurate of the quick networks on this computer."),
    "choice.compact": N_("It comes with TransferGUI, and is small, which this strategy needs."),
    "rank.not_here": N_("{title} is not on this computer; its weights can be downloaded."),
    "rank.other_language": N_("{title} was trained on other languages than that of these texts."),
    "auto.other_language": N_("Trained on other languages than that of these texts."),
    "auto.looking": N_("Looking at the examples now."),
    "auto.looked": N_("Has looked at the examples."),
    "auto.not_looked": N_("Cannot be used with these data."),
    "auto.likely": N_("Promising: trained as well."),
    "auto.weaker": N_("Lower score than others."),
    "auto.tied": N_("Tied with a backbone that is trained, but a lower LogME."),
    "auto.less_sure": N_("Tied with the best, but a higher loss."),
    "auto.weaker_short": N_("Fewer epochs than usual, and not better than others."),
    "auto.finish": N_("You asked to finish: the best so far is taken."),
    "auto.again": N_(
        "The search goes on, with all its time again; what was tried before is not tried again."
    ),
    "auto.too_slow": N_("Longer than you want to wait."),
    "auto.no_time": N_("The time for trying was over."),
    "cli.minutes": N_(
        "The time of --minutes is for --strategy auto; {strategy} takes as long as it takes."
    ),
    "auto.only": N_(
        "Only {title} is tried, because it was chosen as the backbone. With the backbone on "
        "automatic, every network on this computer is."
    ),
    "auto.now": N_("Being trained now."),
    "auto.interrupted": N_("It was interrupted."),
    "auto.so_far": N_("The best so far."),
    "auto.no_settings": N_(
        "There was no time left to try other settings. Give it more time, or switch that off."
    ),
    "auto.swept": N_(
        "A sweep over learning rates (each step takes a larger one, until the errors grow) "
        "suggests {rate}: other settings are tried around it."
    ),
    "auto.failed": N_("The training failed."),
    "auto.nothing": N_(
        "There is no network on this computer that could be tried on these data. Name one with "
        "--backbone, or download one."
    ),
    "rank.not_frozen": N_("{title} has no features that stay as they are while it learns."),
    "backbone.size": N_(
        "{title} cannot work with pictures of {size} pixels. Its own size is {own} pixels."
    ),
    "weights.missing": N_(
        "The pretrained weights of {title} ({megabytes} MB) are not on this computer. Let "
        "TransferGUI download them (on the command line: --download), or download {url} "
        "elsewhere and copy the file {name} into the folder {folder}."
    ),
    "weights.needed": N_(
        "This training needs {title}, which is not on this computer yet. Download it ({megabytes} "
        "MB), or choose another network."
    ),
    "weights.needed_attention": N_(
        "“{strategy}” needs a transformer, a kind of network of which none is on this computer. "
        "Download {title} ({megabytes} MB), or choose another strategy."
    ),
    "weights.needed_able": N_(
        "“{strategy}” cannot train any network on this computer. Download {title} ({megabytes} "
        "MB), or choose another strategy."
    ),
    "weights.not_installed": N_(
        "The weights of {title} come with TransferGUI, but {path} is not there: the installation "
        "is damaged. Install TransferGUI again, or choose another network."
    ),
    "weights.no_file": N_("There is no weights file and no training at {path}. Check the name."),
    "weights.unknown_network": N_(
        "The name of the weights file {path} does not tell which network it belongs to. Put the "
        "network's name into it, as in {example}."
    ),
    "weights.empty": N_("The weights file {path} is empty. Copy or download it again."),
    "weights.pointer": N_(
        "{path} is only a placeholder of Git LFS, not the weights themselves. Fetch the real file "
        "with “git lfs pull”, or download it again."
    ),
    "weights.too_large": N_(
        "{path} has {megabytes} MB, but no weights of this network have more than {limit} MB. "
        "Check that it is the right file."
    ),
    "weights.damaged": N_(
        "{path} is not a weights file, or is cut off or damaged. Copy or download it again."
    ),
    "weights.unsafe": N_(
        "{path} was not opened: it asks to run {name}, as harmful files do. Use a file that "
        "holds nothing but weights."
    ),
    "weights.whole_model": N_(
        "{path} was not opened: it holds a whole model ({name}) instead of its weights alone, and "
        "would run a program. Save the weights with torch.save(model.state_dict(), ...) and use "
        "that file."
    ),
    "weights.not_finite": N_(
        "{path} cannot be used: {name} holds values that are not numbers (NaN or infinity)."
    ),
    "weights.misfit": N_("{path} does not fit {title}: {reasons}"),
    "weights.tensor_missing": N_("{name} is missing."),
    "weights.tensor_size": N_("{name} has the size {found}, expected {expected}."),
    "weights.tensor_kind": N_("{name} holds another kind of numbers."),
    "weights.tensor_extra": N_("{name} does not belong to it."),
    "weights.more": N_("{count} more things do not fit."),
    "weights.missing_folder": N_(
        "The pretrained weights of {title} ({megabytes} MB) are not on this computer. Let "
        "TransferGUI download them (on the command line: --download), or download the files "
        "{files} from the same place as {url} elsewhere and copy them into the folder {folder}."
    ),
    # -- downloading them
    "weights.unreachable": N_(
        "The download did not begin: {url} cannot be reached ({reason}). Check the internet "
        "connection, or download the file elsewhere and copy it into {folder}."
    ),
    "weights.refused": N_(
        "The server answered “{status}” instead of sending {url}. Try again later, or download "
        "the file elsewhere and copy it into {folder}."
    ),
    "weights.portal": N_(
        "Instead of the file, a web page came from {host}. Perhaps this network wants you to log "
        "in first: open a web browser to see. Or download {url} elsewhere and copy the file into "
        "{folder}."
    ),
    "weights.interrupted": N_(
        "The download broke off after {done} of {total} MB. Try again: where possible, it goes on "
        "from there. Or download {url} elsewhere and copy the file into {folder}."
    ),
    "weights.cancelled": N_(
        "The download was cancelled. Where possible, the next one goes on from there. Or download "
        "{url} elsewhere and copy the file into {folder}."
    ),
    "weights.wrong_content": N_(
        "What came was not the published file (its check sum differs), so it was thrown away. "
        "Try again, or download {url} elsewhere and copy the file into {folder}."
    ),
    "weights.not_saved": N_(
        "The download cannot be written to {folder}: {reason}. Make space or choose another "
        "folder, or copy the file from {url} by hand."
    ),
}
"""By code."""

ONE: dict[str, str] = {
    "weights.more": N_("One more thing does not fit."),
}
"""The same where ``{count}`` is one."""
