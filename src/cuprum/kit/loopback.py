"""Whether a host is the very machine that asks."""

from __future__ import annotations

import ipaddress


def is_loopback_host(host: str) -> bool:
    """`host` as `urlsplit(…).hostname` gives it: without brackets and port."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
