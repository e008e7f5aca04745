"""A stand-in Copper, written from copper-api/ alone; it imports nothing of the product it tests."""

from .quirks import Fault, Quirks
from .server import BASE, Seen, StandIn
from .state import State

__all__ = ["BASE", "Fault", "Quirks", "Seen", "StandIn", "State"]
