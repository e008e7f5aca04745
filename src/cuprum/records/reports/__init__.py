"""Figures over many records: one file a report, each a statement or two; every figure names the search of its rows."""
