//! The report on paper without its bundle: for who takes nothing but one small file.

use std::io::Write as _;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::leaving::Output;
use super::{Confirmed, Exported, Originals, Preview, PreviewFile, Selection, Shown};
use crate::bundle::Rendering;
use crate::bundle::pdf::report_alone;
use crate::bundle::pictures::ALONE;
use crate::diary::Diary;
use crate::error::Error;
use crate::files::NewFile;
use crate::log::Fingerprint;
use crate::progress::{NoProgress, Progress, advance};
use crate::vault::VaultError;

/// Largest report without a bundle, 10 MB: what electronic courts and mail are known to take.
pub const MAX_REPORT: usize = 10_000_000;

impl Diary {
    /// Shows exactly what a report alone would hold, without writing anything.
    ///
    /// # Errors
    /// As [`Diary::export_report`].
    pub fn preview_report(&mut self, selection: &Selection) -> Result<Preview, Error> {
        self.preview_report_with(selection, &mut NoProgress)
    }

    /// The same, for whoever wants to stop it: many pictures take their time.
    ///
    /// # Errors
    /// As [`Diary::export_report`].
    pub fn preview_report_with(
        &mut self,
        selection: &Selection,
        progress: &mut dyn Progress,
    ) -> Result<Preview, Error> {
        let mut shown = self.shown(&alone(selection), Output::ReportAlone, progress)?;
        let bytes = self.report_of(&mut shown, progress)?.len() as u64;
        let files = vec![PreviewFile {
            path: "report.pdf".to_owned(),
            bytes,
        }];
        let Shown {
            document,
            choice,
            decided,
            ..
        } = shown;
        Ok(choice.preview(&document, &decided, files))
    }

    /// Writes `report.pdf` alone to `out`, at most [`MAX_REPORT`] bytes. Its pictures are copies
    /// without metadata, the first hundred of them; whatever the selection says, no original goes
    /// along. The code that it shows is remembered as given out; no entry is made, because nothing
    /// in such a file can be proven.
    ///
    /// # Errors
    /// [`Error::EmptySelection`], [`Error::TargetExists`], [`Error::BundleTooLarge`],
    /// [`Error::Cancelled`], and those of reading; then nothing is left behind.
    pub fn export_report(
        &mut self,
        selection: &Selection,
        out: &Path,
        confirmed: Confirmed,
        progress: &mut dyn Progress,
    ) -> Result<Exported, Error> {
        let Confirmed(()) = confirmed;
        Self::must_be_a_new_place(out)?;
        let mut shown = self.shown(&alone(selection), Output::ReportAlone, progress)?;
        shown.choice.must_be_readable()?;
        shown.decided.must_be_whole()?;
        let report = self.report_of(&mut shown, progress)?;
        let mut file = NewFile::beside(out).map_err(|error| Error::Evidence(error.into()))?;
        let written = file.file().write_all(&report);
        written
            .and_then(|()| file.file().sync_all())
            .map_err(|error| Error::Vault(VaultError::from_io(error)))?;
        let fingerprint = self.fingerprint()?;
        file.publish()
            .map_err(|error| Error::Evidence(error.into()))?;
        let counts = shown.document.counts;
        Ok(Exported {
            sha256: Sha256::digest(&report).into(),
            incidents: counts.incidents_shown,
            in_log: counts.incidents_in_log,
            fingerprint,
            bytes: report.len() as u64,
            on_paper: true,
        })
    }

    fn report_of(
        &mut self,
        shown: &mut Shown,
        progress: &mut dyn Progress,
    ) -> Result<Vec<u8>, Error> {
        let fingerprint = Fingerprint::of(&self.log.checkpoint()).to_string();
        // The longer the text, the smaller the pictures. On paper it has about twice the bytes.
        let text = 2 * shown.document.to_bytes().len();
        let room = MAX_REPORT.saturating_sub(text).clamp(ALONE / 4, ALONE);
        let rooms = [room, room / 2, room / 4];
        for (tried, room) in (0..).zip(rooms) {
            advance(progress, &mut 0, tried, rooms.len() as u64)?;
            let pictures = self.pictures(&shown.document, &shown.decided, room)?;
            // No copy leaves as a file; one that is needed again is made again.
            shown.decided.let_go();
            let rendering = Rendering {
                document: &shown.document,
                fingerprint: &fingerprint,
            };
            let report = report_alone(&rendering, &pictures);
            if let Some(report) = report.filter(|report| report.len() <= MAX_REPORT) {
                return Ok(report);
            }
        }
        Err(Error::BundleTooLarge)
    }
}

fn alone(selection: &Selection) -> Selection {
    Selection {
        originals: Originals::None,
        copies: true,
        ..selection.clone()
    }
}
