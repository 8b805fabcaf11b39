//! `diary demo`: the whole way on the samples, each step printed.

mod passphrase;
mod story;

use std::fs;
use std::path::{Path, PathBuf};

use diary_core::Diary;
use diary_core::bundle::{self, Anchor, Language, Verdict, VerifyOptions};
use diary_core::diary::{AttachOptions, Exported, IncidentRef, Originals, Query, Selection};
use diary_core::display::escape_for_display;
use diary_core::incident::{Changes, Incident, Text};
use diary_core::time::{Clock, SystemClock};
use diary_core::vault::{KdfCost, NewPassphrase, Passphrase, RecoveryCode};
use serde_json::{Value, json};

use self::story::{Step, Story};
use super::list::rows;
use super::verify::page;
use crate::args::Sheet;
use crate::console::Console;
use crate::exit::{Failure, reason};
use crate::output::json::hex;
use crate::output::{file, text};
use crate::sheet;

/// Runs the demonstration into `dir`, which must be new or empty.
pub(super) fn run(console: Console, dir: &Path, samples: Option<&Path>) -> Result<(), Failure> {
    let story = Story::read(samples.unwrap_or(Path::new("samples")))?;
    make_empty(dir)?;
    let steps = Steps { console };
    let passphrase = passphrase::generate()?;
    let (mut diary, code) = create(&dir.join("vault"), &passphrase)?;
    steps.told(
        "init",
        "a vault, and the recovery code that opens it without the passphrase",
    )?;
    steps.detail(&format!("passphrase     {}", passphrase.as_str()))?;
    steps.detail(&format!("recovery code  {}", code.reveal().as_str()))?;
    let paper = dir.join("spare-code.pdf");
    let page = Sheet {
        sheet: Some(paper.clone()),
        sheet_language: Language::Russian,
        sheet_qr: true,
    };
    sheet::write(Console::new(console.is_json(), true), &page, &code)?;
    steps.told(
        "sheet",
        "the recovery code on paper, for a person she trusts",
    )?;
    steps.detail(&escape_for_display(&paper.to_string_lossy()))?;
    live(steps, &mut diary, &story)?;
    search(steps, &mut diary)?;
    list(steps, &mut diary)?;
    let given_out = diary.fingerprint()?;
    steps.told(
        "fingerprint",
        "the code she gives out, on paper or by telephone",
    )?;
    steps.detail(&given_out.to_string())?;
    let bundles = [
        (
            Language::Russian,
            Originals::All,
            "in Russian, with the originals",
        ),
        (
            Language::Kazakh,
            Originals::None,
            "in Kazakh, with copies without metadata",
        ),
    ];
    let mut made = Vec::new();
    for (language, originals, what) in bundles {
        let out = dir.join(file_name(language));
        let selection = Selection {
            originals,
            ..Selection::everything(language)
        };
        let exported = export(console, &mut diary, &passphrase, &selection, &out)?;
        steps.told("export", &format!("a bundle {what}"))?;
        steps.detail(&escape_for_display(&out.to_string_lossy()))?;
        steps.detail(&format!("sha256     {}", hex(&exported.sha256)))?;
        steps.detail(&format!(
            "incidents  {} of {}",
            exported.incidents, exported.in_log
        ))?;
        steps.detail(&format!("code       {}", exported.fingerprint))?;
        made.push((language, out, exported));
    }
    diary.lock()?;
    let mut bundles = Vec::new();
    for (language, out, exported) in made {
        let options = VerifyOptions {
            fingerprint: Some(given_out),
        };
        let verdict = bundle::verify(&out, &options, &mut console.bar("verifying"))?;
        steps.told(
            "verify",
            &format!(
                "what anybody can check without the vault, with the code she gave out: {}",
                language.code()
            ),
        )?;
        report(console, steps, &verdict)?;
        bundles.push(Made {
            language,
            out,
            exported,
            verdict,
        });
    }
    answer(console, dir, &passphrase, &code, &bundles)
}

/// A bundle of the demonstration, and what its verifier says.
struct Made {
    language: Language,
    out: PathBuf,
    exported: Exported,
    verdict: Verdict,
}

/// The folder, made if it is not there; refused if something is in it.
fn make_empty(dir: &Path) -> Result<(), Failure> {
    let failure = |error: std::io::Error| {
        Failure::cannot(format!(
            "the folder: {}: choose another one",
            reason(&error)
        ))
    };
    Diary::must_lie_outside(&dir.join("vault"))?;
    if fs::metadata(dir).is_ok_and(|found| !found.is_dir()) {
        return Err(file::is_taken("folder"));
    }
    fs::create_dir_all(dir).map_err(failure)?;
    if fs::read_dir(dir).map_err(failure)?.next().is_some() {
        return Err(Failure::refused(
            "the folder is not empty and nothing is overwritten: choose another one",
        ));
    }
    Ok(())
}

fn create(vault: &Path, passphrase: &str) -> Result<(Diary, RecoveryCode), Failure> {
    let new = NewPassphrase::new(passphrase.as_bytes())?;
    Ok(Diary::create(
        vault,
        &new,
        KdfCost::Measured,
        Box::new(SystemClock),
    )?)
}

/// Everything the story tells: recorded, attached, amended, withdrawn.
fn live(steps: Steps, diary: &mut Diary, story: &Story) -> Result<(), Failure> {
    for (position, step) in story.steps.iter().enumerate() {
        let told = take(steps, diary, story, step);
        told.map_err(|failure| failure.at(&format!("story.json, step {}", position + 1)))?;
    }
    Ok(())
}

