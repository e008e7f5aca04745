"""Records in and out as files: read, matched to fields, tried out, and brought in as durable work."""
