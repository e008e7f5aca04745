"""Triggers that really run: one poller for each connection and entity, one ledger of events, and who listens to it."""
