//! What she hands over, in clear or encrypted for the way.

use std::path::Path;
use std::sync::{Arc, Mutex};

use diary_core::bundle::envelope::{Envelope, Recipient, ZipPassphrase};
use zeroize::Zeroizing;

use crate::diary::{Diary, new_passphrase_of};
use crate::error::DiaryError;
use crate::panics::caught;
use crate::progress::ProgressListener;
use crate::records::bundle::{ExportPreview, ExportSelection, ExportedBundle};
use crate::session::held;

/// A bundle in an encrypted ZIP that was written, and its passphrase until that is taken. It belongs to the
/// file and not to the diary: locking does not end it, letting it go wipes it.
#[derive(uniffi::Object)]
pub struct SealedZip {
    exported: ExportedBundle,
    passphrase: Mutex<Option<ZipPassphrase>>,
}

#[uniffi::export]
impl Diary {
    /// Shows exactly what an export would hold, without writing anything. The copy of a long video is made
    /// for it and takes its time.
    #[uniffi::method(default(listener = None))]
    pub fn preview(
        &self,
        selection: ExportSelection,
        listener: Option<Arc<dyn ProgressListener>>,
    ) -> Result<ExportPreview, DiaryError> {
        self.session().long_call(listener, |diary, watch| {
            Ok(diary.preview_with(&selection.parse()?, watch)?.into())
        })
    }

    /// Writes a bundle to `out`, a file that does not exist yet. The passphrase is asked for again,
    /// so that nobody who finds the diary open can carry it away. The bundle is verified as a
    /// stranger would, recorded in the log, and only then gets its name.
    pub fn export(
        &self,
        selection: ExportSelection,
        out: String,
        passphrase: &[u8],
        listener: Option<Arc<dyn ProgressListener>>,
    ) -> Result<ExportedBundle, DiaryError> {
        self.session().long_call(listener, |diary, watch| {
            let selection = selection.parse()?;
            let confirmed = self.confirmed(diary, passphrase)?;
            let exported = diary.export(&selection, Path::new(&out), confirmed, watch)?;
            Ok(exported.into())
        })
    }

    /// Shows exactly what `exportReport` would write, without writing anything.
    #[uniffi::method(default(listener = None))]
    pub fn preview_report(
        &self,
        selection: ExportSelection,
        listener: Option<Arc<dyn ProgressListener>>,
    ) -> Result<ExportPreview, DiaryError> {
        self.session().long_call(listener, |diary, watch| {
            let preview = diary.preview_report_with(&selection.parse()?, watch)?;
            Ok(preview.into())
        })
    }

    /// Writes the report alone to `out`, a PDF of at most 10 MB that does not exist yet: for whoever takes
    /// nothing but one small file. Nothing in it can be checked without the bundle, and no original goes
    /// along. The passphrase is asked for again.
    pub fn export_report(
        &self,
        selection: ExportSelection,
        out: String,
        passphrase: &[u8],
        listener: Option<Arc<dyn ProgressListener>>,
    ) -> Result<ExportedBundle, DiaryError> {
        self.session().long_call(listener, |diary, watch| {
            let selection = selection.parse()?;
            let confirmed = self.confirmed(diary, passphrase)?;
            let exported = diary.export_report(&selection, Path::new(&out), confirmed, watch)?;
            Ok(exported.into())
        })
    }

    /// As `export`, encrypted with age (C2SP age) to 1 to 64 recipients, `age1...`, of whom each can open it
    /// alone. Nothing of it lies on the disk in clear.
    pub fn export_to_recipients(
        &self,
        selection: ExportSelection,
        out: String,
        recipients: Vec<String>,
        passphrase: &[u8],
        listener: Option<Arc<dyn ProgressListener>>,
    ) -> Result<ExportedBundle, DiaryError> {
        let recipients = recipients.iter().map(|text| text.parse::<Recipient>());
        let recipients = recipients.collect::<Result<_, _>>()?;
        let envelope = Envelope::Recipients(recipients);
        self.export_in(&envelope, selection, out, passphrase, listener)
    }

    /// As `export`, encrypted with age and a passphrase for whoever gets it. That one must not be this
    /// diary's: whoever can open the bundle could open the diary. One that is guessed easily is refused
    /// unless `allowWeak`.
    #[uniffi::method(default(allow_weak = false))]
    pub fn export_with_passphrase(
        &self,
        selection: ExportSelection,
        out: String,
        bundle_passphrase: &[u8],
        passphrase: &[u8],
        listener: Option<Arc<dyn ProgressListener>>,
        allow_weak: bool,
    ) -> Result<ExportedBundle, DiaryError> {
        new_passphrase_of(bundle_passphrase, allow_weak)?;
        let envelope = Envelope::Passphrase(Zeroizing::new(bundle_passphrase.to_vec()));
        self.export_in(&envelope, selection, out, passphrase, listener)
    }

    /// As `export`, as an AES-256 ZIP around `bundle.zip`, which 7-Zip and WinZip open, with a passphrase that
    /// is made for this one file and comes with it.
    pub fn export_as_zip(
        &self,
        selection: ExportSelection,
        out: String,
        passphrase: &[u8],
        listener: Option<Arc<dyn ProgressListener>>,
    ) -> Result<Arc<SealedZip>, DiaryError> {
        let made = caught(|| Ok(ZipPassphrase::make()?))?;
        let envelope = Envelope::Zip(made);
        let exported = self.export_in(&envelope, selection, out, passphrase, listener)?;
        let made = match envelope {
            Envelope::Zip(made) => Some(made),
            _ => None,
        };
        Ok(Arc::new(SealedZip {
            exported,
            passphrase: Mutex::new(made),
        }))
    }
}

#[uniffi::export]
impl SealedZip {
    /// The file. Its hash and size are those of the encrypted ZIP.
    pub fn file(&self) -> Result<ExportedBundle, DiaryError> {
        Ok(self.exported.clone())
    }

    /// What opens it: 16 characters in groups of four. It comes out because it is no secret of the diary: it
    /// has to be told to whoever gets the file, by another way than the file. Given once, then wiped, and kept
    /// nowhere; absent if it was given already.
    pub fn take_passphrase(&self) -> Result<Option<String>, DiaryError> {
        let made = held(&self.passphrase).take();
        Ok(made.map(|made| made.expose().to_owned()))
    }
}

impl Diary {
    fn export_in(
        &self,
        envelope: &Envelope,
        selection: ExportSelection,
        out: String,
        passphrase: &[u8],
        listener: Option<Arc<dyn ProgressListener>>,
    ) -> Result<ExportedBundle, DiaryError> {
        self.session().long_call(listener, |diary, watch| {
            let selection = selection.parse()?;
            let confirmed = self.confirmed(diary, passphrase)?;
            if let Envelope::Passphrase(given) = envelope
                && diary.is_bound()
            {
                // It opens nothing without the device, so the core cannot tell that it is the same.
                match self.confirmed(diary, given) {
                    Ok(_) => return Err(DiaryError::PassphraseInUse),
                    Err(DiaryError::WrongPassphrase) => {}
                    Err(error) => return Err(error),
                }
            }
            let out = Path::new(&out);
            let exported = diary.export_sealed(envelope, &selection, out, confirmed, watch)?;
            Ok(exported.into())
        })
    }
}
