"""The JSON face, for programs."""
