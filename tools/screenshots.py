"""The pictures of the README, taken anew from the demo account: `python -m tools.screenshots`. Needs Chromium."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

IMAGES = Path(__file__).parents[1] / "docs" / "images"
PICTURES = {"board": "/opportunities/board", "person": "/people/1", "home": "/home?whose=all"}
WIDTH, HEIGHT = 1280, 800


def main() -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-headless-shell") or shutil.which("google-chrome")
    if not chromium:
        raise SystemExit("There is no Chromium here. Cure: install the package chromium.")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with _demo() as (url, password), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light", locale="en-GB")
        page.goto(f"{url}/sign-in?next=/home")
        page.fill("#email", "ana@harbour.example")
        page.fill("#password", password)
        page.click("button:has-text('Sign in')")
        for name, path in PICTURES.items():
            page.goto(url + path)
            page.screenshot(path=IMAGES / f"{name}.png")
            print(f"docs/images/{name}.png")
        browser.close()


@contextmanager
def _demo() -> Iterator[tuple[str, str]]:
    """The address of a server with the demo account, and the password of its owner."""
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, "-m", "cuprum.cli", "serve", "--demo", "--port", "0"]
        environment = {**os.environ, "CUPRUM_HOME": home}
        server = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert server.stdout
        said: dict[str, str] = {}
        for line in server.stdout:
            words = line.split()
            if words[:1] == ["Cuprum"]:
                said["url"] = words[-1]
            if words[:1] == ["Password"]:
                said["password"] = words[1]
            if line.startswith("Ctrl-C"):
                break
        try:
            yield said["url"], said["password"]
        finally:
            server.terminate()
            server.wait(25)


if __name__ == "__main__":
    main()
