"""The glossary: every technical term that the window uses, in two short sentences."""

from transfergui.core.base.i18n import N_, _

TERMS: dict[str, tuple[str, str]] = {
    "accuracy": (
        N_("Accuracy"),
        N_(
            "The share of predictions that are correct. When one class is much more common than "
            "the others, look at the balanced accuracy instead."
        ),
    ),
    "ap50": (
        N_("AP50"),
        N_(
            "Average precision: 100 % if all objects are found, and false alarms have less "
            "confidence. A box finds an object if what both share is at least half of what both "
            "cover together (IoU 0.5)."
        ),
    ),
    "augmentation": (
        N_("Augmentation"),
        N_(
            "Small random changes to the training examples, such as flips and crops, made anew in "
            "every epoch. They reduce overfitting when there are few examples."
        ),
    ),
    "backbone": (
        N_("Backbone"),
        N_(
            "A neural network that has already been trained on very many examples of other data. "
            "Training adds a head to the backbone for your own classes."
        ),
    ),
    "balanced_accuracy": (
        N_("Balanced accuracy"),
        N_("The mean of the recall of all classes. A rare class counts as much as a common one."),
    ),
    "baseline": (
        N_("Majority baseline"),
        N_(
            "The accuracy of always predicting the most common class. A model is useful only if "
            "its accuracy is clearly higher."
        ),
    ),
    "batch_size": (
        N_("Batch size"),
        N_(
            "How many examples are processed together in one training step. Larger batches need "
            "more memory."
        ),
    ),
    "calibration": (
        N_("Calibration"),
        N_(
            "How well the confidence agrees with the accuracy. Of 100 predictions with a "
            "confidence of 80 %, about 80 should be correct."
        ),
    ),
    "checkpoint": (
        N_("Checkpoint"),
        N_(
            "A saved state of the model during training. A run that was paused or interrupted "
            "resumes from its last checkpoint."
        ),
    ),
    "class": (
        N_("Class"),
        N_(
            "One of the categories that the model tells apart, such as “ladybird”. Where each "
            "example may have several categories at once, they are called labels."
        ),
    ),
    "confidence": (
        N_("Confidence"),
        N_(
            "The probability that the model assigns to its own prediction. A model can be "
            "confident and wrong, above all with examples that belong to none of your classes."
        ),
    ),
    "confusion": (
        N_("Confusion matrix"),
        N_(
            "A table with a row for each true class and a column for each predicted class. "
            "Everything off the diagonal is an error and shows which classes are confused."
        ),
    ),
    "data_version": (
        N_("Data version"),
        N_(
            "Six letters and digits that follow from the examples, their labels and the split. Two "
            "runs with the same data version were trained on the same data."
        ),
    ),
    "distillation": (
        N_("Distillation"),
        N_(
            "Training a small model, the student, to predict like a large one, the teacher. The"
            " student is faster than the teacher, and often more accurate than if it were "
            "trained alone."
        ),
    ),
    "domain_gap": (
        N_("Domain gap"),
        N_(
            "The difference between the data that a model was trained on and the data that it is "
            "used for. A large gap makes features less useful and favours fine-tuning."
        ),
    ),
    "dropout": (
        N_("Dropout"),
        N_(
            "Sets some randomly chosen features to zero in each training step. This reduces "
            "overfitting, because the model cannot rely on single features."
        ),
    ),
    "early_stopping": (
        N_("Early stopping"),
        N_(
            "Training ends when the validation loss (of boxes: AP50) no longer improves, and the "
            "best epoch is kept. This saves time and prevents overfitting."
        ),
    ),
    "ensemble": (
        N_("Ensemble"),
        N_(
            "Several models whose predictions are averaged. An ensemble is often more accurate "
            "than each of its models, and takes the time of all of them."
        ),
    ),
    "epoch": (
        N_("Epoch"),
        N_(
            "One pass over all training examples. Training takes several epochs; too many lead to "
            "overfitting."
        ),
    ),
    "f1": (
        N_("F1"),
        N_(
            "The harmonic mean of precision and recall. F1 is high only if both are high; 100 % "
            "is perfect."
        ),
    ),
    "feature": (
        N_("Feature"),
        N_(
            "One of the numbers that a backbone computes from an example. The head makes the "
            "prediction from all features together."
        ),
    ),
    "feature_extraction": (
        N_("Feature extraction"),
        N_(
            "A strategy: the backbone stays frozen, and only a new head is trained on its "
            "features. Quick, and a good choice for few examples."
        ),
    ),
    "fine_tuning": (
        N_("Fine-tuning"),
        N_(
            "A strategy: backbone and head are trained together with a small learning rate. "
            "Slower than feature extraction, and often more accurate."
        ),
    ),
    "frozen": (
        N_("Frozen"),
        N_(
            "Parameters that do not change during training. What is frozen cannot overfit, and "
            "its features need to be computed only once."
        ),
    ),
    "group": (
        N_("Group"),
        N_(
            "Examples that belong together, such as all pictures of one patient. A group is "
            "never divided between the training, validation and test sets; otherwise the test "
            "would be too optimistic."
        ),
    ),
    "head": (
        N_("Head"),
        N_(
            "The new last layer or layers, which turn the features of the backbone into a "
            "prediction. The head is always trained on your data."
        ),
    ),
    "interval": (
        N_("95 % interval"),
        N_(
            "The range in which the true value most likely lies, given how many examples were "
            "tested. The more test examples, the narrower the interval."
        ),
    ),
    "label_smoothing": (
        N_("Label smoothing"),
        N_(
            "Trains towards slightly less than 100 % confidence. This reduces overconfident "
            "predictions."
        ),
    ),
    "learning_rate": (
        N_("Learning rate"),
        N_(
            "The size of each training step. If the learning rate is too high, training "
            "diverges or the pretraining is lost; if it is too low, training takes too long."
        ),
    ),
    "linear_probe": (
        N_("Linear probe"),
        N_(
            "A simple linear model on the features of a backbone. It is fitted within seconds and "
            "shows how much the features tell about your classes."
        ),
    ),
    "loss": (
        N_("Loss"),
        N_(
            "A measure of how wrong the predictions are, taking their confidence into account. "
            "Training minimises the loss; 0 is perfect."
        ),
    ),
    "macro_f1": (
        N_("Macro F1"),
        N_("The mean of the F1 of all classes. A rare class counts as much as a common one."),
    ),
    "mae": (
        N_("Mean absolute error"),
        N_(
            "How far predicted numbers are from the true ones on average, in the unit of the "
            "number. Compare it with the error of always predicting the mean."
        ),
    ),
    "map": (
        N_("Mean average precision"),
        N_(
            "How well the examples with a label are ranked before those without it, averaged over "
            "all labels (mAP). Mean average precision does not depend on thresholds."
        ),
    ),
    "model": (
        N_("Model"),
        N_(
            "What a run produces and what makes predictions: a backbone with a head that was "
            "trained on your data. A model can be exported and used elsewhere."
        ),
    ),
    "negative_transfer": (
        N_("Negative transfer"),
        N_(
            "When a pretrained backbone makes the result worse than training without it. Compare "
            "with a simple baseline or with training from scratch."
        ),
    ),
    "overfitting": (
        N_("Overfitting"),
        N_(
            "The model memorises the training examples instead of learning what they have in "
            "common. The validation loss rises while the training loss still falls."
        ),
    ),
    "precision": (
        N_("Precision"),
        N_(
            "Of all examples predicted as this class, the share that really belongs to it. False "
            "alarms lower the precision."
        ),
    ),
    "r2": (
        N_("R²"),
        N_(
            "The share of the variance of a number that the predictions explain. 1 is perfect; 0 "
            "is no better than always predicting the mean."
        ),
    ),
    "recall": (
        N_("Recall"),
        N_(
            "Of all examples of this class, the share that was found. Missed examples lower the "
            "recall."
        ),
    ),
    "run": (
        N_("Run"),
        N_(
            "One training with everything that it left: settings, curves, report and model. Every "
            "run is a folder of its own."
        ),
    ),
    "seed": (
        N_("Seed"),
        N_(
            "The number from which all random choices follow. The same data, settings and seed "
            "give the same result again."
        ),
    ),
    "soup": (
        N_("Model soup"),
        N_(
            "One model whose weights are the mean of the weights of several runs. A soup is as "
            "fast as a single model."
        ),
    ),
    "spectrogram": (
        N_("Spectrogram"),
        N_(
            "A picture of a sound: time from left to right, pitch from bottom to top, loudness as "
            "brightness. With it, backbones for pictures can be used for sounds."
        ),
    ),
    "strategy": (
        N_("Strategy"),
        N_(
            "How a backbone is adapted to your data: which parts are trained, in which order, and "
            "how fast."
        ),
    ),
    "test": (
        N_("Test set"),
        N_(
            "Examples that are kept aside until the training has ended. They measure how good "
            "the model is on data that it has never seen."
        ),
    ),
    "tfidf": (
        N_("TF-IDF"),
        N_(
            "Counts the words of a text and gives rare words more weight. A simple baseline for "
            "texts that uses no pretrained backbone."
        ),
    ),
    "threshold": (
        N_("Threshold"),
        N_(
            "The probability from which a label is predicted. With several labels, each has its "
            "own threshold, chosen on the validation set."
        ),
    ),
    "training_set": (
        N_("Training set"),
        N_(
            "The examples that the model is trained on. Its accuracy on them says little about "
            "new examples."
        ),
    ),
    "transfer_learning": (
        N_("Transfer learning"),
        N_(
            "Using what a backbone has learned from much data for a task with little data. This "
            "is what TransferGUI does."
        ),
    ),
    "validation": (
        N_("Validation set"),
        N_(
            "Examples that the model is not trained on, but checked on after each epoch. They "
            "choose the best epoch and decide when to stop early."
        ),
    ),
    "weight_decay": (
        N_("Weight decay"),
        N_("Pulls all weights a little towards zero in each step. This reduces overfitting."),
    ),
    "word_vectors": (
        N_("Word vectors"),
        N_(
            "A vector (list of numbers) for each word; words of similar meaning have similar "
            "vectors. A small and fast backbone for texts."
        ),
    ),
}
"""Title and explanation by key, untranslated."""

JARGON = ("data_version", "frozen", "linear_probe", "macro_f1", "seed", "tfidf")
"""Terms that not everybody knows, explained beside sentences in which they stand."""


def jargon_in(text: str) -> list[str]:
    """The keys of the terms of :data:`JARGON` that stand in a text, in the user's language."""
    low = text.lower()
    return [key for key in JARGON if _(TERMS[key][0]).lower() in low]
