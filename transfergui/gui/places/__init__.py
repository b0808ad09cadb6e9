"""Other computers on which trainings run: choosing one, the list of them, what is sent."""
