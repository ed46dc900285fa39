"""The measured promises: each figure is a ratio to a limit measured in the same run, so the machine falls out of it."""
