use proptest::prelude::*;

use super::*;
use crate::bundle::document::{Body, Document};
use crate::bundle::sample::{self, FINGERPRINT};
use crate::bundle::texts::Language;
use crate::canonical::Value;

fn report(document: &Document) -> String {
    report_html(&Rendering {
        document,
        fingerprint: FINGERPRINT,
    })
}

/// The tags of a page in order, each with its attributes.
fn tags(html: &str) -> Vec<&str> {
    let pieces = html.split('<').skip(1);
    pieces
        .map(|piece| piece.split_once('>').unwrap().0)
        .collect()
}

/// Every tag is closed in the right order, and only tags that we write are there.
fn assert_well_formed(html: &str) {
    const ALLOWED: &str = "html head meta title style body main section div nav h1 h2 h3 h4 p a ul \
         ol li dl dt dd table thead tbody tr th td bdi strong span br figure figcaption img pre svg \
         path text";
    let mut open = Vec::new();
    for tag in tags(html).into_iter().skip(1) {
        let name = tag.split(' ').next().unwrap();
        if let Some(closed) = name.strip_prefix('/') {
            assert_eq!(open.pop(), Some(closed), "{tag}");
            continue;
        }
        assert!(
            ALLOWED.split_whitespace().any(|allowed| allowed == name),
            "{tag}"
        );
        if !matches!(name, "meta" | "br" | "img") && !tag.ends_with('/') {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn the_parts_come_in_the_order_that_courts_expect() {
    let order = [
        "cover",
        "method",
        "conduct",
        "table",
        "incidents",
        "exhibits",
        "withheld",
        "hashes",
        "check",
        "certificate",
        "custody",
    ];
    for language in Language::ALL {
        let html = report(&sample::document(language));
        let places: Vec<usize> = order
            .iter()
            .map(|id| html.find(&format!("<h2 id=\"{id}\">")).unwrap())
            .collect();
        assert!(places.is_sorted(), "{places:?}");
        let texts = language.texts();
        for id in order {
            let heading = texts.get(&format!("{id}.heading")).to_owned();
            assert!(
                html.contains(&format!("<h2 id=\"{id}\">{heading}</h2>")),
                "{id}"
            );
        }
        assert!(html.contains(&format!("<html lang=\"{}\">", language.code())));
        assert!(html.contains("</section>\n<section class=\"sheet\">\n<h2 id=\"exhibits\">"));
    }
}

#[test]
fn headings_do_not_skip_a_level_and_every_link_has_its_target() {
    let html = report(&sample::document(Language::Kazakh));
    let mut before = 0;
    for tag in tags(&html) {
        let Some(level) = tag.strip_prefix('h').and_then(|rest| rest.get(..1)) else {
            continue;
        };
        if let Ok(level) = level.parse::<u32>() {
            assert!(level <= before + 1, "h{level} after h{before}");
            before = level;
        }
    }
    let attribute = |name: &str| -> Vec<String> {
        let start = format!(" {name}=\"");
        let values = html.split(&start).skip(1);
        values
            .map(|rest| rest.split('"').next().unwrap().to_owned())
            .collect()
    };
    let mut ids = attribute("id");
    for link in attribute("href") {
        match link.strip_prefix('#') {
            Some(id) => assert!(ids.iter().any(|known| known == id), "{link}"),
            None => assert_eq!(link, "evidence/a-01.jpg"),
        }
    }
    let all = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), all, "an id stands twice");
    for tag in tags(&html)
        .iter()
        .filter(|tag| tag.starts_with("th") && **tag != "thead")
    {
        assert!(tag.contains("scope="), "{tag}");
    }
}

#[test]
fn is_static_and_well_formed() {
    for language in Language::ALL {
        for document in [
            sample::document(language),
            sample::full_of(
                "</bdi><script>alert(1)</script><img src=x onerror=y>",
                language,
            ),
        ] {
            let html = report(&document);
            assert_well_formed(&html);
            assert!(!html.contains("<script"));
            assert!(!html.contains("http://") && !html.contains("https://"));
        }
    }
}

#[test]
fn text_of_hers_never_stands_in_a_tag() {
    let html = report(&sample::full_of(
        "\" onclick=q href=\"javascript:zz",
        Language::English,
    ));
    for tag in tags(&html) {
        assert!(!tag.contains("onclick") && !tag.contains("zz"), "{tag}");
    }
    let links = report(&sample::full_of(
        "https://evil.example/zz",
        Language::English,
    ));
    assert!(links.contains("<bdi>https://evil.example/zz</bdi>"));
    assert!(!tags(&links).iter().any(|tag| tag.contains("zz")));
}

#[test]
fn old_words_and_new_words_both_stand() {
    let html = report(&sample::document(Language::Russian));
    assert!(html.contains("Он звонил 34 раза с разных номеров."));
    assert!(html.contains("Исправлено: он звонил 41 раз."));
    assert!(html.contains("сначала &lt;посчитала&gt; неверно"));
    assert!(html.contains("<td>34</td><td>41</td>"));
    // Taken away by the amendment, but the old answer is kept.
    assert!(html.contains("<td>нет</td><td>убрано</td>"));
    assert!(html.contains("I was mistaken about the day &amp; the man"));
}

/// A change of a private note alone shows no head of a table over nothing, and does not say what it was of.
#[test]
fn a_change_of_nothing_that_is_shown_says_so() {
    let said = |html: &str, text: &str| html.contains(text);
    let mut document = sample::document(Language::Russian);
    let (head, line) = (
        ">Было</th>",
        "<p>Из показанного здесь ничего не изменено.</p>",
    );
    assert!(said(&report(&document), head) && !said(&report(&document), line));
    for entry in &mut document.entries {
        if let Body::Amendment { changes, .. } = &mut entry.body {
            changes.clear();
            entry.withheld.retain(|name, _| name == "private");
        }
    }
    assert!(!said(&report(&document), head) && said(&report(&document), line));
}

#[test]
fn what_is_withheld_is_named_and_never_shown() {
    for language in Language::ALL {
        let html = report(&sample::document(language));
        assert!(!html.contains("withheld-"), "{language:?}");
    }
    let html = report(&sample::document(Language::English));
    assert!(html.contains("People 1, People 1: Contact, Place"));
    assert!(html.contains("Kinds 1, Kinds 2, What happened"));
    // The one person left of two keeps the second place.
    assert!(html.contains("<li value=\"2\"><dl>\n<dt>Role (as stated)</dt><dd>witness</dd>"));
    assert!(html.contains("data/evidence/a-02.note.txt"));
}

#[test]
fn times_are_printed_as_they_were_written() {
    let html = report(&sample::document(Language::Kazakh));
    for text in [
        "2026-10-03 21:15 – 22:00 (UTC+05:00), шамамен — <bdi>кешкі жаңалықтардан кейін</bdi>",
        "2026-10-03 22:01 (UTC+05:00)",
        "2026-09-05, тек күні белгілі",
        "2026-08, тек айы белгілі",
        "Осы жазбаның алдында құрылғы сағаты артқа шегінген.",
        "<td class=\"time\">2026-10-03T22:12:05+05:00</td><td>proof/entry-000012.tlog-proof</td>",
    ] {
        assert!(html.contains(text), "{text}");
    }
}

#[test]
fn incidents_stand_in_the_order_in_which_they_happened() {
    let html = report(&sample::document(Language::English));
    let place = |text: &str| html.find(text).unwrap();
    assert!(place("<h3 id=\"incident-1\">Incident 1</h3>") < place("<h3 id=\"incident-2\""));
    let between = |from: &str, to: &str| html.get(place(from)..place(to)).unwrap();
    let sheet = between("<h3 id=\"incident-1\"", "<h3 id=\"incident-2\"");
    assert!(sheet.contains("Withdrawn by the author") && sheet.contains("2026-08,"));
    let table = between("<h2 id=\"table\">", "<h2 id=\"incidents\">");
    assert!(table.contains("A number holds for this report only"));
    let last = between("<h3 id=\"incident-4\"", "<h2 id=\"exhibits\">");
    assert!(last.contains("The words of this incident are not in the log any more."));
    assert!(last.contains("Places in the log</dt><dd>8</dd>"));
}

#[test]
fn counts_leave_out_withdrawn_and_withheld() {
    let html = report(&sample::document(Language::English));
    let conduct = html.split("id=\"conduct\"").nth(1).unwrap();
    let conduct = conduct.split("id=\"table\"").next().unwrap();
    let row = |label: &str, count: u32| {
        let text = format!("{label}</th><td class=\"number\">{count}</td>");
        assert!(conduct.contains(&text), "{text}");
    };
    assert!(conduct.contains("Incidents counted</dt><dd>2</dd>"));
    assert!(conduct.contains("stated inside these entries</dt><dd>41</dd>"));
    for kind in [
        "calls",
        "fake account",
        "waiting for the author",
        "threat to the author",
    ] {
        row(kind, 1);
    }
    assert!(!conduct.contains("following on the way"));
    row("2026-09", 1);
    row("2026-10", 1);
    assert!(!conduct.contains(">2026-08<"));
    assert!(conduct.contains("Earliest refusal with a day: 2026-09-01"));
    row("before that day", 0);
    row("after that day", 2);
    row("yes", 1);
    row("not stated or withheld", 1);
}

/// Each precision, and what began before the refusal and went on after it.
#[test]
fn an_incident_over_several_days_is_compared_with_both_its_ends() {
    let cases = [
        (("2026-08-01", "2026-08-31", "day"), "before that day"),
        (("2026-08-01", "2026-09-01", "day"), "over several days"),
        (("2026-08-01", "2026-10-31", "day"), "over several days"),
        (("2026-09-01", "2026-09-01", "day"), "on that day"),
        (("2026-09-01", "2026-09-02", "day"), "over several days"),
        (("2026-09-02", "2026-09-03", "day"), "after that day"),
        (("2026-08-01", "2026-10-01", "month"), "over several days"),
        (("2026-08-01", "2026-09-01", "month"), "day not known"),
        (("2026-09-01", "2026-10-01", "month"), "day not known"),
        (("2026-07-01", "2026-08-01", "month"), "before that day"),
        (("2025-01-01", "2027-01-01", "year"), "over several days"),
        (("2025-01-01", "2026-01-01", "year"), "day not known"),
    ];
    let mut document = sample::document(Language::English);
    let plain = compared_with_the_refusal(&document);
    assert!(!plain.contains("over several days"));
    for ((from, to, precision), row) in cases {
        // One of the two that are counted.
        let Body::Incident { incident } = &mut document.entries[0].body else {
            panic!();
        };
        let occurred = [("from", from), ("precision", precision), ("to", to)];
        let occurred = occurred.map(|(name, value)| (name.to_owned(), Value::from(value)));
        incident.insert("occurred".to_owned(), Value::Object(occurred.into()));
        let table = compared_with_the_refusal(&document);
        let of_row = table.split("</tr>").find(|line| line.contains(row));
        let before: Vec<_> = plain
            .split("</tr>")
            .filter(|line| line.contains(row))
            .collect();
        let (was, is) = (
            before.first().map_or(0, |line| number(line)),
            number(of_row.unwrap()),
        );
        let moved = u64::from(row != "after that day");
        assert_eq!(is, was + moved, "{from} to {to}, {precision}: {table}");
    }
}

fn compared_with_the_refusal(document: &Document) -> String {
    let html = report(document);
    let table = html.split("When, compared with that day").nth(1).unwrap();
    table.split("</table>").next().unwrap().to_owned()
}

/// The last number of a row.
fn number(row: &str) -> u64 {
    let cell = row.rsplit("<td class=\"number\">").next().unwrap();
    cell.split('<').next().unwrap().parse().unwrap()
}

#[test]
fn only_pictures_that_browsers_show_are_pictures() {
    let mut document = sample::document(Language::English);
    assert!(report(&document).contains("<img src=\"evidence/a-01.jpg\" alt=\"A-01\">"));
    for media_type in [
        "image/svg+xml",
        "text/html",
        "image/png",
        "image/jpeg\"><script",
    ] {
        for entry in &mut document.entries {
            if let Body::Evidence {
                evidence: Some(evidence),
                ..
            } = &mut entry.body
            {
                evidence.media_type = media_type.to_owned();
            }
        }
        let html = report(&document);
        assert!(!html.contains("<img"), "{media_type}");
        assert!(html.contains("<a href=\"evidence/a-01.jpg\">data/evidence/a-01.jpg</a>"));
    }
}

#[test]
fn names_and_words_hide_nothing() {
    let html = report(&sample::document(Language::English));
    assert!(html.contains("<bdi>photo[U+202E]gpj.exe</bdi>"));
    assert!(!html.contains('\u{202E}'));
    assert!(html.contains("💔"));
}

#[test]
fn the_fingerprint_and_the_hashes_are_printed_for_reading() {
    let document = sample::document(Language::English);
    let html = report(&document);
    assert!(html.contains(FINGERPRINT));
    let hash = document.checkpoint_hash();
    let groups: Vec<String> = hash.chunks(4).map(crate::bundle::hex).collect();
    assert!(groups.iter().all(|group| group.len() == 8));
    assert!(html.contains(&groups.join(" ")));
}

/// The method says what the report itself shows of an erasure, and that an entry can be left out.
#[test]
fn the_method_names_erasures_and_later_entries_that_were_left_out() {
    for (language, erased, left_out) in [
        (
            Language::English,
            "can erase words or a file",
            "whether a later change, withdrawal or erasure",
        ),
        (
            Language::Russian,
            "Слова или файл автор может уничтожить",
            "более позднее изменение, отзыв или уничтожение",
        ),
        (
            Language::Kazakh,
            "сөздерді немесе файлды жоя алады",
            "кейінгі өзгерісі, қайтарып алынуы немесе жойылуы",
        ),
    ] {
        let html = report(&sample::document(language));
        let method = html.split("<h2 id=\"method\">").nth(1).unwrap();
        let method = method.split("<h2 id=\"conduct\">").next().unwrap();
        assert!(method.contains(erased) && method.contains(left_out));
    }
}

/// Every entry changes the code: one that was noted earlier looks different where all is well.
#[test]
fn an_earlier_code_is_given_to_a_checker_and_not_compared_by_eye() {
    for language in Language::ALL {
        let html = report(&sample::document(language));
        for (id, next, key) in [
            ("cover", "method", "cover.fingerprint_help"),
            ("check", "certificate", "check.code"),
        ] {
            let part = html.split(&format!("<h2 id=\"{id}\">")).nth(1).unwrap();
            let part = part.split(&format!("<h2 id=\"{next}\">")).next().unwrap();
            let text = language.texts().get(key);
            assert!(part.contains(text), "{key}");
            for checker in ["verify/verify.html", "diary verify"] {
                assert!(text.contains(checker), "{key}: {checker}");
            }
        }
    }
}

#[test]
fn odd_shapes_and_long_texts_are_shown() {
    let mut document = sample::document(Language::Russian);
    let long = "ә".repeat(1 << 19);
    let deep = (0..100).fold(Value::from("дно"), |inner, _| Value::List(vec![inner]));
    let Body::Incident { incident } = &mut document.entries[0].body else {
        panic!();
    };
    incident.insert("narrative".to_owned(), Value::from(long.as_str()));
    incident.insert("occurred".to_owned(), Value::Integer(7));
    incident.insert("people".to_owned(), deep);
    incident.insert("<b>".to_owned(), Value::Null);
    let html = report(&document);
    assert_well_formed(&html);
    assert!(html.contains(&long) && html.contains("<bdi>дно</bdi>"));
    assert!(html.contains("<bdi>&lt;b&gt;</bdi>"));
    assert!(html.len() < 2 * long.len());
}

/// 10,000 characters without a space stay within the page.
#[test]
fn long_words_wrap() {
    let rule = "bdi { white-space: pre-wrap; overflow-wrap: anywhere; }";
    assert!(STYLE.contains(rule));
    assert!(!STYLE.contains("url(") && !STYLE.contains("@import"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// No text changes the structure: the same tags, whatever stands between them.
    #[test]
    fn any_text_leaves_the_tags_as_they_are(text: String) {
        let html = report(&sample::full_of(&format!("а{text}"), Language::Russian));
        let plain = report(&sample::full_of("слово", Language::Russian));
        prop_assert!(tags(&html) == tags(&plain));
    }

    #[test]
    fn any_character_survives_or_is_named(character: char) {
        let text = format!("а{character}б");
        let html = report(&sample::full_of(&text, Language::Russian));
        let named = format!("а[U+{:04X}]б", u32::from(character));
        let escaped = format!("&#{};", u32::from(character));
        let shown = html.contains(&text) || html.contains(&named) || html.contains(&escaped)
            || matches!(character, '&' | '<' | '>' | '"');
        prop_assert!(shown, "U+{:04X}", u32::from(character));
    }
}
