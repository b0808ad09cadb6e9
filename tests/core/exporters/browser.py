"""A page opened in the browser of PySide6 (Chromium), in a process of its own: Qt ends the process
where a library of the system is missing.

    python -m tests.core.exporters.browser PAGE [--language zh-CN] FILE ... > answers.json
"""

import base64
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

SECONDS = 90
NO_ANSWER = 4
"""Exit status of a page that was loaded and then said nothing: a fault of the page."""
CELLS = [
    *("=1", "'=1", "+x", "@a", "\t=1", "-", "-1+1|x", "-1_"),
    *("-2.5", "-.5", "+1", "-1e5", "5%", "-3.5 kg/m²", "<b>", "'"),
]
"""Which of these a spreadsheet takes for a formula, the page must say as the program does."""
ASKING = """
window.asked = null;
(async () => {
  const checked = await model.ready;
  const answers = [];
  const files = FILES.map(([name, data]) =>
    new File([Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0))], name));
  for (const file of files) {
    try {
      const found = await model.answer(file);
      answers.push({ ...found, ...model.told(found) });
    } catch (error) {
      answers.push({ failed: error.message });
    }
  }
  const text = document.body.innerText, dataTransfer = new DataTransfer();
  dataTransfer.items.add(files[0]);
  document.dispatchEvent(new DragEvent("drop", { dataTransfer, cancelable: true }));
  while (!document.querySelector(".said, .answer .danger")) {
    await new Promise((done) => setTimeout(done, 10));
  }
  const said = document.querySelectorAll(".said, .shares > :nth-child(3n + 1)");
  const shown = Array.from(said, (each) => each.textContent);
  return { checked, answers, text, shown, cells: CELLS.map(model.cell) };
})().then((all) => { window.asked = JSON.stringify(all); },
          (error) => { window.asked = JSON.stringify({ error: String(error) }); });
"""


def answers(page: Path, paths: list[Path], language: str = "en") -> dict[str, Any]:
    """What a page says of files, opened from the disk; skips where no browser starts.

    Returns:
        ``checked``: of its own examples; ``answers``: of each file; ``text``: what it shows;
        ``shown``: the names that it shows for the first file, dropped on it; ``cells``:
        :data:`CELLS` as they stand in its table; ``requests``: every address that it asked for.
    """
    command = [sys.executable, "-m", __name__, str(page), language, *map(str, paths)]
    settings = {
        "QT_QPA_PLATFORM": "offscreen",
        "QTWEBENGINE_DISABLE_SANDBOX": "1",  # there is none for root
        "QTWEBENGINE_CHROMIUM_FLAGS": "--disable-gpu",
    }
    done = subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, **settings}, check=False
    )
    assert done.returncode != NO_ANSWER, done.stderr[-2000:]
    if done.returncode != 0:
        pytest.skip(f"no browser starts here: {done.stderr.strip()[-300:]}")
    found = json.loads(done.stdout.splitlines()[-1])
    assert "error" not in found, found
    return found  # type: ignore[no-any-return]


def main(page: str, language: str, names: list[str]) -> None:
    """Print what :func:`answers` returns."""
    from PySide6.QtCore import QUrl
    from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile
    from PySide6.QtWebEngineCore import QWebEngineUrlRequestInterceptor as Interceptor
    from PySide6.QtWidgets import QApplication

    requests = set()

    class Requests(Interceptor):
        def interceptRequest(self, info: Any) -> None:
            requests.add(info.requestUrl().scheme())

    app = QApplication(sys.argv[:1])
    profile = QWebEngineProfile()
    profile.setHttpAcceptLanguage(language)
    interceptor = Requests()
    profile.setUrlRequestInterceptor(interceptor)
    tab = QWebEnginePage(profile)
    loaded: list[bool] = []
    tab.loadFinished.connect(loaded.append)
    tab.load(QUrl.fromLocalFile(page))

    def wait(ready: Any, otherwise: int = 1) -> None:
        until = time.monotonic() + SECONDS
        while not ready():
            app.processEvents()
            time.sleep(0.01)
            if time.monotonic() > until:
                print("the page did not answer in time", file=sys.stderr, flush=True)
                os._exit(otherwise)

    wait(lambda: loaded)
    files = [[name, base64.b64encode(Path(name).read_bytes()).decode()] for name in names]
    asking = ASKING.replace("CELLS", json.dumps(CELLS)).replace("FILES", json.dumps(files))
    tab.runJavaScript(asking)
    said: list[str] = []

    def ask() -> bool:
        tab.runJavaScript("window.asked", lambda value: value and said.append(value))
        return bool(said)

    wait(ask, NO_ANSWER)
    print(json.dumps({**json.loads(said[0]), "requests": sorted(requests)}))
    sys.stdout.flush()
    os._exit(0)  # Qt would take a second to end the browser's processes


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
