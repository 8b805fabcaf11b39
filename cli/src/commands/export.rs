//! `diary export`: first what would leave, then the passphrase again, then the bundle.

mod preview;

use std::ffi::OsStr;
use std::path::Path;

use diary_core::bundle::envelope::{Envelope, MAX_RECIPIENTS, ZipPassphrase};
use diary_core::bundle::limits::FAT32_BYTES;
use diary_core::copy::NoCopy;
use diary_core::diary::{Exported, Leaving, Originals, Preview, Selection};
use diary_core::display::escape_for_display;
use diary_core::log::EntryId;
use diary_core::vault::{Part, VaultError};
use diary_core::{Diary, Error};
use serde_json::{Value, json};

use crate::args::{Export, Opens, Original, Withhold};
use crate::console::Console;
use crate::exit::Failure;
use crate::output::json::{hex, members, set};
use crate::output::{file, text};
use crate::{input, secrets, session, terminal};

use self::preview::NOT_ON_PAPER;

pub(super) fn run(console: Console, args: Export) -> Result<(), Failure> {
    let originals = originals(&args.originals)?;
    let (mut without, mut withhold) = (args.without, Vec::new());
    for withheld in args.withhold {
        match withheld {
            Withhold::Field(of, field) => withhold.push((of, field)),
            Withhold::Whole(id) => without.push(id),
        }
    }
    let selection = Selection {
        language: args.language,
        audience: input::optional_words(args.for_whom.as_ref(), "--for")?,
        period: input::period(args.from, args.to)?,
        behaviours: args.behaviour,
        people: args.person,
        incidents: args.incident,
        without,
        withhold,
        originals,
        // `none` alone says that nothing of a file leaves but its hash.
        copies: args.originals != [Original::None],
        covers: args.boxes,
    };
    let what = Leaves {
        selection,
        report_only: args.report_only,
    };
    let (opens, out, dry_run) = (args.opens, args.out, args.dry_run);
    let way = match (args.recipient, &args.age_passphrase_file, args.zip) {
        (recipients, _, _) if recipients.len() > MAX_RECIPIENTS => {
            return Err(Failure::refused(
                "--recipient: at most 64: make two bundles",
            ));
        }
        (recipients, None, false) if !recipients.is_empty() => {
            Way::Sealed(Envelope::Recipients(recipients))
        }
        (_, Some(source), _) => {
            Way::Sealed(Envelope::Passphrase(secrets::to_send(console, source)?))
        }
        (_, None, true) => {
            let passphrase = ZipPassphrase::make().map_err(diary_core::Error::from)?;
            Way::Sealed(Envelope::Zip(passphrase))
        }
        _ if args.plain => Way::Plain,
        _ => Way::Asks,
    };
    match out {
        Some(out) if !dry_run => write(console, &opens, &what, &way, &out),
        _ => show(console, &opens, &what),
    }
}

/// In which form a bundle is written.
enum Way {
    /// In clear; she is asked, where that is possible.
    Asks,
    /// In clear, as she said.
    Plain,
    /// Encrypted.
    Sealed(Envelope),
}

/// What leaves, and whether as a bundle.
struct Leaves {
    selection: Selection,
    report_only: bool,
}

impl Leaves {
    fn preview(&self, diary: &mut Diary) -> Result<Preview, Failure> {
        self.check_people(diary)?;
        let preview = match self.report_only {
            true => diary.preview_report(&self.selection),
            false => diary.preview(&self.selection),
        }?;
        if let Some(id) = preview.without_effect.first() {
            return Err(Failure::refused(format!(
                "--without {id}: it would not leave anyway: check the id, or leave it out"
            )));
        }
        self.check_covers(&preview)?;
        self.check_originals(&preview)?;
        Ok(preview)
    }

    /// A key that nobody has, beside one that somebody has, would leave incidents out in silence.
    fn check_people(&self, diary: &mut Diary) -> Result<(), Failure> {
        if self.selection.people.is_empty() {
            return Ok(());
        }
        let known = diary.people()?;
        let is_known = |key: &String| known.iter().any(|person| person.key == *key);
        match self.selection.people.iter().position(|key| !is_known(key)) {
            None => Ok(()),
            Some(at) => Err(Failure::refused(format!(
                "--person, number {}: nobody has this key: `diary people` lists them",
                at + 1
            ))),
        }
    }

