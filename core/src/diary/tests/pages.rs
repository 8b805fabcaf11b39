//! Pages, search and filters.

use super::*;

#[test]
fn pages_are_newest_first_and_meet_without_gap_or_overlap() {
    let mut case = Case::new();
    for i in 0..95 {
        case.add(&format!(
            r#"{{"occurred":{{"from":"2026-01-{:02}"}},"narrative":"n{i}"}}"#,
            i % 28 + 1
        ));
    }
    let mut titles = Vec::new();
    let mut after = None;
    loop {
        let query = Query {
            after,
            limit: Some(40),
            ..Query::default()
        };
        let page = case.diary().list(&query).unwrap();
        titles.extend(
            page.incidents
                .iter()
                .map(|summary| (summary.number, summary.title.clone())),
        );
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let expected: Vec<(u32, String)> = (0..95).rev().map(|i| (i + 1, format!("n{i}"))).collect();
    assert_eq!(titles, expected);
    for limit in [0, 201] {
        let query = Query {
            limit: Some(limit),
            ..Query::default()
        };
        assert!(matches!(case.diary().list(&query), Err(Error::Form(_))));
    }
}

#[test]
fn search_and_filters_find_what_they_should() {
    let mut case = Case::new();
    let one = case.add(ONE);
    case.add(TWO);
    let mut found = |query: Query| -> Vec<u32> {
        let page = case.diary().list(&query).unwrap();
        page.incidents
            .iter()
            .map(|summary| summary.number)
            .collect()
    };
    let search = |text: &str| Query {
        search: Some(text.to_owned()),
        ..Query::default()
    };
    assert_eq!(found(search("кутип ТУРДЫ")), [1]);
    assert_eq!(found(search("найду")), [1]);
    assert_eq!(found(search("canary")), [1]);
    assert_eq!(found(search("ночь звон")), [2]);
    assert!(found(search("нет такого")).is_empty());
    let behaviour = Behaviour::parse("calls").ok();
    assert_eq!(
        found(Query {
            behaviour,
            ..Query::default()
        }),
        [2]
    );
    assert_eq!(
        found(Query {
            person: Some("p1".to_owned()),
            ..Query::default()
        }),
        [1]
    );
    let day = |text: &str| When::parse(text, &SystemClock).ok();
    let period = TimeRange::new(day("2026-10-03"), day("2026-10-31")).unwrap();
    assert_eq!(
        found(Query {
            period,
            ..Query::default()
        }),
        [1]
    );

    // A change is found, and what it replaced is not.
    let changes = Changes::parse(br#"{"verbatim":["zzz"]}"#, &SystemClock).unwrap();
    case.diary().amend(&one, &changes, "because").unwrap();
    let mut found = |text: &str| case.diary().list(&search(text)).unwrap().incidents.len();
    assert_eq!((found("zzz"), found("найду"), found("because")), (1, 0, 1));
    let people = case.diary().people().unwrap();
    assert_eq!(
        (people.len(), people[0].key.as_str(), people[0].incidents),
        (1, "p1", 1)
    );
}
