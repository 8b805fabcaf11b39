//! `verify/readme.txt`: the commands with which an expert checks a bundle, in Kazakh, Russian and
//! English, each part whole in itself.

use super::texts::{Language, Texts};
use super::{Rendering, certutil, grouped, hex, report};

/// The text. UTF-8 with byte order mark and CRLF: it is opened by a double click on any Windows.
#[must_use]
pub fn verify_readme(rendering: &Rendering<'_>) -> String {
    let mut lines = Vec::new();
    for language in Language::ALL {
        if !lines.is_empty() {
            lines.extend([String::new(), "=".repeat(78), String::new()]);
        }
        part(&mut lines, language.texts(), rendering);
    }
    let mut text = String::from("\u{FEFF}");
    for line in lines {
        text.push_str(&line);
        text.push_str("\r\n");
    }
    text
}

/// SSHSIG namespaces (OpenSSH PROTOCOL.sshsig): a signature of one file is none of the other.
const CHECKPOINT_NAMESPACE: &str = "checkpoint@incident-diary.v1";
const BUNDLE_NAMESPACE: &str = "bundle@incident-diary.v1";

/// Longest line of running text.
const WIDTH: usize = 78;

fn part(lines: &mut Vec<String>, texts: &Texts, rendering: &Rendering<'_>) {
    let document = rendering.document;
    let hash = document.checkpoint_hash();
    let windows = certutil(document);
    let powershell = windows
        .replace("certutil -hashfile", "Get-FileHash")
        .replace(" SHA256", " -Algorithm SHA256");
    lines.push(texts.get("readme.title").to_owned());
    paragraph(lines, texts.get("start.elsewhere"));
    paragraph(lines, texts.get("readme.where"));
    paragraph(lines, texts.get("readme.code"));
    commands(lines, &[rendering.fingerprint]);
    paragraph(lines, texts.get("check.code"));
    paragraph(lines, texts.get("readme.code_hash"));
    commands(lines, &[&hex(&hash), &grouped(&hash)]);
    paragraph(lines, texts.get("readme.code_command"));
    commands(
        lines,
        &[
            "sha256sum proof/checkpoint.txt",
            "certutil -hashfile proof\\checkpoint.txt SHA256",
        ],
    );
    paragraph(lines, texts.get("readme.code_short"));
    paragraph(lines, texts.get("readme.files"));
    commands(
        lines,
        &[
            "sha256sum -c manifest-sha256.txt && sha256sum -c tagmanifest-sha256.txt",
            "bagit.py --validate .",
        ],
    );
    paragraph(lines, texts.get("readme.files_added"));
    paragraph(lines, texts.get("readme.files_windows"));
    commands(lines, &[&windows, &powershell]);
    paragraph(lines, texts.get("readme.signatures"));
    commands(
        lines,
        &[
            "cd proof",
            &ssh_keygen(CHECKPOINT_NAMESPACE, "checkpoint.txt"),
            &ssh_keygen(BUNDLE_NAMESPACE, "bundle.txt"),
            &openssl("checkpoint.txt"),
            &openssl("bundle.txt"),
            "cd ..",
        ],
    );
    paragraph(lines, texts.get("readme.key"));
    commands(
        lines,
        &["openssl pkey -pubin -in proof/log-key.pub.pem -outform DER | tail -c 32 | sha256sum"],
    );
    if !document.stamps.is_empty() {
        paragraph(lines, texts.get("readme.stamps"));
        commands(lines, &["cd proof/time"]);
        for stamp in &document.stamps {
            commands(lines, &[&stamp.command()]);
        }
        commands(lines, &["cd ../.."]);
    }
    paragraph(lines, texts.get("readme.bundle"));
    commands(
        lines,
        &["sha256sum tagmanifest-sha256.txt", "cat proof/bundle.txt"],
    );
    paragraph(lines, texts.get("readme.entries"));
    commands(lines, &["python3 -I verify/verify.py"]);
    paragraph(lines, texts.get("readme.entries_note"));
    paragraph(lines, texts.get("readme.page"));
    paragraph(lines, texts.get("readme.all"));
    // Never the code of this bundle: it would be compared with itself.
    commands(lines, &["diary verify . --fingerprint CODE"]);
    meaning(lines, texts);
}

fn meaning(lines: &mut Vec<String>, texts: &Texts) {
    paragraph(lines, texts.get("start.meaning"));
    wrap(lines, "", texts.get("method.check"));
    paragraph(lines, &format!("{}:", texts.get("method.limits")));
    for key in report::LIMITS {
        wrap(lines, "- ", texts.get(key));
    }
}

