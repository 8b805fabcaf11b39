//! Time stamps from the request to the entry, against an authority of the tests.

use super::fixture::*;
use super::*;
use crate::progress::NoProgress;
use crate::time::stamp::authority::{self, answer};
use crate::time::stamp::{Request, StampError};

const TIME: &str = "20261122050000Z";

fn refused(small: &mut Small, bytes: &[u8], off: OffClock) -> StampError {
    let size = small.diary().log.size();
    let error = small.diary().accept_stamp(bytes, None, off).unwrap_err();
    assert_eq!(small.diary().log.size(), size, "something was recorded");
    match error {
        AcceptError::Answer(error) => error,
        AcceptError::Diary(error) => panic!("{error}"),
    }
}

#[test]
fn section_9_an_answer_is_kept_byte_for_byte() {
    let mut small = Small::new();
    small.add("one");
    let request = small.diary().stamp_request().unwrap();
    assert_eq!(small.diary().stamp_request().unwrap(), request);
    let checkpoint = small.diary().log.checkpoint();
    assert_eq!(*request.imprint(), checkpoint.hash());
    assert_eq!(small.diary().log.marked_sizes().unwrap(), [2]);

    // More is written before the answer comes.
    small.add("two");
    let bytes = answer(&request, TIME);
    let accepted = small
        .diary()
        .accept_stamp(&bytes, None, OffClock::Keep)
        .unwrap();
    assert_eq!((accepted.size, accepted.id.number()), (2, 3));
    assert_eq!(accepted.time, "2026-11-22T05:00:00Z");
    assert_eq!(accepted.signer, authority::SIGNER);

    small.reopen();
    let kept = small.diary().kept_stamp(3).unwrap();
    assert_eq!((kept.size, kept.bytes, kept.request), (2, bytes, request));
    assert_eq!(kept.chain, None);
    assert_eq!(small.diary().log.stamps().unwrap(), [3]);
    assert!(is_sound(small.diary()));
}

#[test]
fn the_newest_entry_that_was_stamped_may_be_damaged() {
    let mut small = Small::new();
    let IncidentRef::Id(one) = small.add("one") else {
        panic!()
    };
    let request = small.diary().stamp_request().unwrap();
    let place = small.diary().place_of(&one).unwrap().place.unwrap();
    let sql = "UPDATE own SET b = randomblob(2016) WHERE i = ";
    let half = small.half();
    small.close();
    alter(&small.vault(), half, &format!("{sql}{}", place.position));
    small.reopen();
    let bytes = answer(&request, TIME);
    let accepted = small.diary().accept_stamp(&bytes, None, OffClock::Keep);
    let size = accepted.unwrap().size;
    assert_eq!(small.diary().kept_stamps().unwrap().len(), 1);
    assert_eq!(size, one.number() + 1);
}

#[test]
fn two_authorities_can_answer_one_request() {
    let mut small = Small::new();
    small.add("one");
    let request = small.diary().stamp_request().unwrap();
    let chain = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
    let first = answer(&request, TIME);
    small
        .diary()
        .accept_stamp(&first, Some(chain.as_bytes()), OffClock::Keep)
        .unwrap();
    let second = answer(&request, "20261122050001Z");
    small
        .diary()
        .accept_stamp(&second, None, OffClock::Keep)
        .unwrap();
    assert_eq!(
        refused(&mut small, &first, OffClock::Keep),
        StampError::KeptAlready
    );
    assert_eq!(
        refused(&mut small, &second, OffClock::Keep),
        StampError::KeptAlready
    );
    assert_eq!(
        small.diary().kept_stamp(2).unwrap().chain.as_deref(),
        Some(chain)
    );
}

