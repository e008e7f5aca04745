"""Automations: connections with their secrets, triggers, and workflows."""
