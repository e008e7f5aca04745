"""The guide to the Python client does what it says."""

import re
from pathlib import Path
from typing import Any

from standin import StandIn

GUIDE = Path(__file__).parents[3] / "docs" / "python-client.md"


def test_the_guide_runs_from_top_to_bottom(standin: StandIn, capsys: Any):
    names = {"EMAIL": standin.email, "KEY": standin.key, "BASE_URL": standin.base_url}
    blocks = re.findall(r"```python\n(.*?)```", GUIDE.read_text(), re.S)
    standin.quirks.drop_answer(method="POST", path="/projects")
    for block in blocks:
        exec(compile(block, str(GUIDE), "exec"), names)
    assert len(blocks) == 4
    assert capsys.readouterr().out.split("\n") == ["Ada Quill", "0", "Quill & Sons", "happened", ""]
