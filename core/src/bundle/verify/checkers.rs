//! The checkers that travel in a bundle, by the hashes of their releases. One that was exchanged
//! together with the rest could say anything.

use sha2::{Digest, Sha256};

use crate::bundle::{RENDERER, VERIFY_HTML, VERIFY_PY};
use crate::hex;
use crate::log::Hash;

/// The page that checks in a browser.
pub(super) const PAGE: &str = "verify/verify.html";

/// The script that checks with Python.
const SCRIPT: &str = "verify/verify.py";

/// Where they lie in a bundle.
pub(super) const PATHS: [&str; 2] = [PAGE, SCRIPT];

/// Earlier releases: path, name of the release, SHA-256. A release adds its own before the files
/// change again.
const EARLIER: [(&str, &str, &str); 1] = [(
    SCRIPT,
    "diary-core 0.1.0+reports.2",
    "a274397bdba8e0a6f0d9886f7adcf9644c5760892826dcfde64b6889e3825ad0",
)];

/// The release whose bytes these are.
pub(super) fn release(path: &str, sha256: &Hash) -> Option<&'static str> {
    let now = match path {
        PAGE => VERIFY_HTML,
        SCRIPT => VERIFY_PY,
        _ => return None,
    };
    if Sha256::digest(now)[..] == sha256[..] {
        return Some(RENDERER);
    }
    let hash = hex::encode(sha256);
    let mut earlier = EARLIER.iter();
    earlier
        .find(|(known, _, known_hash)| *known == path && *known_hash == hash)
        .map(|(_, release, _)| *release)
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    fn known(path: &str, bytes: &str) -> Option<&'static str> {
        release(path, &Sha256::digest(bytes).into())
    }

    #[test]
    fn all_know_the_extension_of_every_type() {
        // Rows of FORMAT.md 18.4: | `image/...` | `jpeg` jpg, `png` png |
        let rows: Vec<(&str, String)> = include_str!("../../../FORMAT.md")
            .lines()
            .filter_map(|line| {
                line.strip_prefix("| `")?
                    .strip_suffix(" |")?
                    .split_once("` | ")
            })
            .map(|(of, each)| (of.trim_end_matches("..."), format!(" {each},")))
            .collect();
        for known in crate::evidence::MediaType::ALL {
            let (media_type, extension) = (known.media_type(), known.extension());
            assert!(VERIFY_PY.contains(&format!("\"{media_type}\": \"{extension}\",")));
            assert!(VERIFY_HTML.contains(&format!("{media_type}={extension}")));
            let is_specified = rows.iter().any(|(of, each)| {
                let name = media_type.strip_prefix(of);
                name.is_some_and(|name| each.contains(&format!(" `{name}` {extension},")))
            });
            assert!(is_specified, "{media_type}");
        }
    }

    #[test]
    fn each_release_is_known_by_its_bytes_and_its_place() {
        assert_eq!(known(PAGE, VERIFY_HTML), Some(RENDERER));
        assert_eq!(known(SCRIPT, VERIFY_PY), Some(RENDERER));
        assert_eq!(known(PAGE, VERIFY_PY), None);
        assert_eq!(known("start.html", VERIFY_HTML), None);
        assert_eq!(known(SCRIPT, &format!("{VERIFY_PY}\n")), None);
        for (path, name, hash) in EARLIER {
            assert_eq!(release(path, &hex::decode(hash).unwrap()), Some(name));
        }
    }

    /// A browser runs the page's script and takes its style only if the policy names their hashes.
    #[test]
    fn the_policy_of_the_page_allows_its_own_script_and_style_and_nothing_else() {
        let between = |tag: &str| {
            let (_, rest) = VERIFY_HTML.split_once(&format!("<{tag}>\n")).unwrap();
            let (inside, rest) = rest.split_once(&format!("</{tag}>")).unwrap();
            assert!(!rest.contains(&format!("<{tag}")), "one {tag} alone");
            let hash = STANDARD.encode(Sha256::digest(format!("\n{inside}")));
            format!("'sha256-{hash}'")
        };
        let policy = format!(
            "content=\"default-src 'none'; script-src {}; style-src {}; base-uri 'none'; \
             form-action 'none'\">",
            between("script"),
            between("style"),
        );
        assert!(VERIFY_HTML.contains(&policy), "must be: {policy}");
        let first: Vec<&str> = VERIFY_HTML.lines().take(8).collect();
        assert!(
            first
                .join(" ")
                .contains("CAN BE EXCHANGED TOGETHER WITH IT")
        );
    }
}
