//! What a check of a bundle or of a vault found.

use diary_core::bundle::{Finding, Level};
use diary_core::display::escape_for_display;
use serde_json::{Value, json};

use super::text;

/// The findings for programs.
pub(crate) fn json(findings: &[Finding]) -> Value {
    findings
        .iter()
        .map(|finding| {
            json!({
                "check": finding.check.name(),
                "level": finding.level.name(),
                "subject": finding.subject,
                "detail": finding.detail,
            })
        })
        .collect()
}

/// The findings for people, the bad ones first; what is as it must be in many places is one line.
pub(crate) fn text(findings: &[Finding]) -> String {
    let mut rows: Vec<Vec<String>> = [Level::Failure, Level::Warning]
        .into_iter()
        .flat_map(|level| findings.iter().filter(move |found| found.level == level))
        .map(|finding| row(finding, escape_for_display(&finding.subject)))
        .collect();
    let good: Vec<&Finding> = findings
        .iter()
        .filter(|found| found.level == Level::Ok)
        .collect();
    let same = |a: &&Finding, b: &&Finding| a.check == b.check && a.detail == b.detail;
    for alike in good.chunk_by(same) {
        let Some((first, others)) = alike.split_first() else {
            continue;
        };
        let mut subject = escape_for_display(&first.subject);
        if !others.is_empty() {
            subject.push_str(&format!(" and {} more", others.len()));
        }
        rows.push(row(first, subject));
    }
    text::table(&rows)
}

fn row(finding: &Finding, subject: String) -> Vec<String> {
    vec![
        finding.level.name().to_owned(),
        finding.check.name().to_owned(),
        subject,
        escape_for_display(&finding.detail),
    ]
}

#[cfg(test)]
mod tests {
    use diary_core::bundle::Check;

    use super::*;

    #[test]
    fn the_bad_comes_first_and_the_good_is_gathered() {
        let found = [
            Finding::new(Check::Entry, Level::Ok, "1-aaaa", "unchanged"),
            Finding::new(Check::Entry, Level::Ok, "2-bbbb", "unchanged"),
            Finding::new(Check::Entry, Level::Failure, "3-cccc", "changed"),
            Finding::new(Check::Reports, Level::Ok, "start.html", "unchanged"),
        ];
        assert_eq!(
            text(&found),
            "failure  entry    3-cccc             changed\n\
             ok       entry    1-aaaa and 1 more  unchanged\n\
             ok       reports  start.html         unchanged\n"
        );
    }
}
