"""Looks at every page of the bundles in a headless Chromium, as phones, screens and printers show it.

check_looks.py FOLDER SCREENS: on the bundles that make_bundles.py left in FOLDER; leaves pictures and prints in SCREENS.
No error on the console, no request but for the pictures of the bundle, nothing wider than the screen, text that
can be told from what is behind it by day and by night.
"""

import base64
import re
import sys
import tempfile
from pathlib import Path

import browser
import bundle
from tap import check, finish, skip

folder, screens = (Path(word).resolve() for word in sys.argv[1:3])
PAGES = ("start.html", "data/report.html", "verify/verify.html")
# Name, width, height, dark, a phone.
VIEWS = (
    ("phone", 360, 780, False, True),
    ("phone-dark", 360, 780, True, True),
    ("desktop", 1280, 900, False, False),
)
# The names of make_bundles.py's matrix.
MATRIX = re.compile("-[0-9]+-(kk|ru|en)$")
# A report of two hundred incidents is half a million pixels tall; its beginning is like the rest.
TALLEST = 6000
# Elements with text of their own whose contrast is below 4.5 (WCAG 2.2, 1.4.3).
FAINT = """(() => {
  const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => channels(colour).slice(0, 3).map((value) => value / 255)
    .map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
    .reduce((sum, value, at) => sum + value * [0.2126, 0.7152, 0.0722][at], 0);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (channels(colour)[3] !== 0) return colour;
    }
    return matchMedia("(prefers-color-scheme: dark)").matches ? "rgb(18, 18, 18)" : "rgb(255, 255, 255)";
  };
  const found = new Set();
  for (const element of document.body.querySelectorAll("*")) {
    const style = getComputedStyle(element);
    const says = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!says || style.display === "none" || element.closest("svg, [hidden]")) continue;
    const [a, b] = [light(style.color), light(behind(element))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) found.add(`${element.tagName} ${style.color}`);
  }
  return [...found];
})()"""


def show(opened, view):
    """Gives how wide and how tall the page then is."""
    _, width, height, dark, phone = view
    opened.ask(
        "Emulation.setDeviceMetricsOverride",
        width=width,
        height=height,
        deviceScaleFactor=1,
        mobile=phone,
    )
    scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    opened.ask("Emulation.setEmulatedMedia", media="", features=[scheme])
    root = "document.documentElement"
    return opened.evaluate(f"[{root}.scrollWidth, {root}.scrollHeight]")


def look(opened, label, picture, view):
    name, width, *_ = view
    wide, tall = show(opened, view)
    check(f"{label}, {name}: nothing is wider than the screen", wide <= width, f"{wide} > {width}")
    faint = opened.evaluate(FAINT)
    check(f"{label}, {name}: the text can be read", not faint, faint[:5])
    clip = {"x": 0, "y": 0, "width": width, "height": min(tall, TALLEST), "scale": 1}
    taken = opened.ask("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
    Path(f"{picture}-{name}.png").write_bytes(base64.b64decode(taken["data"]))


def look_at_page(opened, top, page, label, picture, views):
    opened.page((top / page).as_uri())
    for view in views:
        look(opened, label, picture, view)
    if views == VIEWS:
        opened.ask("Emulation.clearDeviceMetricsOverride")
        opened.ask("Emulation.setEmulatedMedia", media="print", features=[])
        printed = opened.ask("Page.printToPDF", paperWidth=8.27, paperHeight=11.69)
        Path(f"{picture}-print.pdf").write_bytes(base64.b64decode(printed["data"]))
    own = f"request: {(top / 'data/evidence').as_uri()}/"
    complaints = [said for said in opened.complaints() if not said.startswith(own)]
    check(f"{label}: no error on the console, no request", not complaints, complaints)
    broken = opened.evaluate(
        "[...document.images].filter((image) => !image.naturalWidth).map((image) => image.src)"
    )
    check(f"{label}: every picture in it is shown", not broken, broken)


def look_away(opened, top):
    """What is too wide or too faint, an error and a request are told, or nothing above shows anything."""
    opened.page((top / PAGES[0]).as_uri())
    show(opened, VIEWS[0])
    opened.evaluate(
        "document.querySelector('h2').style.cssText = 'white-space: nowrap; color: #999; background: #fff'"
    )
    wide, _ = show(opened, VIEWS[0])
    check("a heading that does not wrap is told", wide > VIEWS[0][1], wide)
    faint = opened.evaluate(FAINT)
    check("and one in grey on white", faint == ["H2 rgb(153, 153, 153)"], faint)
    spoilt = top.with_name("spoilt.html")
    spoilt.write_text("<!DOCTYPE html><title>x</title><script>throw 1</script><img src='none.png'>")
    opened.page(spoilt.as_uri())
    told = sorted(said[:8] for said in opened.complaints())
    check(
        "and an error, a request, and that it failed",
        len(told) == 3 and told[2] == "request:",
        told,
    )


def main():
    if not browser.find():
        skip("browser", "no Chromium: the pages are not looked at")
        return
    screens.mkdir(parents=True, exist_ok=True)
    bundles = [path for path in sorted(folder.glob("*.zip")) if path.with_suffix(".code").exists()]
    check("there are bundles to look at", len(bundles) > 5, bundles)
    with tempfile.TemporaryDirectory() as work, browser.Browser(browser.find()) as opened:
        for path in bundles:
            top = bundle.unpack(path, Path(work) / path.stem)
            if path == bundles[0]:
                look_away(opened, top)
            # Of the nine that differ in count, form and language, one look at each.
            views = VIEWS[:1] if MATRIX.search(path.stem) else VIEWS
            for page in PAGES:
                # The same bytes in every bundle.
                if page == PAGES[2] and path != bundles[0]:
                    continue
                name = f"{path.stem}-{Path(page).stem}"
                look_at_page(
                    opened, top, page, f"{path.stem}: {Path(page).name}", screens / name, views
                )


try:
    main()
except (OSError, browser.BrowserError) as error:
    check("the pages could be looked at", False, repr(error))
finish()
