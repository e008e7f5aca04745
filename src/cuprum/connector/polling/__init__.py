"""Polling as pure functions: state and page in, events and state out. No I/O, no clock."""
