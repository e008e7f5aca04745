"""The HTML face, for people."""
