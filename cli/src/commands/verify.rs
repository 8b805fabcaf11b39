//! `diary verify`

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use diary_core::bundle::{self, Anchor, Check, Finding, Level, Verdict, VerifyOptions};
use diary_core::log::Fingerprint;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::args::Verify;
use crate::console::Console;
use crate::exit::{Failure, reason};
use crate::output::json::{members, set};
use crate::output::{file, findings, text};

pub(super) fn run(console: Console, args: Verify) -> Result<(), Failure> {
    // Refused before the long work; the library refuses it again when it writes.
    if let Some(out) = &args.render {
        file::require_new(out, "--render")?;
    }
    let options = VerifyOptions {
        fingerprint: args.fingerprint,
    };
    let verdict = bundle::verify(&args.bundle, &options, &mut console.bar("verifying"))?;
    let printed = console.answer(|| json(&verdict), || page(&verdict));
    // The status tells the verdict, even if nobody reads the rest.
    if !inside_is_sound(&verdict) {
        return Err(console.verdict("the bundle is not sound: see the findings"));
    }
    if !verdict.sound {
        return Err(console.verdict("the code fits nothing in the bundle: compare it once more"));
    }
    if let Some(out) = &args.render {
        render(out, &verdict)?;
    }
    printed
}

/// The page alone where the name is that of a page, else a new folder with all reports.
fn render(out: &Path, verdict: &Verdict) -> Result<(), Failure> {
    let is_page = out
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("html"));
    match (is_page, verdict.reports.get("report.html")) {
        (true, Some(page)) => file::write_new(out, page, "--render"),
        _ => render_folder(out, &verdict.reports).map_err(|error| {
            Failure::cannot(format!("--render: {}: check the folder", reason(&error)))
        }),
    }
}

/// As [`file::write_new`]; in a race an empty folder of that name would be replaced, nothing else.
fn render_folder(out: &Path, reports: &BTreeMap<String, Vec<u8>>) -> io::Result<()> {
    let folder = TempDir::new_in(file::folder_of(out))?;
    for (name, bytes) in reports {
        let mut file = File::create_new(folder.path().join(name))?;
        file.write_all(bytes)?;
        file.sync_all()?;
    }
    fs::rename(folder.path(), out)
}

fn json(verdict: &Verdict) -> Value {
    let covered: Vec<String> = verdict.covered.iter().map(ToString::to_string).collect();
    let mut answer = members(json!({
        "sound": verdict.sound,
        "anchor": match verdict.anchor {
            Anchor::None => "none",
            Anchor::Fingerprint => "fingerprint",
        },
        "covered": covered,
        "findings": findings::json(&verdict.findings),
    }));
    let checkpoint = verdict.checkpoint.as_ref().map(|checkpoint| {
        json!({
            "size": checkpoint.size,
            "root": STANDARD.encode(checkpoint.root),
            "fingerprint": Fingerprint::of(checkpoint).to_string(),
        })
    });
    set(&mut answer, "checkpoint", checkpoint);
    Value::Object(answer)
}

/// What the outside says stands before the word sound.
pub(super) fn page(verdict: &Verdict) -> String {
    let mut page = findings::text(&verdict.findings);
    page.push('\n');
    if let Some(checkpoint) = &verdict.checkpoint {
        page.push_str(&text::pairs(&[
            ("entries in the log", checkpoint.size.to_string()),
            (
                "code of the bundle",
                Fingerprint::of(checkpoint).to_string(),
            ),
        ]));
    }
    let outside = match verdict.anchor {
        Anchor::Fingerprint => outside(verdict),
        Anchor::None if verdict.findings.iter().any(is_other_code) => {
            "the code fits nothing in the bundle".to_owned()
        }
        Anchor::None => "nothing from outside was compared".to_owned(),
    };
    let _ = writeln!(page, "outside  {outside}");
    let inside = match inside_is_sound(verdict) {
        true => "sound",
        false => "not sound",
    };
    let _ = writeln!(page, "inside   {inside}");
    page
}

/// A code that does not fit says nothing against what is inside: it may be newer than the bundle.
fn inside_is_sound(verdict: &Verdict) -> bool {
    let mut findings = verdict.findings.iter();
    findings.all(|finding| finding.level != Level::Failure || is_other_code(finding))
}

fn is_other_code(finding: &Finding) -> bool {
    finding.check == Check::Fingerprint && finding.level == Level::Failure
}

/// How many of the entries in the bundle the code covers, and how many came after it.
fn outside(verdict: &Verdict) -> String {
    let is_entry = |finding: &&Finding| finding.check == Check::Entry;
    let entries = verdict.findings.iter().filter(is_entry).count();
    let covered = verdict.covered.len();
    let after = entries.saturating_sub(covered);
    format!("the code covers {covered} of {entries} entries; {after} came after it")
}
