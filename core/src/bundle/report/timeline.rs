//! The incidents over time, drawn: a column a month, or a year where that would be too many.

use std::collections::BTreeMap;

use super::blocks::{Block, Timeline};
use crate::bundle::texts::Texts;

/// More columns than this cannot be told apart on paper.
const MOST: usize = 36;

/// Nothing where there is nothing to compare, or where even the years are too many.
pub(super) fn timeline(
    texts: &Texts,
    months: &BTreeMap<&str, u64>,
    refusal: Option<&str>,
) -> Vec<Block> {
    let Some(columns) = by_month(months).or_else(|| by_year(months)) else {
        return Vec::new();
    };
    let mark = refusal.and_then(|day| {
        let is_of = |(label, _): &(String, u64)| day.starts_with(label.as_str());
        let at = columns.iter().position(is_of)?;
        let said = format!("{}: {day}", texts.get("conduct.refusal_first"));
        Some((at, said))
    });
    let filled = columns.iter().filter(|(_, count)| *count > 0);
    let counts: Vec<String> = filled
        .map(|(label, count)| format!("{label}: {count}"))
        .collect();
    let mut description = format!("{}. {}.", texts.get("timeline.heading"), counts.join(", "));
    if let Some((_, said)) = &mark {
        description.push_str(&format!(" {said}."));
    }
    vec![
        Block::heading(texts, 3, "timeline.heading"),
        Block::Timeline(Timeline {
            description,
            columns,
            mark,
        }),
    ]
}

/// Every month from the first to the last, if there are two to thirty-six.
fn by_month(months: &BTreeMap<&str, u64>) -> Option<Vec<(String, u64)>> {
    let index = |month: &str| {
        let (year, month) = month.split_once('-')?;
        let (year, month) = (year.parse::<usize>().ok()?, month.parse::<usize>().ok()?);
        Some(year * 12 + month.checked_sub(1)?)
    };
    let first = index(months.first_key_value()?.0)?;
    let last = index(months.last_key_value()?.0)?;
    columns(first, last, |at| {
        let label = format!("{:04}-{:02}", at / 12, at % 12 + 1);
        let count = months.get(label.as_str()).copied().unwrap_or_default();
        (label, count)
    })
}

fn by_year(months: &BTreeMap<&str, u64>) -> Option<Vec<(String, u64)>> {
    let year = |month: &str| month.get(..4)?.parse::<usize>().ok();
    let first = year(months.first_key_value()?.0)?;
    let last = year(months.last_key_value()?.0)?;
    columns(first, last, |at| {
        let label = format!("{at:04}");
        let of_year = months.iter().filter(|(month, _)| month.starts_with(&label));
        let count = of_year.map(|(_, count)| *count).sum();
        (label, count)
    })
}

fn columns(
    first: usize,
    last: usize,
    column: impl FnMut(usize) -> (String, u64),
) -> Option<Vec<(String, u64)>> {
    let count = last.checked_sub(first)? + 1;
    (2..=MOST)
        .contains(&count)
        .then(|| (first..=last).map(column).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(months: &[&str]) -> Option<Vec<String>> {
        let months: BTreeMap<&str, u64> = months.iter().map(|month| (*month, 2)).collect();
        let columns = by_month(&months).or_else(|| by_year(&months))?;
        Some(columns.into_iter().map(|(label, _)| label).collect())
    }

    #[test]
    fn every_month_between_has_its_column() {
        let all = ["2025-11", "2025-12", "2026-01", "2026-02"].map(str::to_owned);
        assert_eq!(labels(&["2025-11", "2026-02"]), Some(all.into()));
    }

    #[test]
    fn many_months_become_years_and_many_years_nothing() {
        let years = ["2022", "2023", "2024", "2025", "2026"].map(str::to_owned);
        assert_eq!(labels(&["2022-12", "2026-01"]), Some(years.into()));
        assert_eq!(labels(&["0001-01", "9999-12"]), None);
        assert_eq!(labels(&["2026-01"]), None);
        assert_eq!(labels(&[]), None);
        assert_eq!(labels(&["2026-00", "2026-99"]), None);
    }
}
