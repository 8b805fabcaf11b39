//! Somebody else's clock.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Opens;

#[derive(Debug, Subcommand)]
pub(crate) enum TimestampCommand {
    /// Write the request for a token over the log as it is now: 69 bytes that say nothing but a hash.
    /// Anybody can send it to an authority (RFC 3161), from any device; this program opens no
    /// connection.
    Request(RequestTimestamp),
    /// Check the answer of an authority, and keep it in the log for the bundles to come.
    Accept(AcceptTimestamp),
}

/// The log that is to be stamped.
#[derive(Args, Debug)]
pub(crate) struct RequestTimestamp {
    #[command(flatten)]
    pub(crate) opens: Opens,

    /// The request to write; it must not exist.
    #[arg(long, value_name = "FILE.tsq")]
    pub(crate) out: PathBuf,
}

/// The answer, as it came.
#[derive(Args, Debug)]
pub(crate) struct AcceptTimestamp {
    #[command(flatten)]
    pub(crate) opens: Opens,

    /// The answer of the authority.
    #[arg(value_name = "FILE.tsr")]
    pub(crate) answer: PathBuf,

    /// Keep these certificates with it (PEM): those between the signer and the authority's root.
    #[arg(long, value_name = "FILE.pem")]
    pub(crate) chain: Option<PathBuf>,

    /// Keep it although its time is over a day off: because this device's clock is wrong, or was.
    #[arg(long)]
    pub(crate) despite_clock: bool,
}
