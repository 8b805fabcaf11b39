//! Drafts: one per form, sealed in the vault, so that no shell keeps her words anywhere else.

use zeroize::Zeroizing;

use super::Diary;
use crate::canonical::{Object, Value};
use crate::error::{Error, Form};
use crate::vault::{Part, VaultError};

impl Diary {
    /// Keeps what a form holds. It makes no entry in the log. Drafts that are damaged make room for it: they cannot be
    /// read any more, and what is typed now must not be lost for them.
    ///
    /// # Errors
    /// [`Error::Form`] for a name or a text that is none; too much: 256 KiB for all drafts.
    pub fn save_draft(&mut self, form: &str, text: &[u8]) -> Result<(), Error> {
        check_name(form)?;
        let text = std::str::from_utf8(text).map_err(|_| Error::Form(Form::Draft))?;
        let mut drafts = self.readable_drafts()?.unwrap_or_default();
        drafts.insert(form.to_owned(), text.into());
        self.set_drafts(drafts)
    }

    /// What a form held when it was left.
    ///
    /// # Errors
    /// [`Error::Form`] for a name that is none; [`VaultError::Damaged`] with [`Part::Side`].
    pub fn draft(&mut self, form: &str) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
        check_name(form)?;
        let text = match self.drafts()?.remove(form) {
            Some(Value::Text(text)) => Some(Zeroizing::new(text.into_bytes())),
            _ => None,
        };
        Ok(text)
    }

    /// Forgets what a form held, or all of them where they are damaged; the cells are sealed anew without it.
    ///
    /// # Errors
    /// [`Error::Form`] for a name that is none.
    pub fn discard_draft(&mut self, form: &str) -> Result<(), Error> {
        check_name(form)?;
        match self.readable_drafts()? {
            None => self.set_drafts(Object::new()),
            Some(mut drafts) => match drafts.remove(form) {
                Some(_) => self.set_drafts(drafts),
                None => Ok(()),
            },
        }
    }

    /// `None` if they are damaged.
    fn readable_drafts(&mut self) -> Result<Option<Object>, Error> {
        match self.drafts() {
            Err(Error::Vault(VaultError::Damaged(Part::Side))) => Ok(None),
            drafts => drafts.map(Some),
        }
    }

    fn drafts(&mut self) -> Result<Object, Error> {
        let Some(side) = self.log.vault().side()? else {
            return Ok(Object::new());
        };
        match Value::parse_canonical(&side) {
            Ok(Value::Object(mut side)) => match side.remove("drafts") {
                Some(Value::Object(drafts)) => Ok(drafts),
                None => Ok(Object::new()),
                Some(_) => Err(VaultError::Damaged(Part::Side).into()),
            },
            _ => Err(VaultError::Damaged(Part::Side).into()),
        }
    }

    fn set_drafts(&mut self, drafts: Object) -> Result<(), Error> {
        let side = Object::from([("drafts".to_owned(), Value::Object(drafts))]);
        let side = Zeroizing::new(Value::Object(side).to_bytes());
        let mut write = self.log.begin_write()?;
        write.set_side(&side)?;
        Ok(write.commit()?)
    }
}

fn check_name(form: &str) -> Result<(), Error> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    if form.is_empty() || form.len() > 32 || !form.chars().all(allowed) {
        return Err(Error::Form(Form::DraftName));
    }
    Ok(())
}
