"""What tests do on the pages of the settings: send a form, take it back, read a list."""

from __future__ import annotations

import re


def ask(browser, path: str, **typed: str):
    return browser.post(path, {"form_token": browser.get("/settings").fields["form_token"], **typed})


def undo(browser, answer):
    return ask(browser, "/undo/" + answer.location.split("done=")[1], next="/settings")


def names(browser, path: str) -> list[str]:
    return re.findall(r'<li data-id="\d+".*?<(?:a|strong)[^>]*>([^<]+)<', browser.get(path).text, re.S)


def id_of(browser, path: str, name: str) -> int:
    return int(re.search(rf'<li data-id="(\d+)"(?:(?!<li).)*?>{re.escape(name)}<', browser.get(path).text, re.S)[1])
