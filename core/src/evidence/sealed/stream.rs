//! STREAM (BE32) with XChaCha20-Poly1305: long data as a row of sealed chunks.

/// A chunk that does not open: changed, out of place, or of another stream.
pub(crate) use diary_aead::NotGenuine;
/// Bytes by which a chunk grows when it is sealed.
pub(crate) use diary_aead::TAG;
use diary_aead::{Aead, NONCE};

/// Bytes of a nonce that all chunks of one stream share.
pub(crate) const PREFIX: usize = 19;

/// One stream under one key. The nonce of a chunk is `prefix ‖ number u32 ‖ last u8`, so no chunk
/// can move, and none can be missing at the end.
pub(crate) struct Stream {
    aead: Aead,
    prefix: [u8; PREFIX],
    associated: [u8; 32],
}

impl Stream {
    /// A stream whose chunks are bound to `associated`. A key MUST NOT see the same prefix twice.
    pub(crate) fn new(key: &[u8; 32], prefix: [u8; PREFIX], associated: [u8; 32]) -> Self {
        Self {
            aead: Aead::new(key),
            prefix,
            associated,
        }
    }

    /// Seals `plain` into `sealed`, which is [`TAG`] bytes longer. `None` if it is not.
    pub(crate) fn seal(
        &self,
        number: u32,
        last: bool,
        plain: &[u8],
        sealed: &mut [u8],
    ) -> Option<()> {
        let (text, tag) = sealed.split_last_chunk_mut::<TAG>()?;
        let nonce = self.nonce(number, last);
        *tag = self.aead.seal_into(&nonce, &self.associated, plain, text)?;
        Some(())
    }

    /// Opens `sealed` into `plain`, which is [`TAG`] bytes shorter. After an error `plain` holds
    /// nothing of the chunk.
    pub(crate) fn open(
        &self,
        number: u32,
        last: bool,
        sealed: &[u8],
        plain: &mut [u8],
    ) -> Result<(), NotGenuine> {
        let (text, tag) = sealed.split_last_chunk::<TAG>().ok_or(NotGenuine)?;
        let nonce = self.nonce(number, last);
        self.aead
            .open_into(&nonce, &self.associated, text, plain, tag)
    }

    fn nonce(&self, number: u32, last: bool) -> [u8; NONCE] {
        let mut nonce = [0; NONCE];
        let number = number.to_be_bytes();
        let parts = self
            .prefix
            .iter()
            .chain(&number)
            .copied()
            .chain([u8::from(last)]);
        for (byte, value) in nonce.iter_mut().zip(parts) {
            *byte = value;
        }
        nonce
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chunk_is_bound_to_its_place_stream_and_context() {
        let stream = Stream::new(&[1; 32], [2; PREFIX], [3; 32]);
        let mut sealed = [0; 5 + TAG];
        stream
            .seal(0x0102_0304, false, b"words", &mut sealed)
            .unwrap();
        let mut plain = [0; 5];
        assert_eq!(stream.open(0x0102_0304, false, &sealed, &mut plain), Ok(()));
        assert_eq!(&plain, b"words");

        let mut plain = [0; 5];
        assert_eq!(
            stream.open(0x0102_0305, false, &sealed, &mut plain),
            Err(NotGenuine)
        );
        assert_eq!(
            stream.open(0x0102_0304, true, &sealed, &mut plain),
            Err(NotGenuine)
        );
        for other in [
            Stream::new(&[0; 32], [2; PREFIX], [3; 32]),
            Stream::new(&[1; 32], [0; PREFIX], [3; 32]),
            Stream::new(&[1; 32], [2; PREFIX], [0; 32]),
        ] {
            assert_eq!(
                other.open(0x0102_0304, false, &sealed, &mut plain),
                Err(NotGenuine)
            );
        }
        assert_eq!(plain, [0; 5]);
    }

    #[test]
    fn the_nonce_is_prefix_number_last() {
        let stream = Stream::new(&[1; 32], [2; PREFIX], [3; 32]);
        let nonce = stream.nonce(0x0102_0304, true);
        assert_eq!(
            nonce.as_slice(),
            [[2; PREFIX].as_slice(), &[1, 2, 3, 4, 1]].concat()
        );
    }

    #[test]
    fn buffers_that_do_not_fit_are_refused() {
        let stream = Stream::new(&[1; 32], [2; PREFIX], [3; 32]);
        assert_eq!(stream.seal(0, true, b"words", &mut [0; 20]), None);
        assert_eq!(stream.open(0, true, &[0; 15], &mut []), Err(NotGenuine));
    }
}
