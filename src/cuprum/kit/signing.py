"""Standard Webhooks signatures (standardwebhooks.com, specification 1.0): three headers that prove who sent a body."""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping, Sequence

from cuprum.kit.errors import Unauthenticated

PREFIX = "whsec_"
TOLERANCE_SECONDS = 300


class BadSignature(Unauthenticated):
    """The message is unsigned, signed by somebody else, or too old."""


def new_secret() -> str:
    """A secret of 256 random bits, as the receiver types it in."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signed_headers(secret_or_secrets: str | Sequence[str], message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The three headers of a message; several secrets (the new one and the old) give several signatures.

    `message_id` is the same for every attempt, `timestamp` (unix seconds) is the attempt's own.
    """
    chosen = [secret_or_secrets] if isinstance(secret_or_secrets, str) else secret_or_secrets
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(sign(secret, message_id, timestamp, body) for secret in chosen),
    }


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """One signature, `v1,<base64>`."""
    content = b".".join((message_id.encode(), str(timestamp).encode(), body))
    return "v1," + base64.b64encode(hmac.digest(_key(secret), content, hashlib.sha256)).decode()


def verify(
    secret: str, headers: Mapping[str, str], body: bytes, now: float, tolerance_seconds: float = TOLERANCE_SECONDS
) -> None:
    """Raises BadSignature unless the secret's owner signed this body within the tolerance of `now`."""
    given = {name.lower(): value for name, value in headers.items()}
    message_id, stamp, signatures = (given.get(f"webhook-{part}") for part in ("id", "timestamp", "signature"))
    if not (message_id and stamp and signatures):
        raise BadSignature("The message carries no signature.")
    # int() alone would take spaces, underscores and the digits of every script.
    if not re.fullmatch("[0-9]{1,12}", stamp) or abs(now - int(stamp)) > tolerance_seconds:
        raise BadSignature("The message's time is not within the tolerance.")
    expected = sign(secret, message_id, int(stamp), body).encode()
    if not any(hmac.compare_digest(expected, candidate.encode()) for candidate in signatures.split()):
        raise BadSignature("The signature does not match.")


def _key(secret: str) -> bytes:
    text = secret.removeprefix(PREFIX)
    try:
        # Some senders leave the padding out.
        key = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not key:
        raise ValueError(f"A signing secret is {PREFIX} and base64 text.")
    return key
