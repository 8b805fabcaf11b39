"""Drives a Chromium without any package: the DevTools protocol over a pipe (--remote-debugging-pipe)."""

import json
import os
import select
import shutil
import subprocess
import tempfile
import time

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")


def find():
    """A Chromium, or None."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


class BrowserError(Exception):
    """The browser ended, did not answer in time, or refused a command."""


class Browser:
    """One headless browser; `page` opens one tab."""

    def __init__(self, program, seconds=60):
        self.seconds, self.number, self.events, self.rest = seconds, 0, [], b""
        self.folder = tempfile.TemporaryDirectory()
        to_browser, self.write_to = os.pipe()
        self.read_from, from_browser = os.pipe()
        # The browser reads commands from descriptor 3 and writes answers to 4; the shell puts them there.
        command = [
            program,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
        ]
        command += ["--no-first-run", "--disable-extensions", "--remote-debugging-pipe"]
        command += [f"--user-data-dir={self.folder.name}", "about:blank"]
        self.process = subprocess.Popen(
            ["sh", "-c", f'exec "$@" 3<&{to_browser} 4>&{from_browser}', "sh", *command],
            pass_fds=(to_browser, from_browser),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_browser)
        os.close(from_browser)
        self.session = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.ask("Browser.close", session=None)
        except BrowserError:
            self.process.kill()
        self.process.wait()
        os.close(self.write_to)
        os.close(self.read_from)
        self.folder.cleanup()

    def ask(self, method, session=..., **parameters):
        """Sends one command and waits for its answer; what happens meanwhile is kept in `events`."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        session = self.session if session is ... else session
        if session:
            message["sessionId"] = session
        os.write(self.write_to, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + self.seconds
        while True:
            answer = self.receive(deadline, method)
            if answer.get("id") != self.number:
                self.events.append(answer)
            elif "error" in answer:
                raise BrowserError(f"{method}: {answer['error']}")
            else:
                return answer["result"]

    def receive(self, deadline, method):
        while b"\0" not in self.rest:
            ready, _, _ = select.select(
                [self.read_from], [], [], max(0, deadline - time.monotonic())
            )
            data = os.read(self.read_from, 1 << 16) if ready else b""
            if not data:
                raise BrowserError(f"no answer to {method}")
            self.rest += data
        message, _, self.rest = self.rest.partition(b"\0")
        return json.loads(message)

    def page(self, address, script=None):
        """Opens a tab on an address; `script` runs before any of the page's own."""
        target = self.ask("Target.createTarget", session=None, url="about:blank")["targetId"]
        attached = self.ask("Target.attachToTarget", session=None, targetId=target, flatten=True)
        self.session, self.events = attached["sessionId"], []
        for domain in ("Page", "Runtime", "Network", "Log", "DOM"):
            self.ask(f"{domain}.enable")
        if script:
            self.ask("Page.addScriptToEvaluateOnNewDocument", source=script)
        self.ask("Page.navigate", url=address)
        self.wait_for("document.readyState === 'complete'")

    def evaluate(self, expression):
        answer = self.ask("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in answer:
            raise BrowserError(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def wait_for(self, expression):
        """Waits until an expression is true."""
        deadline = time.monotonic() + self.seconds
        while not self.evaluate(expression):
            if time.monotonic() > deadline:
                raise BrowserError(f"not in time: {expression}")
            time.sleep(0.02)

    def choose(self, selector, *paths):
        """Chooses files in a form, as a person would."""
        root = self.ask("DOM.getDocument", depth=0)["root"]["nodeId"]
        node = self.ask("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self.ask("DOM.setFileInputFiles", nodeId=node, files=[str(path) for path in paths])

    def complaints(self):
        """Errors on the console, exceptions, and requests for anything but the page itself."""
        self.evaluate("0")
        found = []
        for event in self.events:
            kind, what = event.get("method"), event.get("params", {})
            if kind == "Runtime.exceptionThrown":
                found.append(what["exceptionDetails"].get("text", "exception"))
            elif kind == "Log.entryAdded" and what["entry"]["level"] == "error":
                found.append(what["entry"]["text"])
            elif kind == "Network.requestWillBeSent" and what.get("type") != "Document":
                found.append("request: " + what["request"]["url"][:1000])
        return found
