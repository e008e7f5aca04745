"""A YAML file in which something changed, written again line by line: what did not change stays as somebody wrote it.

A comment belongs to what it stands above or beside, goes where that goes, and goes with it when it is taken out. Entries that
changed are written anew; so is a whole file that uses more of YAML than a workflow needs (anchors, tags, several documents).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from cuprum.automation.workflow_file import BadWorkflow, YamlLoader, as_workflow, as_yaml, read_workflow, write_workflow

_TOO_MUCH = (yaml.AnchorToken, yaml.AliasToken, yaml.TagToken, yaml.DirectiveToken, yaml.DocumentEndToken)


def rewritten(text: str, workflow: dict[str, Any]) -> str:
    """The text of a YAML file, saying this workflow now."""
    try:
        if as_workflow(read_workflow(text)) == workflow and not _is_bare(text):
            return text
        found = _Written(text).changed_to(workflow)
        if read_workflow(found) == workflow:
            return found
    except (BadWorkflow, _TooMuch, yaml.YAMLError):
        pass
    return write_workflow(workflow, name=".yaml")


def comments_lost(before: str, after: str) -> list[str]:
    """The comments that stand in one text and no longer in the other."""
    left = Counter(_comments(after))
    lost = []
    for comment in _comments(before):
        if left[comment]:
            left[comment] -= 1
        else:
            lost.append(comment)
    return lost


def _comments(text: str) -> Iterator[str]:
    if "#" not in text:
        return
    end = 0
    try:
        for token in yaml.scan(text, Loader=YamlLoader):
            yield from _comments_between(text[end : token.start_mark.index])
            end = max(end, token.end_mark.index)
    except yaml.YAMLError:
        return
    yield from _comments_between(text[end:])


def _comments_between(gap: str) -> Iterator[str]:
    for line in gap.split("\n"):
        _, sign, comment = line.partition("#")
        if sign and comment.strip():
            yield f"# {comment.strip()}"


def _is_bare(text: str) -> bool:
    return "tasks" not in read_workflow(text)


class _TooMuch(Exception):
    """More of YAML than is rewritten by lines."""


@dataclass
class _Entry:
    """A key with its value, or an item of a list, as lines: `lead` are the comments above, `tail` those after, further in."""

    value: yaml.Node
    line: int
    last: int
    lead: list[str] = field(default_factory=list)
    tail: list[str] = field(default_factory=list)


class _Written:
    def __init__(self, text: str) -> None:
        if any(isinstance(token, _TOO_MUCH) for token in yaml.scan(text, Loader=YamlLoader)):
            raise _TooMuch
        root = yaml.compose(text, Loader=YamlLoader)
        if not isinstance(root, yaml.MappingNode) or root.flow_style:
            raise _TooMuch
        self._root = root
        self._lines = [f"{line}\n" for line in text.rstrip("\n").split("\n")]

    def changed_to(self, workflow: dict[str, Any]) -> str:
        begins = self._root.value[0][0].start_mark.line
        last = _last_line(self._root)
        head, foot = self._lines[:begins], self._lines[last + 1 :]
        return "".join([*head, *self._mapping(self._root, workflow, begins), *foot])

    def _mapping(self, node: yaml.MappingNode, value: dict[str, Any], begins: int) -> list[str]:
        """`begins` is the line from which on comments belong to the first key."""
        column = node.start_mark.column
        entries = self._entries(node.value, column, begins)
        before = {key.value: entry for (key, _), entry in zip(node.value, entries, strict=True)}
        if len(before) != len(entries):
            raise _TooMuch
        written = []
        for key, held in value.items():
            entry = before.get(key)
            if entry is None:
                written += _dumped({key: held}, column)
            else:
                written += [*entry.lead, *self._entry(entry, {key: held}, held, column), *entry.tail]
        return written

    def _sequence(self, node: yaml.SequenceNode, items: list[Any], begins: int) -> list[str]:
        column = node.start_mark.column
        entries = self._entries([(held, held) for held in node.value], column, begins)
        pairs = _matched([_value(entry.value) for entry in entries], items)
        written = []
        for item, index in zip(items, pairs, strict=True):
            if index is None:
                written += _dumped([item], column)
            else:
                entry = entries[index]
                written += [*entry.lead, *self._entry(entry, [item], item, column), *entry.tail]
        return written

    def _entry(self, entry: _Entry, whole: Any, value: Any, column: int) -> list[str]:
        own, node = self._lines[entry.line : entry.last + 1], entry.value
        if _value(node) == value:
            return own
        is_block = isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value
        is_beside = node.start_mark.line == entry.line
        if is_block and isinstance(node, yaml.MappingNode) and isinstance(value, dict) and value:
            if is_beside:
                return self._item(entry, node, value, column)
            return [own[0], *self._mapping(node, value, entry.line + 1)]
        if is_block and isinstance(node, yaml.SequenceNode) and isinstance(value, list) and value and not is_beside:
            return [own[0], *self._sequence(node, value, entry.line + 1)]
        return _with_comment(_dumped(whole, column), own)

    def _item(self, entry: _Entry, node: yaml.MappingNode, value: dict[str, Any], column: int) -> list[str]:
        """An item whose first key stands beside its dash: read without the dash, and given it again."""
        line = self._lines[entry.line]
        self._lines[entry.line] = " " * node.start_mark.column + line[node.start_mark.column :]
        found = self._mapping(node, value, entry.line)
        self._lines[entry.line] = line
        first = next(index for index, each in enumerate(found) if each.strip() and not each.lstrip().startswith("#"))
        dash = " " * column + "-" + " " * (node.start_mark.column - column - 1)
        found[first] = dash + found[first][node.start_mark.column :]
        return found

    def _entries(self, pairs: list[tuple[yaml.Node, yaml.Node]], column: int, begins: int) -> list[_Entry]:
        found: list[_Entry] = []
        for key, value in pairs:
            line, is_item = key.start_mark.line, key is value
            if (found and line <= found[-1].last) or (is_item and not self._lines[line][column:].startswith("-")):
                raise _TooMuch
            entry = _Entry(value, line, max(line, _last_line(value)))
            if found:
                found[-1].tail, entry.lead = self._shared(found[-1].last + 1, line, column)
            else:
                entry.lead = self._lines[begins:line]
            found.append(entry)
        return found

    def _shared(self, begin: int, end: int, column: int) -> tuple[list[str], list[str]]:
        """Whose comments are those between two entries? What stands further in than these is the former's."""
        gap = self._lines[begin:end]
        inner = max((index + 1 for index, line in enumerate(gap) if line.strip() and _indent(line) > column), default=0)
        return gap[:inner], gap[inner:]


