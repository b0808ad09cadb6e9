"""Tables: predictions, problems, trials and the confusion matrix."""