fn ssh_keygen(namespace: &str, file: &str) -> String {
    format!("ssh-keygen -Y verify -f allowed_signers -I log -n {namespace} -s {file}.sig < {file}")
}

fn openssl(file: &str) -> String {
    format!(
        "openssl pkeyutl -verify -pubin -inkey log-key.pub.pem -rawin -in {file} \
         -sigfile {file}.rawsig"
    )
}

fn paragraph(lines: &mut Vec<String>, text: &str) {
    lines.push(String::new());
    wrap(lines, "", text);
}

/// Commands stand alone on their lines, never broken.
fn commands(lines: &mut Vec<String>, commands: &[&str]) {
    lines.extend(commands.iter().map(|command| format!("    {command}")));
}

fn wrap(lines: &mut Vec<String>, start: &str, text: &str) {
    let mut line = start.to_owned();
    let indent = " ".repeat(start.chars().count());
    for word in text.split_whitespace() {
        let blank = line.chars().count() <= start.chars().count();
        if !blank && line.chars().count() + 1 + word.chars().count() > WIDTH {
            lines.push(std::mem::replace(&mut line, indent.clone()));
        } else if !blank {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::sample::{self, FINGERPRINT};

    #[test]
    fn holds_every_command_in_each_language() {
        let document = sample::document(Language::Russian);
        let text = verify_readme(&Rendering {
            document: &document,
            fingerprint: FINGERPRINT,
        });
        let hash = document.checkpoint_hash();
        for line in [
            FINGERPRINT,
            &hex(&hash),
            &grouped(&hash),
            "sha256sum -c manifest-sha256.txt && sha256sum -c tagmanifest-sha256.txt",
            "bagit.py --validate .",
            "certutil -hashfile data\\evidence\\a-01.jpg SHA256",
            "Get-FileHash data\\evidence\\a-01.jpg -Algorithm SHA256",
            "ssh-keygen -Y verify -f allowed_signers -I log -n checkpoint@incident-diary.v1 \
             -s checkpoint.txt.sig < checkpoint.txt",
            "ssh-keygen -Y verify -f allowed_signers -I log -n bundle@incident-diary.v1 \
             -s bundle.txt.sig < bundle.txt",
            "openssl pkeyutl -verify -pubin -inkey log-key.pub.pem -rawin -in checkpoint.txt \
             -sigfile checkpoint.txt.rawsig",
            "openssl pkeyutl -verify -pubin -inkey log-key.pub.pem -rawin -in bundle.txt \
             -sigfile bundle.txt.rawsig",
            "openssl pkey -pubin -in proof/log-key.pub.pem -outform DER | tail -c 32 | sha256sum",
            "python3 -I verify/verify.py",
            "diary verify . --fingerprint CODE",
        ] {
            assert_eq!(
                text.matches(&format!("    {line}\r\n")).count(),
                3,
                "{line}"
            );
        }
        for language in Language::ALL {
            assert!(text.contains(language.texts().get("readme.title")));
        }
        assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    }

    /// A bundle compared with its own code says nothing, and looks as if it said something.
    #[test]
    fn no_command_compares_the_bundle_with_itself() {
        let document = sample::document(Language::Kazakh);
        let text = verify_readme(&Rendering {
            document: &document,
            fingerprint: FINGERPRINT,
        });
        let own = text.lines().filter(|line| line.contains(FINGERPRINT));
        assert!(own.clone().all(|line| line.trim() == FINGERPRINT));
        assert_eq!(own.count(), 3, "printed once a language");
        let words: Vec<&str> = text.split_whitespace().collect();
        let words = words.join(" ");
        for language in Language::ALL {
            assert!(words.contains(language.texts().get("check.code")));
        }
    }

    #[test]
    fn running_text_is_wrapped_and_nothing_is_lost() {
        for language in Language::ALL {
            let texts = language.texts();
            for key in ["start.elsewhere", "method.check", "limit.key"] {
                let mut lines = Vec::new();
                wrap(&mut lines, "- ", texts.get(key));
                assert!(lines.iter().all(|line| line.chars().count() <= WIDTH));
                let words = lines.join(" ");
                let words: Vec<&str> = words.split_whitespace().skip(1).collect();
                assert_eq!(words.join(" "), texts.get(key));
            }
        }
    }
}
