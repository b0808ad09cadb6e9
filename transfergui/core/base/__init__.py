"""Files, sentences, options, processes: what knows nothing of learning."""
