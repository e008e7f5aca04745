"""How long tests wait for what must come: a machine may be slow, and a wait ends as soon as it has come."""

PATIENCE_SECONDS = 120
