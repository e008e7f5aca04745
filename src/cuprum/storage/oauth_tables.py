"""Sign-ins of people, and apps with what people granted them. Every secret is a digest: a stolen copy opens nothing."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, String, Table, Text

from cuprum.storage.column_types import BigId, JsonText
from cuprum.storage.tables import metadata

session = Table(
    "session",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("user_id", BigInteger, ForeignKey("user.id"), nullable=False, index=True),
    Column("date_created", BigInteger, nullable=False),
    Column("last_seen_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False, index=True),
    # As the browser called itself, and where it was when somebody signed in.
    Column("browser", Text, nullable=False, server_default=""),
    Column("address", String(64), nullable=False, server_default=""),
)

# A link that lets somebody in once: `invitation` makes a user, `password` gives one who is there a new password.
one_time_link = Table(
    "one_time_link",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("hash", String(64), nullable=False, unique=True),
    Column("kind", String(12), nullable=False),
    # Whom it is for; an invitation knows its user once it was taken.
    Column("email", Text, nullable=False),
    Column("role", String(8)),
    Column("user_id", BigInteger, ForeignKey("user.id"), index=True),
    Column("made_by", BigInteger, ForeignKey("user.id"), nullable=False),
    Column("date_created", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False, index=True),
    Column("used_at", BigInteger),
    Column("revoked_at", BigInteger),
    sqlite_autoincrement=True,
)

oauth_app = Table(
    "oauth_app",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("client_id", String(40), nullable=False, unique=True),
    # None for an app that can keep no secret: a program on its user's own device.
    Column("secret_hash", String(64)),
    Column("name", Text, nullable=False),
    Column("kind", String(8), nullable=False),
    Column("redirect_uris", JsonText, nullable=False),
    Column("scope", Text, nullable=False),
    Column("date_created", BigInteger, nullable=False),
    Column("removed_at", BigInteger),
    sqlite_autoincrement=True,
)

# One consent of one user; everything that came of it ends with it.
oauth_grant = Table(
    "oauth_grant",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("app_id", BigInteger, ForeignKey("oauth_app.id"), nullable=False, index=True),
    Column("user_id", BigInteger, ForeignKey("user.id"), nullable=False, index=True),
    Column("scope", Text, nullable=False),
    Column("date_created", BigInteger, nullable=False),
    Column("last_used_at", BigInteger),
    Column("revoked_at", BigInteger),
    sqlite_autoincrement=True,
)

oauth_code = Table(
    "oauth_code",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("grant_id", BigInteger, ForeignKey("oauth_grant.id"), nullable=False, index=True),
    Column("redirect_uri", Text, nullable=False),
    # Whether the request named the address, or left it to the only one registered: then the app need not repeat it.
    Column("named_redirect", Boolean, nullable=False),
    Column("challenge", String(128)),
    Column("expires_at", BigInteger, nullable=False, index=True),
    Column("used_at", BigInteger),
)

oauth_token = Table(
    "oauth_token",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("grant_id", BigInteger, ForeignKey("oauth_grant.id"), nullable=False, index=True),
    Column("kind", String(8), nullable=False),
    Column("scope", Text, nullable=False),
    Column("issued_at", BigInteger, nullable=False),
    # None for the tokens of Copper's kind.
    Column("expires_at", BigInteger, index=True),
    # A refresh token that was exchanged, or an access token that was revoked alone.
    Column("spent_at", BigInteger),
)
