//! Time stamps: whether each is what it is said to be. Whether its signer is to be trusted is not
//! known here: anybody can run an authority.

use sha2::{Digest as _, Sha256};

use super::Bundle;
use crate::bundle::document::{Document, Stamp};
use crate::bundle::finding::Check;
use crate::display::escape_name;
use crate::log::Checkpoint;
use crate::time::stamp::{Answer, Request};

impl Bundle {
    /// Every token: over a checkpoint that this log begins with, by its request and by its own
    /// signature.
    pub(super) fn stamps(&mut self, document: &Document, older: &[Checkpoint]) {
        for stamp in &document.stamps {
            let path = stamp.answer_path();
            match self.stamp(stamp, older) {
                Ok(()) => {
                    let detail = format!(
                        "a token of {} says that the log of {} entries existed no later than {}: \
                         whether to trust the signer must be checked",
                        escape_name(&stamp.signer),
                        stamp.size,
                        stamp.time
                    );
                    self.findings.warning(Check::TimeStamp, &path, detail);
                }
                Err(detail) => self.fail(Check::TimeStamp, &path, &detail),
            }
        }
    }

    fn stamp(&mut self, said: &Stamp, older: &[Checkpoint]) -> Result<(), String> {
        let bytes = self.bytes(&said.answer_path(), Check::TimeStamp);
        let request = self.bytes(&said.request_path(), Check::TimeStamp);
        let chain = said.chain.is_some();
        let chain = chain.then(|| self.bytes(&said.chain_path(), Check::TimeStamp));
        let chain = chain.flatten();
        let mut stamped = older.iter().filter(|old| u64::from(old.size) == said.size);
        let checkpoint = stamped
            .next()
            .ok_or("over a checkpoint that this log is not proven to begin with")?;
        let request = request
            .as_deref()
            .and_then(Request::parse)
            .filter(|request| *request.imprint() == checkpoint.hash())
            .ok_or("its request is not one for this checkpoint")?;
        let answer =
            Answer::parse(&bytes.unwrap_or_default()).map_err(|error| error.to_string())?;
        answer
            .answers(&request)
            .map_err(|_| "it is not the answer to its request")?;
        if answer.time() != said.time || answer.signer() != said.signer {
            return Err("incidents.json says another time or another signer".to_owned());
        }
        let chain = chain.map(|chain| Sha256::digest(chain).into());
        if chain != said.chain {
            return Err("its certificates are not those that incidents.json names".to_owned());
        }
        Ok(())
    }
}
