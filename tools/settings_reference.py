"""The page of every setting, from `config.py`."""

from __future__ import annotations

import types
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from cuprum.config import Settings

_HEAD = """\
# Settings

Every setting is an environment variable; all of them have a default. A switch is off unless it is `1`. A value that cannot be
used stops the command and names the variable.

```sh
CUPRUM_HOME=/srv/cuprum CUPRUM_LOG_FORMAT=json .venv/bin/cuprum serve --port 9000
```
"""


_KINDS: dict[Any, str] = {str: "Text", Path: "A folder", int: "A whole number", float: "A number"}


def page() -> str:
    return "\n".join([_HEAD, *(_entry(name, field) for name, field in Settings.model_fields.items())])


def _entry(name: str, field: FieldInfo) -> str:
    return f"## CUPRUM_{name.upper()}\n\n{field.description}\n\n{_value(field)} Default: {_default(field)}.\n"


def _value(field: FieldInfo) -> str:
    kind = field.annotation
    if get_origin(kind) in (Union, types.UnionType):
        kind = next(one for one in get_args(kind) if one is not type(None))
    if get_origin(kind) is Literal:
        return f"One of {', '.join(f'`{word}`' for word in get_args(kind))}."
    if kind is bool:
        return "A switch."
    return f"{_KINDS.get(kind, 'Text')}{_bounds(field)}."


def _bounds(field: FieldInfo) -> str:
    said = []
    for bound in field.metadata:
        match bound:
            case Ge(ge=least):
                said.append(f"at least {least:,}")
            case Gt(gt=least):
                said.append(f"more than {least}")
            case Le(le=most):
                said.append(f"at most {most:,}")
    return ", " + ", ".join(said) if said else ""


def _default(field: FieldInfo) -> str:
    if field.default_factory is not None:
        return "the platform's folder for the data of applications"
    default: Any = field.default
    if default is PydanticUndefined:
        return "none"
    match default:
        case bool():
            return "on" if default else "off"
        case "":
            return "empty"
        case tuple():
            return f"`{','.join(map(str, default))}`"
        case None:
            return "none"
    return f"`{default}`"
