//! Extra fields of a header (APPNOTE 4.5): few are harmless, one is needed.

use super::layout::ZIP64_EXTRA;
use super::records::{Fields, WIDE_U32};
use crate::bundle::fault::Fault;

/// Longest extra field that is read, in bytes. Info-ZIP writes 28, macOS 32, 7-Zip 36.
pub(super) const MAX_EXTRA: u16 = 1024;

/// Longest block of a harmless kind, in bytes.
const MAX_HARMLESS: u16 = 64;

/// Info-ZIP's second name for the entry.
const UNICODE_PATH: u16 = 0x7075;

/// Encryption: WinZip's AES, PKWARE's strong encryption.
const AES: u16 = 0x9901;
const STRONG: u16 = 0x0017;

/// Put into its first entry by Java's `jar`; always empty.
const JAR: u16 = 0xcafe;

/// Times and owners, which no reader needs to find or name a file's bytes.
const HARMLESS: [u16; 5] = [
    0x000a, // NTFS times
    0x5455, // "UT": Unix times
    0x5855, // "UX": Unix times and owner, old
    0x7855, // "Ux": owner, old
    0x7875, // "ux": owner
];

/// The values of the ZIP64 block, if there is one; everything else must be harmless.
pub(super) fn zip64(extra: &[u8]) -> Result<Option<Vec<u64>>, Fault> {
    let mut fields = Fields(extra);
    let mut seen = Vec::new();
    let mut zip64 = None;
    while !fields.0.is_empty() {
        let id = fields.u16().ok_or(Fault::ExtraField)?;
        let len = fields.u16().ok_or(Fault::ExtraField)?;
        let data = fields.take(len.into()).ok_or(Fault::ExtraField)?;
        if seen.contains(&id) {
            return Err(Fault::ExtraField);
        }
        seen.push(id);
        match id {
            ZIP64_EXTRA => zip64 = Some(values(data)?),
            UNICODE_PATH => return Err(Fault::UnicodePath),
            AES | STRONG => return Err(Fault::Encrypted),
            JAR if len == 0 => {}
            _ if HARMLESS.contains(&id) && len <= MAX_HARMLESS => {}
            _ => return Err(Fault::ExtraField),
        }
    }
    Ok(zip64)
}

/// The true values of header fields, of which those that are 2^32 - 1 stand in the ZIP64 block.
///
/// The block holds just those (APPNOTE 4.5.3), or, by writers who put it always, the values of
/// the first fields, each of which must then agree.
pub(super) fn widen<const N: usize>(
    fields: [u32; N],
    zip64: Option<&[u64]>,
) -> Result<[u64; N], Fault> {
    let zip64 = zip64.unwrap_or_default();
    let missing = fields.iter().filter(|field| **field == WIDE_U32).count();
    let holds_just_those = zip64.len() == missing;
    let mut next = zip64.iter();
    let mut wide = [0; N];
    for (wide, field) in wide.iter_mut().zip(fields) {
        let is_missing = field == WIDE_U32;
        let given = match is_missing || !holds_just_those {
            true => next.next().copied(),
            false => None,
        };
        *wide = match (is_missing, given) {
            (true, Some(given)) => given,
            (false, None) => field.into(),
            (false, Some(given)) if given == u64::from(field) => given,
            _ => return Err(Fault::Zip64),
        };
    }
    match next.next() {
        None => Ok(wide),
        Some(_) => Err(Fault::Zip64),
    }
}

fn values(data: &[u8]) -> Result<Vec<u64>, Fault> {
    let mut fields = Fields(data);
    let mut values = Vec::new();
    while !fields.0.is_empty() {
        values.push(fields.u64().ok_or(Fault::Zip64)?);
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    const W: u32 = WIDE_U32;

    #[test]
    fn wide_values_fill_the_marked_fields_in_order() {
        assert_eq!(widen([1, 2], None), Ok([1, 2]));
        assert_eq!(widen([W, 2, W], Some(&[7, 9])), Ok([7, 2, 9]));
        assert_eq!(widen([W, W], Some(&[7, 9])), Ok([7, 9]));
    }

    #[test]
    fn needless_values_must_agree() {
        assert_eq!(widen([1, 2, 3], Some(&[1, 2])), Ok([1, 2, 3]));
        assert_eq!(widen([1, 2, 3], Some(&[1, 2, 3])), Ok([1, 2, 3]));
        assert_eq!(widen([W, 2, 3], Some(&[9, 2])), Ok([9, 2, 3]));
        for lie in [&[1, 3][..], &[2], &[1, 2, 4], &[1, 2, 3, 4]] {
            assert_eq!(widen([1, 2, 3], Some(lie)), Err(Fault::Zip64), "{lie:?}");
        }
    }

    #[test]
    fn missing_values_are_refused() {
        assert_eq!(widen([W, 2], None), Err(Fault::Zip64));
        assert_eq!(widen([W, W], Some(&[1])), Err(Fault::Zip64));
        assert_eq!(widen([1, 2, W], Some(&[1, 2])), Err(Fault::Zip64));
    }

    #[test]
    fn only_known_blocks_pass() {
        let block = |id: u16, data: &[u8]| {
            let len = u16::try_from(data.len()).unwrap();
            [&id.to_le_bytes()[..], &len.to_le_bytes(), data].concat()
        };
        let time = block(0x5455, &[3; 5]);
        assert_eq!(zip64(&time), Ok(None));
        assert_eq!(zip64(&block(JAR, &[])), Ok(None));
        let wide = [time.clone(), block(1, &5u64.to_le_bytes())].concat();
        assert_eq!(zip64(&wide), Ok(Some(vec![5])));
        for (fault, extra) in [
            (Fault::ExtraField, [time.clone(), time.clone()].concat()),
            (Fault::ExtraField, time[..6].to_vec()),
            (Fault::ExtraField, [&time[..], &[0]].concat()),
            (Fault::ExtraField, block(0x756e, &[0; 14])), // holds the target of a link
            (Fault::ExtraField, block(0x5455, &[0; 65])),
            (Fault::ExtraField, block(JAR, &[1])),
            (Fault::Zip64, block(1, &[0; 7])),
            (Fault::UnicodePath, block(UNICODE_PATH, b"\x01\0\0\0\0a")),
            (Fault::Encrypted, block(AES, &[0; 7])),
        ] {
            assert_eq!(zip64(&extra), Err(fault), "{extra:?}");
        }
    }
}
