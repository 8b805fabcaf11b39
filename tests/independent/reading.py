"""The order in which a report is read: what report.html says, looked for in the text of report.pdf."""

import bisect
import collections
import html.parser
import re
import unicodedata

CODE_POINT = re.compile(r"\[U\+([0-9A-F]{4,6})\]")
HEADINGS = ("h1", "h2", "h3", "h4")


class Page(html.parser.HTMLParser):
    """The language, the title, and the headings and what people wrote, in order, of report.html."""

    def __init__(self):
        super().__init__()
        self.language, self.title, self.said, self.into = "", "", [], None

    def handle_starttag(self, tag, attributes):
        if tag in (*HEADINGS, "bdi"):
            self.said.append([tag, ""])
            self.into = "said"
        elif tag == "title":
            self.into = "title"
        elif tag == "html":
            self.language = dict(attributes).get("lang")

    def handle_endtag(self, tag):
        if tag in (*HEADINGS, "bdi", "title"):
            self.into = None

    def handle_data(self, data):
        if self.into == "title":
            self.title += data
        elif self.into:
            self.said[-1][1] += data

    @property
    def headings(self):
        return [text for tag, text in self.said if tag in HEADINGS]

    @property
    def words(self):
        return [text for tag, text in self.said if tag == "bdi"]


def bare(text):
    """Without white space, and code points as characters: lines break elsewhere, and paper has no emoji."""
    text = CODE_POINT.sub(lambda found: chr(int(found[1], 16)), text)
    return "".join(unicodedata.normalize("NFC", text).split())


def absent(page, plain):
    """What the page says and the paper does not."""
    return sorted({words for words in page.words if bare(words) not in plain})


def headings_out_of_order(page, plain):
    place, missing = 0, []
    for heading in page.headings[1:]:
        found = plain.find(bare(heading), place)
        if found < 0:
            missing.append(heading)
        else:
            place = found + 1
    return missing


def order(said, plain):
    """Of the texts that stand as often on paper as on the page: how many there are, and the most of them that follow
    one another on paper as they do on the page. A row that goes on overleaf is read a page at a time, so that a few
    need not."""
    texts = [bare(text) for text in said]
    times, places = collections.Counter(texts), {}
    for text, count in times.items():
        if len(text) > 3 and plain.count(text) == count:
            places[text] = iter([found.start() for found in re.finditer(re.escape(text), plain)])
    there = [next(places[text]) for text in texts if text in places]
    ends = []
    for place in there:
        at = bisect.bisect_left(ends, place)
        ends[at : at + 1] = [place]
    return len(there), len(ends)
