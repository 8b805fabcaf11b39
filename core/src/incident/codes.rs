//! The closed lists. A code may be added; none is renamed, taken away or given another meaning.
//!
//! Each code names where it comes from:
//!
//! - *SPARC*: Stalking Incident and Behavior Log (Stalking Prevention, Awareness, and Resource
//!   Center).
//! - *NNEDV*: Safety Net documentation tips, also used by WESNET, with its lists of technology.
//! - *S-DASH*: the eleven risk questions on stalking, *DASH*: the list they belong to. Used to
//!   name things, never as a score.
//! - *NSW*: the stalking log of the New South Wales Police.
//! - *WomensLaw*: advice on saving evidence.
//! - *Suzy Lamplugh*: National Stalking Helpline, advice on keeping a record.
//! - *FollowIt*: Scottish Women's Rights Centre, incident log.
//! - *CJKH*: Criminal Justice Know-How, stalking log.
//! - *VictimsVoice*: guided record, with medical visits.
//! - *CustodyLog*: categories of its incident form.
//! - *115-1*: what article 115-1 of the Criminal Code of Kazakhstan turns on: contact or tracking,
//!   against her will, substantial harm.
//! - *Cases*: reported cases and practice in Kazakhstan.
//! - *Lists*: practitioners' lists taken together, without one that stands out.
//! - *Ours*: needed to close the list or to tell two things apart.

#[macro_use]
mod list;
mod official;
mod people;
mod what;

pub use self::list::UnknownCode;
pub use self::official::{Danger, OrderKind, ReportBody, ReportOutcome, Response};
pub use self::people::{HarmKind, RefusalHow, Relationship, Role, YesNo};
pub use self::what::{Behaviour, Channel, How, PlaceClass, Precision};
