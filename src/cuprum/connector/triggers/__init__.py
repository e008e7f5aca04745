"""Triggers: which events they pick, what they ask and what they emit. How events are found is in `polling/`."""