#[test]
fn certificates_can_come_after_their_token() {
    let mut small = Small::new();
    small.add("one");
    let request = small.diary().stamp_request().unwrap();
    // Off the clock and kept on wish: it is in the log already, so nobody asks again.
    let bytes = answer(&request, "20300101000000Z");
    let accept = |small: &mut Small, chain: Option<&str>, off| {
        let chain = chain.map(str::as_bytes);
        small.diary().accept_stamp(&bytes, chain, off).unwrap().id
    };
    accept(&mut small, None, OffClock::Keep);
    let certificate = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
    for chain in [certificate.to_owned(), certificate.repeat(2)] {
        accept(&mut small, Some(&chain), OffClock::Refuse);
        small.reopen();
        let kept = small.diary().kept_stamps().unwrap();
        let chains: Vec<_> = kept.iter().map(|kept| kept.chain.as_deref()).collect();
        assert_eq!(chains, [Some(&*chain)], "the newest alone");
        let again = small
            .diary()
            .accept_stamp(&bytes, Some(chain.as_bytes()), OffClock::Keep);
        let Err(AcceptError::Answer(error)) = again else {
            panic!("{again:?}");
        };
        assert_eq!(error, StampError::KeptAlready);
    }
    assert_eq!(
        refused(&mut small, &bytes, OffClock::Keep),
        StampError::KeptAlready
    );
    assert!(is_sound(small.diary()));
}

#[test]
fn what_does_not_answer_a_request_of_this_diary_is_refused() {
    let mut small = Small::new();
    small.add("one");
    let request = small.diary().stamp_request().unwrap();
    let genuine = answer(&request, TIME);
    let other = Request::new([1; 32], [2; 8]);
    assert_eq!(
        refused(&mut small, &answer(&other, TIME), OffClock::Keep),
        StampError::OtherImprint
    );
    let number = authority::answer_with(request.imprint(), &[0x41; 8], TIME);
    assert_eq!(
        refused(&mut small, &number, OffClock::Keep),
        StampError::OtherNonce
    );
    assert_eq!(
        refused(&mut small, b"no answer", OffClock::Keep),
        StampError::Form
    );
    let mut changed = genuine.clone();
    let at = changed.windows(15).position(|part| part == TIME.as_bytes());
    changed[at.unwrap()] = b'1';
    assert_eq!(
        refused(&mut small, &changed, OffClock::Keep),
        StampError::Signature
    );
    let chain = small
        .diary()
        .accept_stamp(&genuine, Some(b"-----BEGIN"), OffClock::Keep);
    assert!(matches!(chain, Err(AcceptError::Answer(StampError::Chain))));
    // Another diary has other numbers, even for the same hash.
    let mut stranger = Small::new();
    assert_eq!(
        refused(&mut stranger, &genuine, OffClock::Keep),
        StampError::OtherImprint
    );
    small
        .diary()
        .accept_stamp(&genuine, None, OffClock::Keep)
        .unwrap();
}

#[test]
fn a_time_that_does_not_fit_the_clock_is_kept_only_on_wish_and_told() {
    let mut small = Small::new();
    let request = small.diary().stamp_request().unwrap();
    let now = chrono::Utc::now();
    for (days, far) in [(0, false), (2, true), (-2, true)] {
        let time = now + chrono::Duration::days(days);
        let bytes = answer(&request, &time.format("%Y%m%d%H%M%SZ").to_string());
        if far {
            assert_eq!(
                refused(&mut small, &bytes, OffClock::Refuse),
                StampError::OffClock
            );
        }
        let off = if far {
            OffClock::Keep
        } else {
            OffClock::Refuse
        };
        let accepted = small.diary().accept_stamp(&bytes, None, off).unwrap();
        assert_eq!(accepted.is_off_clock, far, "{days}");
    }
}

/// The number follows from the signing key, which stays: an answer that comes after a rotation, or
/// to a restored diary, is one to the request that was sent before.
#[test]
fn a_request_outlives_a_rotation() {
    let mut small = Small::new();
    small.add("one");
    let request = small.diary().stamp_request().unwrap();
    let size = small.diary().log.size();
    let new = NewPassphrase::even_if_weak(b"b").unwrap();
    let confirmed = small.diary().confirm(&passphrase("a")).unwrap();
    small
        .diary()
        .rotate(&new, confirmed, &mut NoProgress)
        .unwrap();
    assert_eq!(small.diary().log.stamp_request(size).unwrap(), request);
}