fn take(steps: Steps, diary: &mut Diary, story: &Story, step: &Step) -> Result<(), Failure> {
    match step {
        Step::Add { file } => {
            let incident = Incident::parse(&story.file(file)?, &SystemClock)?;
            let recorded = diary.add(&incident)?;
            steps.told("add", &format!("{}  #{}", recorded.id, recorded.number))
        }
        Step::Attach {
            incident,
            file,
            how,
            note,
        } => {
            let options = AttachOptions {
                how: *how,
                note: note
                    .as_deref()
                    .map(|note| Text::new("note", note))
                    .transpose()?,
            };
            let bar = &mut steps.console.bar("attaching");
            let item = diary.attach(&at(*incident), &story.path(file)?, &options, bar)?;
            let size = text::size(item.bytes);
            let known = if item.duplicate {
                "; stored already, kept once"
            } else {
                ""
            };
            let what = format!(
                "{}  to #{incident}: {}, {size}{known}",
                item.id, item.media_type
            );
            steps.told("attach", &what)
        }
        Step::Amend {
            incident,
            file,
            reason,
        } => {
            let changes = Changes::parse(&story.file(file)?, &SystemClock)?;
            let recorded = diary.amend(&at(*incident), &changes, reason)?;
            let what = format!("{}  #{incident}; the old words stay", recorded.id);
            steps.told("amend", &what)
        }
        Step::Withdraw { incident, reason } => {
            let recorded = diary.withdraw(&at(*incident), reason)?;
            let what = format!("{}  #{incident}; its place stays", recorded.id);
            steps.told("withdraw", &what)
        }
    }
}

fn at(number: u32) -> IncidentRef {
    IncidentRef::Number(number)
}

/// Searches for a word of the newest incident, as somebody would who half remembers it.
fn search(steps: Steps, diary: &mut Diary) -> Result<(), Failure> {
    let page = diary.list(&Query::default())?;
    let word = page
        .incidents
        .iter()
        .flat_map(|summary| summary.title.split(|c: char| !c.is_alphabetic()))
        .max_by_key(|word| word.chars().count())
        .unwrap_or_default()
        .to_lowercase();
    let query = Query {
        search: Some(word.clone()),
        ..Query::default()
    };
    let found = diary.list(&query)?.incidents;
    steps.told("search", &format!("«{word}»: {} found", found.len()))?;
    steps.block(&rows(&found))
}

fn list(steps: Steps, diary: &mut Diary) -> Result<(), Failure> {
    let page = diary.list(&Query::default())?;
    steps.told("list", "newest recorded first")?;
    steps.block(&rows(&page.incidents))
}

fn export(
    console: Console,
    diary: &mut Diary,
    passphrase: &str,
    selection: &Selection,
    out: &Path,
) -> Result<Exported, Failure> {
    let confirmed = diary.confirm(&Passphrase::new(passphrase.as_bytes())?)?;
    Ok(diary.export(selection, out, confirmed, &mut console.bar("exporting"))?)
}

fn report(console: Console, steps: Steps, verdict: &Verdict) -> Result<(), Failure> {
    if console.is_json() {
        Ok(())
    } else {
        steps.block(&page(verdict))
    }
}

fn answer(
    console: Console,
    dir: &Path,
    passphrase: &str,
    code: &RecoveryCode,
    bundles: &[Made],
) -> Result<(), Failure> {
    let vault = dir.join("vault");
    let sound = bundles.iter().all(|made| made.verdict.sound);
    console.answer(
        || {
            let bundles: Value = bundles.iter().map(in_json).collect();
            json!({
                "vault": vault.to_string_lossy(),
                "passphrase": passphrase,
                "recovery_code": code.reveal().as_str(),
                "bundles": bundles,
                "sound": sound,
            })
        },
        || "\nNobody in this story is real. Delete the folder when you have seen it.\n".to_owned(),
    )?;
    if sound {
        Ok(())
    } else {
        Err(console.verdict("a bundle is not sound: see the findings"))
    }
}

fn in_json(made: &Made) -> Value {
    let exported = &made.exported;
    let has_anchor = made.verdict.anchor == Anchor::Fingerprint;
    json!({
        "language": made.language.code(),
        "file": made.out.to_string_lossy(),
        "sha256": hex(&exported.sha256),
        "incidents": exported.incidents,
        "in_log": exported.in_log,
        "fingerprint": exported.fingerprint.to_string(),
        "anchor": if has_anchor { "fingerprint" } else { "none" },
        "sound": made.verdict.sound,
    })
}

fn file_name(language: Language) -> PathBuf {
    let day = SystemClock.read().at.date_naive();
    PathBuf::from(format!("evidence_{day}_{}.zip", language.code()))
}

/// Prints the steps, unless JSON was asked for.
#[derive(Clone, Copy)]
struct Steps {
    console: Console,
}

impl Steps {
    fn told(self, command: &str, what: &str) -> Result<(), Failure> {
        self.print(&format!("{command:<12} {what}\n"))
    }

    fn detail(self, line: &str) -> Result<(), Failure> {
        self.print(format!("{:<12} {line}", "").trim_end())?;
        self.print("\n")
    }

    fn block(self, lines: &str) -> Result<(), Failure> {
        lines.lines().try_for_each(|line| self.detail(line))
    }

    fn print(self, text: &str) -> Result<(), Failure> {
        if self.console.is_json() {
            return Ok(());
        }
        self.console
            .write(text.as_bytes())
            .map_err(Failure::before_the_end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_is_not_empty_is_refused_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        make_empty(folder.path()).unwrap();
        make_empty(&folder.path().join("new")).unwrap();
        assert_eq!(make_empty(folder.path()).unwrap_err().status(), 1);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
