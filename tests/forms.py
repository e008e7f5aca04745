"""What a browser without script sends of a form on a page."""

from __future__ import annotations

from html.parser import HTMLParser


class _Reader(HTMLParser):
    def __init__(self, action: str) -> None:
        super().__init__()
        self.pairs: list[tuple[str, str]] = []
        self._action, self._inside, self._text, self._select = action, False, None, None

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self._inside = given.get("action") == self._action
        if not self._inside:
            return
        name = given.get("name")
        if tag == "input" and name and (given.get("type") not in ("checkbox", "radio") or "checked" in given):
            self.pairs.append((name, given.get("value", "") or ""))
        elif tag == "textarea" and name:
            self._text = (name, [])
        elif tag == "select" and name:
            self._select = (name, [])
        elif tag == "option" and self._select:
            value = given.get("value", "") or ""
            if "selected" in given or not self._select[1]:
                self._select[1][:] = [value]

    def handle_data(self, data):
        if self._text:
            self._text[1].append(data)

    def handle_endtag(self, tag):
        if tag == "form":
            self._inside = False
        if tag == "textarea" and self._text:
            self.pairs.append((self._text[0], "".join(self._text[1]).removeprefix("\n")))
            self._text = None
        if tag == "select" and self._select:
            self.pairs.append((self._select[0], self._select[1][0] if self._select[1] else ""))
            self._select = None


def form_of(text: str, action: str) -> list[tuple[str, str]]:
    """The fields of the form with that action, as they stand on the page."""
    reader = _Reader(action)
    reader.feed(text)
    assert reader.pairs, f"there is no form for {action}"
    return reader.pairs


def filled(pairs: list[tuple[str, str]], **changes: str) -> list[tuple[str, str]]:
    """The same with other values; names that were not there are added."""
    left = dict(changes)
    made = [
        (name, left.pop(name, None) if name in left else value) for name, value in pairs if name not in changes or name in left
    ]
    return made + list(left.items())
