"""Random secrets, and the digests that are stored in their place."""

from __future__ import annotations

import hashlib
import hmac
import secrets


def new_secret() -> str:
    """256 random bits in 43 characters that need no escaping anywhere."""
    return secrets.token_urlsafe(32)


def hashed(secret: str) -> str:
    """Secrets of ours carry 256 random bits, so a plain digest cannot be guessed backwards."""
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()


def derived(secret: str, purpose: str) -> str:
    """A secret made of another one, which it does not give away."""
    return hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).hexdigest()


def masked(secret: str) -> str:
    """A secret in hexadecimal digits, written in another way each time; `unmasked` reads it."""
    mask = secrets.token_bytes(len(secret) // 2)
    return mask.hex() + _mixed(mask, bytes.fromhex(secret)).hex()


def unmasked(given: str) -> str:
    """The secret behind what `masked` wrote; empty for what it never wrote."""
    try:
        both = bytes.fromhex(given)
    except ValueError:
        return ""
    half = len(both) // 2
    return _mixed(both[:half], both[half:]).hex() if len(both) == 2 * half else ""


def _mixed(mask: bytes, secret: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(mask, secret, strict=True))


def same(one: str, other: str) -> bool:
    """Compared in a time that tells nothing."""
    return hmac.compare_digest(one.encode(errors="surrogatepass"), other.encode(errors="surrogatepass"))
