//! Time stamps over earlier checkpoints of the log, and their files in the bundle.

use super::Document;

/// A token over a checkpoint of this log.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Stamp {
    /// Entries in the log that was stamped: it covers those with a smaller number.
    pub size: u64,
    /// Which of the tokens over that checkpoint, from 1.
    pub number: u64,
    /// The time that it says, UTC to the second.
    pub time: String,
    /// What the certificate in it calls the signer: any text, by anybody.
    pub signer: String,
    /// SHA-256 of the file with certificates that were given for the signer.
    pub chain: Option<[u8; 32]>,
}

impl Stamp {
    /// `proof/checkpoint-000120.txt`: what was stamped.
    #[must_use]
    pub fn checkpoint_path(&self) -> String {
        format!("proof/checkpoint-{:06}.txt", self.size)
    }

    /// `proof/time/checkpoint-000120.tsq`
    #[must_use]
    pub fn request_path(&self) -> String {
        format!("proof/time/checkpoint-{:06}.tsq", self.size)
    }

    /// `proof/time/checkpoint-000120-1.tsr`
    #[must_use]
    pub fn answer_path(&self) -> String {
        format!("proof/time/checkpoint-{:06}-{}.tsr", self.size, self.number)
    }

    /// `proof/time/checkpoint-000120-1.chain.pem`
    #[must_use]
    pub fn chain_path(&self) -> String {
        format!(
            "proof/time/checkpoint-{:06}-{}.chain.pem",
            self.size, self.number
        )
    }

    /// How openssl checks it, in the folder `proof/time`. `ROOT.pem` comes from the authority.
    #[must_use]
    pub fn command(&self) -> String {
        let name = |path: String| path.replace("proof/time/", "");
        let checkpoint = self.checkpoint_path().replace("proof/", "../");
        let answer = name(self.answer_path());
        let mut command =
            format!("openssl ts -verify -data {checkpoint} -in {answer} -CAfile ROOT.pem");
        if self.chain.is_some() {
            command.push_str(" -untrusted ");
            command.push_str(&name(self.chain_path()));
        }
        command
    }
}

impl Document {
    /// The token with the earliest time among those that cover an entry.
    #[must_use]
    pub fn stamp_of(&self, entry: u64) -> Option<&Stamp> {
        let covering = self.stamps.iter().filter(|stamp| entry < stamp.size);
        covering.min_by(|a, b| a.time.cmp(&b.time))
    }
}