    /// Which incidents are damaged, and how the rest can leave.
    fn damaged_incident(&self, diary: &mut Diary, error: Error) -> Failure {
        let damaged = self.preview(diary).map(|preview| preview.damaged);
        let damaged: Vec<_> = damaged
            .iter()
            .flatten()
            .map(|one| one.id.to_string())
            .collect();
        if damaged.is_empty() {
            return error.into();
        }
        Failure::refused(format!(
            "{}: cannot be read: leave it out with --without; check names what is damaged",
            damaged.join(", ")
        ))
    }

    /// Asked for and withheld: one of the two was a slip, and nobody but her knows which.
    fn check_originals(&self, preview: &Preview) -> Result<(), Failure> {
        let withheld = preview.evidence.iter();
        let withheld = withheld.filter(|(_, leaving)| *leaving == Leaving::Withheld);
        let covered = self.selection.covers.iter().map(|(item, _)| *item);
        let wanted: Vec<EntryId> = match &self.selection.originals {
            Originals::Items(items) => items.iter().copied().chain(covered).collect(),
            Originals::All | Originals::None => covered.collect(),
        };
        match withheld
            .map(|(item, _)| item)
            .find(|item| wanted.contains(item))
        {
            None => Ok(()),
            Some(item) => Err(Failure::refused(format!(
                "{item}: withheld, and asked for with --originals or --box: choose one of the two"
            ))),
        }
    }

    /// What she wants covered is covered, or nothing is written.
    fn check_covers(&self, preview: &Preview) -> Result<(), Failure> {
        for (item, _) in &self.selection.covers {
            let leaving = preview.evidence.iter().find(|(id, _)| id == item);
            let reason = match leaving {
                Some((_, Leaving::Copy { .. } | Leaving::Withheld)) => continue,
                Some((_, Leaving::Hash(Some(NoCopy::Kind)))) => {
                    "only a part of a JPEG, PNG or WebP picture can be covered".to_owned()
                }
                Some((_, Leaving::Hash(Some(reason)))) => reason.to_string(),
                _ => "it cannot be covered".to_owned(),
            };
            return Err(Failure::refused(format!("--box {item}: {reason}")));
        }
        Ok(())
    }
}

fn show(console: Console, opens: &Opens, what: &Leaves) -> Result<(), Failure> {
    session::with(console, opens, |session| {
        let preview = what.preview(&mut session.diary)?;
        console.answer(|| preview::to_json(&preview), || preview::to_text(&preview))
    })
}

fn write(
    console: Console,
    opens: &Opens,
    what: &Leaves,
    way: &Way,
    out: &Path,
) -> Result<(), Failure> {
    // Refused before the vault is opened; the library refuses it again when it renames.
    file::require_new(out, "--out")?;
    let says_sealed = |end: &OsStr| end.eq_ignore_ascii_case("age");
    if !matches!(way, Way::Sealed(_)) && out.extension().is_some_and(says_sealed) {
        return Err(Failure::refused(
            "--out: the file would not be encrypted, and its name says that it is: add --recipient, or choose \
             another name",
        ));
    }
    let asks = matches!(way, Way::Asks) && terminal::can_ask();
    // A script gives the passphrase in a file and means what it says.
    if matches!(way, Way::Asks) && !asks && opens.passphrase_file.is_none() {
        return Err(Failure::cannot(
            "the bundle would lie there in clear, and there is no terminal to ask on: add --plain, \
             or --recipient, --age-passphrase-file or --zip to encrypt it",
        ));
    }
    session::with(console, opens, |session| {
        let asked_for_more = !what.selection.covers.is_empty()
            || !what.selection.without.is_empty()
            || (matches!(what.selection.originals, Originals::Items(_))
                && !what.selection.withhold.is_empty())
            || !what.selection.people.is_empty();
        if opens.passphrase_file.is_none() {
            let preview = what.preview(&mut session.diary)?;
            console.before_asking(&preview::to_text(&preview));
        } else if asked_for_more {
            what.preview(&mut session.diary)?;
        }
        if asks && !terminal::agrees(IN_CLEAR)? {
            return Err(Failure::refused(
                "nothing was written: --recipient, --age-passphrase-file and --zip encrypt it",
            ));
        }
        let confirmed = session.confirm()?;
        let bar = &mut console.bar("exporting");
        let (diary, selection) = (&mut session.diary, &what.selection);
        let exported = match way {
            _ if what.report_only => diary.export_report(selection, out, confirmed, bar),
            Way::Sealed(envelope) => diary.export_sealed(envelope, selection, out, confirmed, bar),
            Way::Asks | Way::Plain => diary.export(selection, out, confirmed, bar),
        };
        let exported = exported.map_err(|error| match error {
            Error::Vault(VaultError::Damaged(Part::Entry(_))) => {
                what.damaged_incident(diary, error)
            }
            error => error.into(),
        })?;
        if !exported.on_paper {
            console.warn(NOT_ON_PAPER);
        }
        if let Some(told) = too_large_for_a_stick(exported.bytes) {
            console.warn(told);
        }
        print(console, out, &exported, way)
    })
}

