"""Why a message did not arrive, in words that say who can mend it."""

from __future__ import annotations

_BY_STATUS = {
    400: "The receiver cannot make sense of the message: whoever runs it sees why in its log.",
    401: "The receiver does not know us: check the secret or the headers that it expects.",
    403: "The receiver refuses us: check the secret or the headers that it expects.",
    404: "The receiver has nothing at this address: check its spelling, or ask whoever runs it for the new one.",
    405: "The receiver takes no messages at this address: it must accept POST.",
    408: "The receiver took too long to read the message.",
    410: "The receiver is gone from this address for good: edit the webhook, or delete it.",
    413: "The message is larger than the receiver allows.",
    422: "The receiver cannot make sense of the message: whoever runs it sees why in its log.",
    429: "The receiver gets more than it can take, and asks for a pause.",
}
# What an exception of the network says somewhere, and what that means.
_BY_WORD = (
    ("Connection refused", "Nobody listens there: the receiver is down, or the port is another one."),
    ("does not resolve", "No computer has this name: check the spelling of the address."),
    ("timed out", "The receiver did not answer in time."),
    ("Timeout", "The receiver did not answer in time."),
    ("CERTIFICATE_VERIFY_FAILED", "The receiver's certificate is not valid: whoever runs it must renew it."),
    ("SSL", "No safe connection comes about with the receiver: whoever runs it must look at its https."),
    ("unreachable", "No way leads there from this server: check the network between the two."),
    ("disconnected", "The receiver hung up without an answer."),
    ("reset by peer", "The receiver hung up without an answer."),
    ("Interrupted while sending", "This server stopped while it was sending: nobody knows whether it arrived."),
)  # fmt: skip


def in_words(status: int | None, reason: str | None) -> str:
    """A sentence for whoever owns the webhook; empty where the reason itself is one."""
    if status is not None:
        return _BY_STATUS.get(status) or _of_class(status)
    return next((words for part, words in _BY_WORD if part in (reason or "")), "")


def _of_class(status: int) -> str:
    if status >= 500:
        return "The receiver itself is broken or overloaded: whoever runs it sees why in its log."
    if status >= 400:
        return "The receiver refuses the message."
    if status >= 300:
        return "The receiver sends us to another address, where we do not follow: edit the webhook to have the new one."
    return ""
