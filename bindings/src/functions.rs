//! What needs no diary.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use diary_core::bundle::texts::{CODE_LISTS, Texts};
use diary_core::bundle::{self, Language, VerifyOptions, verify};
use diary_core::display;
use diary_core::incident::{Precision, amendment_schema, bundle_schema, incident_schema};
use diary_core::vault::{NewPassphrase, RecoveryCode};
use diary_core::words;

use crate::error::{DiaryError, PassphraseWeakness};
use crate::panics::caught;
use crate::progress::{ProgressListener, alone};
use crate::records::bundle::BundleVerdict;
use crate::records::code;

/// A closed list of codes. It may grow; nothing in it is renamed.
#[derive(Clone, uniffi::Record)]
pub struct CodeList {
    /// The field it belongs to, such as `people.role`.
    pub name: String,
    /// The codes, in the order in which they are offered.
    pub codes: Vec<String>,
}

/// A JSON Schema (2020-12) of the contract.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Enum)]
pub enum SchemaKind {
    /// Of an incident that is recorded.
    Incident,
    /// Of the changes of an amendment.
    Amendment,
    /// Of `incidents.json` in a bundle.
    Bundle,
}

/// Version of the library, such as `0.1.0`.
#[uniffi::export]
pub fn library_version() -> Result<String, DiaryError> {
    Ok(env!("CARGO_PKG_VERSION").to_owned())
}

/// Every closed list of codes.
#[uniffi::export]
pub fn code_lists() -> Result<Vec<CodeList>, DiaryError> {
    let lists = CODE_LISTS.iter().map(|(name, codes)| CodeList {
        name: (*name).to_owned(),
        codes: codes.iter().map(|code| (*code).to_owned()).collect(),
    });
    Ok(lists.collect())
}

/// What fields and codes are called in the reports, so that a shell says the same words: `field.`
/// and the field, a code list and its code (`people.role.witness`), `kind.` and the kind of an
/// entry. `language`: `kk`, `ru` or `en`.
#[uniffi::export]
pub fn labels(language: String) -> Result<HashMap<String, String>, DiaryError> {
    caught(|| {
        let labels = language_of(&language)?.texts().labels();
        Ok(labels
            .map(|(key, text)| (key.to_owned(), text.to_owned()))
            .collect())
    })
}

/// The keys of those labels whose words have a meaning in law that no lawyer has checked yet, such as
/// `behaviours.spying`: a shell says so where it shows one.
#[uniffi::export]
pub fn labels_to_be_checked() -> Result<Vec<String>, DiaryError> {
    caught(|| Ok(Texts::labels_to_be_checked().map(str::to_owned).collect()))
}

/// What is weak about a passphrase that is to be set, while it is typed; nothing if it will do.
#[uniffi::export]
pub fn passphrase_weakness(passphrase: &[u8]) -> Result<Option<PassphraseWeakness>, DiaryError> {
    caught(|| {
        let passphrase = NewPassphrase::even_if_weak(passphrase)?;
        Ok(passphrase.weakness().map(PassphraseWeakness::from))
    })
}

/// A passphrase of five words made by chance, with spaces between them, in `kk`, `ru` or `en`: 50 bits or
/// more. It comes out because it has to be shown, so that she can write it down and type it; what is shown
/// should be let go at once, and is no secret of anything before it is set.
#[uniffi::export]
pub fn propose_passphrase(language: String) -> Result<String, DiaryError> {
    caught(|| Ok(words::propose_passphrase(language_of(&language)?)?.to_string()))
}

/// A page to print (PDF) with a recovery code on it in large type and where to keep it; nothing on it says
/// what the code is for. With `camera` it holds the code as a QR code too. The page comes out because it
/// is to be printed: let it go, and wipe it, as soon as it was.
#[uniffi::export]
pub fn recovery_sheet(
    recovery_code: &[u8],
    language: String,
    camera: bool,
) -> Result<Vec<u8>, DiaryError> {
    caught(|| {
        let code = RecoveryCode::parse(recovery_code)?;
        let page = bundle::recovery_sheet(&code, language_of(&language)?, camera);
        let page = page.ok_or_else(|| DiaryError::Defect {
            place: String::new(),
        })?;
        Ok(page.to_vec())
    })
}

/// As much of a claimed time as is known with a precision, which is a code of `precision`: nothing of it,
/// its year, month or day by their first day, or all of it. What is no time stays as it is; `add` says
/// then what is wrong with it.
#[uniffi::export]
pub fn known_of_time(time: String, precision: String) -> Result<Option<String>, DiaryError> {
    caught(|| Ok(code("occurred.precision", &precision, Precision::parse)?.known_of(&time)))
}

/// A text of unknown origin, such as the name of a file that she was sent, made safe to show: what would turn the
/// direction of writing, hide letters or drive a terminal becomes its number, such as `[U+202E]`.
#[uniffi::export]
pub fn escape_for_display(text: String) -> Result<String, DiaryError> {
    caught(|| Ok(display::escape_for_display(&text)))
}

/// A JSON Schema, as a JSON document.
#[uniffi::export]
pub fn schema(kind: SchemaKind) -> Result<String, DiaryError> {
    caught(|| {
        let schema = match kind {
            SchemaKind::Incident => incident_schema(),
            SchemaKind::Amendment => amendment_schema(),
            SchemaKind::Bundle => bundle_schema(),
        };
        Ok(schema.to_string())
    })
}

/// Checks a bundle as a stranger would: a ZIP file, or the folder where it lies unpacked. Needs no
/// diary. `fingerprint` is a code that was given out, from paper or a message. Fails only if it
/// cannot be read, is encrypted for its way, or is no bundle at all; whatever is wrong in it is a finding.
#[uniffi::export]
pub fn verify_bundle(
    path: String,
    fingerprint: Option<String>,
    listener: Option<Arc<dyn ProgressListener>>,
) -> Result<BundleVerdict, DiaryError> {
    alone(listener, |watch| {
        let fingerprint = fingerprint.map(|code| code.parse()).transpose();
        let fingerprint = fingerprint.map_err(diary_core::Error::from)?;
        Ok(verify(Path::new(&path), &VerifyOptions { fingerprint }, watch)?.into())
    })
}

fn language_of(text: &str) -> Result<Language, DiaryError> {
    Language::parse(text).ok_or(DiaryError::UnknownLanguage)
}

/// The reports of a bundle, rendered anew from nothing but what was checked, by name: `report.html`, `report.pdf`,
/// `incidents.csv`. Absent unless the bundle is sound: a report of something else would look like one.
#[uniffi::export]
pub fn render_bundle(
    path: String,
    listener: Option<Arc<dyn ProgressListener>>,
) -> Result<Option<HashMap<String, Vec<u8>>>, DiaryError> {
    alone(listener, |watch| {
        let verdict = verify(Path::new(&path), &VerifyOptions::default(), watch)?;
        Ok(verdict.sound.then(|| verdict.reports.into_iter().collect()))
    })
}
