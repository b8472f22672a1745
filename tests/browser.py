"""What looks at HTML as others do: the Nu Html Checker, and axe-core in headless Chromium. `make tools` gets them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from html import escape, unescape
from pathlib import Path
from typing import Any

TOOLS = Path(os.environ.get("GRIOT_TEST_TOOLS", "") or Path(sys.prefix) / "tools") / "node_modules"
CHECKER, AXE = TOOLS / "vnu-jar" / "build" / "dist" / "vnu.jar", TOOLS / "axe-core" / "axe.min.js"
_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--host-resolver-rules=MAP * ~NOTFOUND"),
)
_LOOK = """
<script>%s</script><script>
axe.run(document, {resultTypes: ["violations"]}).then(result => {
  const shown = result.violations.map(one => one.id + ": " + one.nodes.map(node => node.html).join(" | "));
  const seen = {violations: shown, wide: document.documentElement.scrollWidth, width: innerWidth};
  parent.document.getElementById("found").textContent = JSON.stringify(seen);
});
</script>
"""
# A window of Chromium cannot be as narrow as a phone, a frame can.
_AROUND = '<!doctype html><pre id="found"></pre><iframe style="width:%spx;height:900px;border:0" srcdoc="%s"></iframe>'
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')  # which would refuse axe too
_FOUND = re.compile(r'<pre id="found"[^>]*>(.*?)</pre>', re.DOTALL)


def missing() -> str:
    """Why nothing can be looked at; "" where it can."""
    absent = [str(one) for one in (CHECKER, AXE) if not one.is_file()]
    absent += [one for one in ("java", "chromium") if shutil.which(one) is None]
    return f"not installed: {', '.join(absent)}" if absent else ""


def errors(*paths: Path) -> list[str]:
    """What the Nu Html Checker says against files: errors and warnings."""
    command = ["java", "-jar", str(CHECKER), "--format", "json", "--exit-zero-always", *map(str, paths)]
    said = subprocess.run(command, capture_output=True, check=True, timeout=120)  # noqa: S603
    found = json.loads(said.stderr or said.stdout)["messages"]
    serious = [one for one in found if one["type"] == "error" or one.get("subType") == "warning"]
    return [f"{one['url']} {one.get('lastLine')}: {one['message']}" for one in serious]


def looked_at(page: str, width: int, folder: Path) -> Mapping[str, Any]:
    """A page as Chromium shows it `width` pixels wide, with no network: `violations` found by axe; how `wide` it
    became, of the window's `width`."""
    path = folder / "looked-at.html"
    script = _LOOK % AXE.read_text("utf-8").replace("</script", "<\\/script")
    inner = _POLICY.sub("", page).replace("</body>", script + "</body>")
    path.write_text(_AROUND % (width, escape(inner)), "utf-8")
    command = [
        *("chromium", *_FLAGS, f"--user-data-dir={folder / 'profile'}", "--window-size=1400,1000"),
        *("--virtual-time-budget=20000", "--dump-dom", path.as_uri()),
    ]
    said = subprocess.run(command, capture_output=True, check=True, timeout=120, text=True)  # noqa: S603
    found = _FOUND.search(said.stdout)
    assert found is not None and found[1], said.stderr[-2000:]
    result: Mapping[str, Any] = json.loads(unescape(found[1]))
    return result
