"""The connector: any Copper-shaped API over HTTP, Copper's cloud by default. It loads no server, database or engine."""

from cuprum.connector.client import COPPER_CLOUD, AsyncCopper, Copper
from cuprum.connector.credentials import ApiKey, Bearer
from cuprum.connector.errors import CopperError, OutcomeUnknown

__all__ = ["COPPER_CLOUD", "ApiKey", "AsyncCopper", "Bearer", "Copper", "CopperError", "OutcomeUnknown"]
