"""Writes the reference pages anew: `make docs`; the tests compare them with what this would write.

A page is generated whole; whoever wants another word in it changes the code that the page speaks of.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tools import api_reference, coverage_reference, settings_reference

FOLDER = Path(__file__).parents[1] / "docs" / "reference"

PAGES: dict[str, Callable[[], str]] = {
    "settings.md": settings_reference.page,
    "api.md": api_reference.page,
    "coverage.md": coverage_reference.page,
}


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
