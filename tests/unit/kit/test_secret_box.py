"""Secrets at rest: sealed, opened, sealed again, and the key file that the first process makes."""

import base64
import subprocess
import sys
import threading

import pytest
from cryptography.fernet import Fernet

from cuprum.kit.secret_box import KEY_FILE, CannotOpen, SecretBox, key_of
from patience import PATIENCE_SECONDS

FERNET_KEY = base64.urlsafe_b64encode(bytes(range(32))).decode()


@pytest.mark.parametrize("key", ["a passphrase, with a comma", "ключ", FERNET_KEY, "x" * 44, "k"])
def test_what_is_sealed_opens_with_the_same_key_in_another_process(key):
    sealed = SecretBox(key).seal("Zoë's token")
    assert "Zoë" not in sealed
    assert SecretBox(key).open(sealed) == "Zoë's token"


def test_a_fernet_key_is_used_as_it_is():
    key = Fernet.generate_key()
    assert Fernet(key).decrypt(SecretBox(key.decode()).seal("token")) == b"token"


def test_the_same_secret_is_never_sealed_the_same_way_twice():
    box = SecretBox("key")
    assert box.seal("token") != box.seal("token")


@pytest.mark.parametrize("broken", ["", "nonsense", "gAAAAA", "é"])
def test_another_key_or_a_damaged_text_opens_nothing_and_the_error_names_the_setting(broken):
    sealed = SecretBox("key").seal("token")
    for box, text in (
        (SecretBox("other"), sealed),
        (SecretBox("key"), broken),
        (SecretBox("key"), sealed[:-5] + "AAAA="),
    ):
        with pytest.raises(CannotOpen, match="CUPRUM_SECRET_KEY"):
            box.open(text)


def test_a_key_is_changed_without_losing_a_secret():
    sealed = SecretBox("old").seal("token")
    both = SecretBox("new", "old")
    assert both.open(sealed) == "token"
    assert SecretBox("new").open(both.seal_again(sealed)) == "token"


def test_the_setting_comes_before_the_file(tmp_path):
    assert key_of(tmp_path, "from the setting") == "from the setting"
    assert list(tmp_path.iterdir()) == []


def test_the_first_process_makes_a_private_file_and_the_next_reads_it(tmp_path):
    home = tmp_path / "new" / "home"
    key = key_of(home, None)
    assert key == key_of(home, "")
    assert len(key) == 44
    assert [path.name for path in home.iterdir()] == [KEY_FILE]
    assert (home / KEY_FILE).stat().st_mode & 0o777 == 0o600


def test_a_file_that_others_could_read_is_made_private(tmp_path, caplog):
    key = key_of(tmp_path, None)
    (tmp_path / KEY_FILE).chmod(0o644)
    assert key_of(tmp_path, None) == key
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert "could be read by other users" in caplog.text


def test_threads_that_start_together_agree_on_one_key(tmp_path):
    start, keys = threading.Barrier(16), []

    def take():
        start.wait()
        keys.append(key_of(tmp_path, None))

    threads = [threading.Thread(target=take) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 16
    assert len(set(keys)) == 1
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]


def test_processes_that_start_together_agree_on_one_key(tmp_path):
    code = "import sys, pathlib; from cuprum.kit.secret_box import key_of; print(key_of(pathlib.Path(sys.argv[1]), None))"
    started = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True, env=environment())
        for _ in range(4)
    ]
    assert len({process.communicate(timeout=PATIENCE_SECONDS)[0].strip() for process in started} - {""}) == 1
    assert all(process.returncode == 0 for process in started)


def test_an_empty_key_file_is_an_error_and_not_a_new_key(tmp_path):
    (tmp_path / KEY_FILE).touch(0o600)
    with pytest.raises(ValueError, match="restore it from a backup"):
        key_of(tmp_path, None)


def environment():
    import os

    import cuprum

    return os.environ | {"PYTHONPATH": os.path.dirname(os.path.dirname(cuprum.__file__))}
