"""Secrets at rest: sealed with the installation's key, so that a copy of the database alone gives nothing away."""

import base64
import binascii
import hashlib
import logging
import os
import secrets
import stat
from functools import cache
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from cuprum.kit.errors import CuprumError

KEY_FILE = "secret.key"

logger = logging.getLogger(__name__)


class CannotOpen(CuprumError):
    """A sealed text that none of the keys opens."""

    def __init__(self) -> None:
        super().__init__("This secret was sealed with another key: check CUPRUM_SECRET_KEY.")


class SecretBox:
    """Seals with the first key and opens with any: a key is changed by putting the new one first."""

    def __init__(self, key: str, *older_keys: str):
        self._keys = MultiFernet([_fernet(text) for text in (key, *older_keys)])

    def seal(self, text: str) -> str:
        return self._keys.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """Raises CannotOpen."""
        try:
            return self._keys.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise CannotOpen from None

    def seal_again(self, sealed: str) -> str:
        """The same secret under the first key, for the command that changes keys. Raises CannotOpen."""
        try:
            return self._keys.rotate(sealed.encode()).decode()
        except InvalidToken:
            raise CannotOpen from None


@cache
def box_for(home: Path, setting: str | None) -> SecretBox:
    """The installation's box: made once a process, because a passphrase takes its time."""
    return SecretBox(key_of(home, setting))


def key_of(home: Path, setting: str | None) -> str:
    """The installation's key: the setting, else the file in the home, which the first process makes."""
    if setting:
        return setting
    path = home / KEY_FILE
    if not path.exists():
        _make_once(path, Fernet.generate_key() + b"\n")
    _keep_private(path)
    key = path.read_text("ascii").strip()
    if not key:
        raise ValueError(f"{path} is empty: restore it from a backup, without it no stored secret can be read.")
    return key


def _fernet(text: str) -> Fernet:
    return Fernet(text if _is_fernet_key(text) else _stretched(text))


def _is_fernet_key(text: str) -> bool:
    try:
        return len(text) == 44 and len(base64.urlsafe_b64decode(text)) == 32
    except (binascii.Error, ValueError):
        return False


def _stretched(passphrase: str) -> bytes:
    # scrypt rather than HKDF, because people type words here. The salt is fixed: the same setting on another node
    # must give the same key, and there is one passphrase an installation, not a table of them to attack at once.
    key = hashlib.scrypt(passphrase.encode(), salt=b"cuprum secrets at rest", n=2**15, r=8, p=1, maxmem=64 * 2**20, dklen=32)
    return base64.urlsafe_b64encode(key)


def _make_once(path: Path, content: bytes) -> None:
    """Create the file whole and on disk, or leave the one that another process made first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            # A link, unlike a rename, fails where the name is taken: the first process wins.
            os.link(draft, path)
        except FileExistsError:
            return
        _sync_folder(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _keep_private(path: Path) -> None:
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        logger.warning("%s could be read by other users of this machine; now it cannot.", path)
        path.chmod(0o600)
