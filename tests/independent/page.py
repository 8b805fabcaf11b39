"""verify.html in a headless Chromium, used as a person uses it: a file chosen, a code typed in."""

from pathlib import Path

import browser

SOURCE = Path(__file__).resolve().parents[2] / "core/src/bundle/verify.html"
# Where a browser lacks Ed25519, importing such a key is refused by this name.
WITHOUT_ED25519 = """
const importKey = SubtleCrypto.prototype.importKey;
SubtleCrypto.prototype.importKey = function (format, key, algorithm, ...rest) {
  if (algorithm === "Ed25519") return Promise.reject(new DOMException("", "NotSupportedError"));
  return importKey.call(this, format, key, algorithm, ...rest);
};
"""


class Page:
    """The page in one browser, for many bundles."""

    def __init__(self, script=None, program=None):
        self.browser = browser.Browser(program or browser.find())
        self.browser.page(SOURCE.as_uri(), script)

    def __enter__(self):
        return self

    def __exit__(self, *reason):
        self.browser.__exit__(*reason)

    def reload(self, script=None):
        self.browser.page(SOURCE.as_uri(), script)

    def check(self, what, code=""):
        """Chooses a ZIP file or a folder and types a code; gives the colour and the findings."""
        field = "zip" if what.is_file() else "folder"
        self.type(code)
        self.browser.evaluate(
            f"document.getElementById('{field}').value = ''; part('result').dataset.result = 'none'"
        )
        self.browser.choose(f"#{field}", what)
        self.browser.wait_for("!['none', 'working'].includes(part('result').dataset.result)")
        return self.result()

    def type(self, code):
        self.browser.evaluate(f"part('code').value = {code!r}; part('code').oninput()")

    def result(self):
        """The colour and what stands in the box."""
        return tuple(
            self.browser.evaluate("[part('result').dataset.result, part('result').innerText]")
        )

    def reasons(self):
        """The keys of the findings and of what is open, whatever the language."""
        return self.browser.evaluate(
            "(({problems, open}) => [...problems, ...open].map(({reason}) => reason[0]))"
            "(compareCode(finished, null))"
        )

    def named(self):
        """Whether each finding has its words and, but for those about the whole, a subject."""
        return self.browser.evaluate(
            "finished.problems.every(({reason}) => say(...reason).length > 2)"
        )


def find():
    """Whether there is a browser for it."""
    return browser.find()
