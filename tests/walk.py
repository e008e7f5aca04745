"""One person's tab in a real browser, and what it is looked at for."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parent / "browser" / "axe.min.js"
# What a team cannot live with; the lesser ones are looked at by hand.
SERIOUS = ("serious", "critical")

# How wide, and in which colours.
SHAPES = [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")]


@dataclass
class Walk:
    """One person's tab, signed in."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def audit(self) -> None:
        """No serious finding of axe-core on what is shown now."""
        self.page.evaluate(AXE.read_text())
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        serious = [
            f"{one['id']}: {node['html']} {node.get('failureSummary', '')}"
            for one in found["violations"] if one["impact"] in SERIOUS for node in one["nodes"]
        ]  # fmt: skip
        assert not serious, "\n".join(serious)

    def does_not_scroll_sideways(self) -> None:
        assert self.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
