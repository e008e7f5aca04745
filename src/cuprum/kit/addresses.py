"""Which addresses the installation may call, and the refusal that names the rule and the setting that lifts it."""

import ipaddress
import re
from dataclasses import dataclass
from ipaddress import IPv4Address as IPv4
from ipaddress import IPv6Address as IPv6

import httpx2

from cuprum.kit.errors import Refused


@dataclass(frozen=True)
class AddressRule:
    """What a caller permits; the names are those of the settings that an operator would change."""

    allow_http: bool = False
    allow_private: bool = False
    http_setting: str = "CUPRUM_WEBHOOK_ALLOW_HTTP"
    private_setting: str = "CUPRUM_WEBHOOK_ALLOW_PRIVATE"


class RefusedTarget(Refused):
    """A target that the rule forbids; `setting` permits it when switched on, or is None where nothing does."""

    def __init__(self, message: str, setting: str | None = None):
        way_out = f" Set {setting}=1 to allow it." if setting else ""
        super().__init__(message + way_out)
        self.setting = setting


def check_url(url: str | httpx2.URL, rule: AddressRule) -> httpx2.URL:
    """The parsed URL when syntax, scheme and a literal address are fine; asks no name server. Raises RefusedTarget."""
    try:
        parsed = httpx2.URL(url)
    except (httpx2.InvalidURL, UnicodeError, TypeError) as trouble:
        raise RefusedTarget(f"This is not a valid URL: {trouble}") from None
    _check_scheme(parsed.scheme, rule)
    if parsed.userinfo:
        raise RefusedTarget("The URL may not carry a user name or password.")
    if parsed.port is not None and not 0 < parsed.port < 65536:
        raise RefusedTarget(f"{parsed.port} is not a port.")
    _check_host(parsed.raw_host.decode("ascii"), rule)
    return parsed


def check_address(address: str, rule: AddressRule, host: str | None = None) -> None:
    """Raises RefusedTarget unless this numeric address, found for the host name, may be called."""
    kind, is_liftable = _kind(ipaddress.ip_address(address))
    if kind is None or (is_liftable and rule.allow_private):
        return
    who = f"{host} resolves to {address}, which" if host and host != address else address
    raise RefusedTarget(f"{who} is {kind}.", rule.private_setting if is_liftable else None)


def _check_scheme(scheme: str, rule: AddressRule) -> None:
    if scheme == "https" or (scheme == "http" and rule.allow_http):
        return
    if scheme == "http":
        raise RefusedTarget("The URL must start with https://.", rule.http_setting)
    raise RefusedTarget("The URL must start with https://.")


_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*\.?")
# A name that ends in a number is an IPv4 address to some resolvers: 2130706433, 0x7f.1, 0177.0.0.1, 127.1
# (the "ends in a number" rule of the WHATWG URL standard).
_ENDS_IN_NUMBER = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)\.?")
_LOCAL_NAMES = ("localhost", "localhost.localdomain", "localhost6", "ip6-localhost", "ip6-loopback")


def _check_host(host: str, rule: AddressRule) -> None:
    if "%" not in host and _is_address(host):
        check_address(host, rule)
    elif _ENDS_IN_NUMBER.fullmatch(host):
        raise RefusedTarget(f"{host} is an odd spelling of an address: write four decimal numbers, as in 203.0.113.7.")
    elif len(host) > 253 or not _HOST_NAME.fullmatch(host):
        raise RefusedTarget(f"{host!r} is not a host name.")
    elif _is_local_name(host.rstrip(".")) and not rule.allow_private:
        raise RefusedTarget(f"{host} is this machine itself.", rule.private_setting)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_local_name(host: str) -> bool:
    return host in _LOCAL_NAMES or host.endswith(".localhost")


# The services by which a cloud hands its machines their credentials. They lie in private ranges, but nobody
# who allows private networks for the sake of a server next door means these.
_METADATA = frozenset(
    ipaddress.ip_address(text)
    for text in ("169.254.169.254", "169.254.170.2", "169.254.170.23", "100.100.100.200", "fd00:ec2::254")
)
_SHARED = ipaddress.ip_network("100.64.0.0/10")
_THIS_NETWORK = ipaddress.ip_network("0.0.0.0/8")
_NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))


def _kind(address: IPv4 | IPv6) -> tuple[str | None, bool]:
    """Why this address is not a public one (None when it is), and whether allowing private networks lifts that."""
    inner = _inner_ipv4(address) if isinstance(address, IPv6) else None
    if inner is not None:
        inner_kind, is_liftable = _kind(inner)
        return f"an IPv6 wrapping of {inner}", inner_kind is None or is_liftable
    if address in _METADATA:
        return "a cloud's metadata service", False
    if address.is_unspecified or address in _THIS_NETWORK:
        return "an unspecified address", False
    if address.is_multicast:
        return "a multicast address", False
    if address.is_loopback:
        return "this machine itself (loopback)", True
    if address.is_link_local:
        return "a link-local address", True
    if address in _SHARED:
        return "in a carrier's shared network (100.64.0.0/10)", True
    if address.is_reserved:
        return "a reserved address", False
    if address.is_private or getattr(address, "is_site_local", False):
        return "in a private network", True
    if not address.is_global:
        return "not a public address", True
    return None, False


def _inner_ipv4(address: IPv6) -> IPv4 | None:
    """The IPv4 address that a transition form carries: a gateway on the way would unpack and call it."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if any(address in network for network in _NAT64):
        return IPv4(int(address) & 0xFFFFFFFF)
    # ::a.b.c.d, the long deprecated "compatible" form; ::1 and :: are addresses of their own.
    if 1 < int(address) <= 0xFFFFFFFF:
        return IPv4(int(address))
    return None
