"""What can be done with records, and by whom."""
