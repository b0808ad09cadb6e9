"""What window and command line do with trained models and samples beside training."""
