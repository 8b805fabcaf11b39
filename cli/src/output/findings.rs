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

/// The findings for people, the bad ones first.
pub(crate) fn text(findings: &[Finding]) -> String {
    let rows: Vec<Vec<String>> = [Level::Failure, Level::Warning, Level::Ok]
        .into_iter()
        .flat_map(|level| findings.iter().filter(move |found| found.level == level))
        .map(|finding| {
            vec![
                finding.level.name().to_owned(),
                finding.check.name().to_owned(),
                escape_for_display(&finding.subject),
                escape_for_display(&finding.detail),
            ]
        })
        .collect();
    text::table(&rows)
}