def _last_line(node: yaml.Node) -> int:
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _last_line(last[1] if isinstance(last, tuple) else last)
    # The end of a text in a block is the beginning of what comes after it.
    ends_before = isinstance(node, yaml.ScalarNode) and node.style in ("|", ">") and node.end_mark.column == 0
    return int(node.end_mark.line) - (1 if ends_before else 0)


def _value(node: yaml.Node) -> Any:
    loader = YamlLoader("")
    try:
        return loader.construct_document(node)
    finally:
        loader.dispose()


def _matched(before: list[Any], after: list[Any]) -> list[int | None]:
    """Which former item each item was: the same one, the one of its name, or whatever stood in its place and is nowhere else."""
    left = dict(enumerate(before))
    found: list[int | None] = [None] * len(after)
    for is_it in (
        lambda was, now, *_: was == now,
        lambda was, now, *_: isinstance(was, dict) and isinstance(now, dict) and "name" in now and was.get("name") == now["name"],
        lambda was, now, at, place: at == place and _kind(was) == _kind(now),
    ):
        for place, now in enumerate(after):
            if found[place] is None:
                chosen = next((at for at, was in left.items() if is_it(was, now, at, place)), None)
                if chosen is not None:
                    found[place] = chosen
                    del left[chosen]
    return found


def _kind(value: Any) -> Any:
    return value.get("type", "an object") if isinstance(value, dict) else type(value)


def _dumped(value: Any, column: int) -> list[str]:
    text = as_yaml(value)
    return [" " * column + line if line.strip() else line for line in text.splitlines(keepends=True)]


def _with_comment(written: list[str], before: list[str]) -> list[str]:
    """The comment beside a value stays beside it."""
    comments = list(_comments(before[0].lstrip(" -"))) if len(before) == 1 else []
    if len(written) != 1 or len(comments) != 1:
        return written
    return [f"{written[0].rstrip()}  {comments[0]}\n"]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
