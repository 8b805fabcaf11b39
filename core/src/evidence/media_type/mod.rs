//! What a file is, by its first bytes. The name is never asked: it can lie, and it often does.

mod sniff;

/// Writes the enum, the list of all and the names from one table.
macro_rules! media_types {
    ($($variant:ident $media_type:literal $extension:literal)*) => {
        /// A type that is told apart by content. The list may grow; all else is `Unknown`.
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        #[non_exhaustive]
        pub enum MediaType {
            $(#[doc = concat!("`", $media_type, "`, handed over as `.", $extension, "`")] $variant,)*
        }

        impl MediaType {
            /// Every type.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            fn names(self) -> (&'static str, &'static str) {
                match self {
                    $(Self::$variant => ($media_type, $extension),)*
                }
            }
        }
    };
}

media_types! {
    Jpeg "image/jpeg" "jpg"
    Png "image/png" "png"
    Gif "image/gif" "gif"
    Webp "image/webp" "webp"
    Heic "image/heic" "heic"
    Heif "image/heif" "heif"
    Avif "image/avif" "avif"
    Tiff "image/tiff" "tif"
    Bmp "image/bmp" "bmp"
    Mp4 "video/mp4" "mp4"
    QuickTime "video/quicktime" "mov"
    ThreeGp "video/3gpp" "3gp"
    ThreeGp2 "video/3gpp2" "3g2"
    WebM "video/webm" "webm"
    Matroska "video/matroska" "mkv"
    Avi "video/vnd.avi" "avi"
    OggVideo "video/ogg" "ogv"
    M4a "audio/mp4" "m4a"
    Ogg "audio/ogg" "ogg"
    Mp3 "audio/mpeg" "mp3"
    Wav "audio/vnd.wave" "wav"
    Flac "audio/flac" "flac"
    Amr "audio/amr" "amr"
    AmrWideband "audio/amr-wb" "awb"
    Aac "audio/aac" "aac"
    Pdf "application/pdf" "pdf"
    Zip "application/zip" "zip"
    Docx "application/vnd.openxmlformats-officedocument.wordprocessingml.document" "docx"
    Xlsx "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" "xlsx"
    Pptx "application/vnd.openxmlformats-officedocument.presentationml.presentation" "pptx"
    Odt "application/vnd.oasis.opendocument.text" "odt"
    Ods "application/vnd.oasis.opendocument.spreadsheet" "ods"
    Text "text/plain" "txt"
    Html "text/html" "bin"
    Svg "image/svg+xml" "bin"
    Unknown "application/octet-stream" "bin"
}

impl MediaType {
    /// The type of a file that begins with these bytes: all of it, or at least 64 KiB.
    #[must_use]
    pub fn of(start: &[u8]) -> Self {
        sniff::sniff(start).unwrap_or(Self::Unknown)
    }

    /// The type of this name. `None` for a name that [`MediaType::media_type`] never gives.
    #[must_use]
    pub fn parse(media_type: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|known| known.media_type() == media_type)
    }

    /// The name as IANA registers it, where it does; different for every type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        self.names().0
    }

    /// The extension of a file that is handed over, without a dot. `bin` for everything that a
    /// double click could run or render: programs, scripts, HTML and SVG.
    #[must_use]
    pub fn extension(self) -> &'static str {
        self.names().1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_different_and_read_back() {
        for known in MediaType::ALL {
            assert_eq!(MediaType::parse(known.media_type()), Some(*known));
        }
        assert_eq!(MediaType::parse("text/javascript"), None);
    }

    #[test]
    fn extensions_are_never_active() {
        for known in MediaType::ALL {
            let extension = known.extension();
            assert!(extension.len() <= 4 && extension.bytes().all(|b| b.is_ascii_alphanumeric()));
            assert!(!["exe", "html", "htm", "svg", "js", "lnk", "xml", "rtf"].contains(&extension));
        }
        for active in [MediaType::Html, MediaType::Svg, MediaType::Unknown] {
            assert_eq!(active.extension(), "bin");
        }
    }
}
