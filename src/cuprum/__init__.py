"""Cuprum: an open, self-hosted CRM that speaks Copper."""

__version__ = "0.1.0"