/// So that she learns it here, and not where she hands it over.
fn too_large_for_a_stick(bytes: u64) -> Option<&'static str> {
    (bytes > FAT32_BYTES).then_some(
        "the file is larger than 4 GB, and many USB sticks (FAT32) hold no such file: take another one, or \
         export fewer incidents or files at once",
    )
}

/// What a bundle in clear means, before one is written.
const IN_CLEAR: &str = "The file will not be encrypted: whoever finds or copies it can read it. That is \
                        right for handing it over by hand.";

fn print(console: Console, out: &Path, exported: &Exported, way: &Way) -> Result<(), Failure> {
    let file = out.to_string_lossy();
    let sha256 = hex(&exported.sha256);
    let fingerprint = exported.fingerprint.to_string();
    let passphrase = match way {
        // EXPOSE: printed once, for whoever gets the file.
        Way::Sealed(Envelope::Zip(passphrase)) => Some(passphrase.expose()),
        _ => None,
    };
    let shown = console.answer(
        || {
            let mut answer = members(json!({
                "file": file,
                "sha256": sha256,
                "incidents": exported.incidents,
                "in_log": exported.in_log,
                "fingerprint": fingerprint,
                "on_paper": exported.on_paper,
            }));
            set(&mut answer, "passphrase", passphrase.map(Value::from));
            Value::Object(answer)
        },
        || {
            let mut pairs = vec![
                ("file", escape_for_display(&file)),
                ("sha256", sha256.clone()),
                (
                    "incidents",
                    format!("{} of {}", exported.incidents, exported.in_log),
                ),
                ("code", fingerprint.clone()),
            ];
            if let Some(passphrase) = passphrase {
                pairs.push(("passphrase", passphrase.to_owned()));
            }
            text::pairs(&pairs)
        },
    );
    shown.map_err(|failure| match passphrase {
        Some(_) => failure.passphrase_unseen(),
        None => failure,
    })?;
    if matches!(way, Way::Sealed(Envelope::Zip(_) | Envelope::Passphrase(_))) {
        console.note(
            "Give the passphrase by another way than the file. It is kept nowhere: write it down.",
        );
    }
    console.note("Give the code by another way than the file: on paper, by telephone.");
    Ok(())
}

/// Without a word from her no original leaves: it carries its metadata, such as her home's place.
fn originals(given: &[Original]) -> Result<Originals, Failure> {
    match given {
        [] | [Original::None] => Ok(Originals::None),
        [Original::All] => Ok(Originals::All),
        several => several
            .iter()
            .map(|original| match original {
                Original::Item(item) => Some(*item),
                Original::All | Original::None => None,
            })
            .collect::<Option<Vec<_>>>()
            .map(Originals::Items)
            .ok_or_else(|| {
                Failure::cannot(
                    "--originals: `all` and `none` stand alone: give one of them or items",
                )
            }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_large_for_a_stick_is_told() {
        assert_eq!(too_large_for_a_stick(FAT32_BYTES), None);
        assert!(too_large_for_a_stick(FAT32_BYTES + 1).is_some());
    }
}
