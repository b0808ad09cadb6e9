"""Looking into a trained model: what a prediction rests on, and which examples are like it."""
