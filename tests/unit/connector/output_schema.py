"""Does a value have the types that a list of properties declares?"""

from collections.abc import Iterable
from typing import Any

from cuprum.connector.properties import Form, Property

PYTHON: dict[str, tuple[type, ...]] = {
    "STRING": (str,),
    "INTEGER": (int,),
    "NUMBER": (int, float),
    "BOOLEAN": (bool,),
    "ARRAY": (list,),
    "OBJECT": (dict,),
}


def problems_of(value: dict[str, Any], declared: Iterable[Property], at: str = "") -> list[str]:
    """What does not fit: wrong types, keys that are missing or not declared."""
    known = {one.name: one for one in declared}
    problems = [f"{at}{name} is missing" for name in known if name not in value]
    problems += [f"{at}{name} is not declared" for name in value if name not in known and name != "raw"]
    for name, one in known.items():
        problems += of_value(value.get(name), one, f"{at}{name}")
    return problems


def of_value(value: Any, one: Property, at: str) -> list[str]:
    if value is None:
        return [f"{at} is null"] if one.type == "ARRAY" else []
    if not isinstance(value, PYTHON[one.type]) or (isinstance(value, bool) and one.type != "BOOLEAN"):
        return [f"{at} is {value!r}, declared {one.type}"]
    if one.form in (Form.INSTANT, Form.DAY) and value[4:5] != "-":
        return [f"{at} is {value!r}, not ISO"]
    if one.type == "ARRAY" and one.items:
        return [problem for index, item in enumerate(value) for problem in of_value(item, one.items[0], f"{at}[{index}]")]
    if one.type == "OBJECT" and one.properties:
        return problems_of(value, one.properties, f"{at}.")
    return []
