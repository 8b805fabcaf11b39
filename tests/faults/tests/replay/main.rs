//! What somebody puts into today's vault who copied yesterday's: pages, cells, the log of writes, the key file; and
//! cells swapped, dropped and doubled, and files cut off at any length. It is told at unlock, when it is read, by
//! `check`, or by the token that a shell keeps outside; never silent.

#![cfg(target_os = "linux")]

mod cut_off;

use std::fs;
use std::path::Path;
use std::time::Instant;

use diary_faults::chance::spread;
use diary_faults::damage::{Counts, Outcome, Sample, shown_in};
use diary_faults::disk::{Image, image_of};
use diary_faults::player::{Player, Step};
use diary_faults::view::temporary_folder;
use diary_faults::{half_of_the_rest, number};
use rusqlite::{Connection, params};

const PAGE: usize = 4_096;

/// Yesterday's vault, what the log of writes was at each moment since, and today's.
struct Days {
    yesterday: Image,
    logs: Vec<Vec<u8>>,
    today: Sample,
}

fn days() -> Days {
    let folder = temporary_folder();
    let mut player = Player::new(folder.path(), 1);
    let vault = player.vault();
    for step in [
        Step::Create,
        // So long that the tables have grown, and need not again.
        Step::Add(8_000),
        Step::Attach(100),
        Step::Add(200),
        Step::Draft(100),
        Step::Attach(200),
        Step::Code,
        Step::Rest,
    ] {
        player.play(step).unwrap();
    }
    let (old, yesterday) = (player.state.passphrase.clone(), image_of(&vault));
    let mut logs = Vec::new();
    let mut earlier = vec![shown_in(&vault, &old)];
    for step in [
        Step::Amend,
        Step::Draft(100),
        Step::Add(50),
        Step::EraseItem,
        Step::Passphrase,
        Step::Withdraw,
        Step::Code,
    ] {
        player.play(step).unwrap();
        earlier.push(shown_in(&vault, &player.state.passphrase));
        // An erasure empties it.
        logs.extend(
            image_of(&vault)["log.db-wal"]
                .clone()
                .filter(|log| !log.is_empty()),
        );
    }
    assert!(logs.len() > 4);
    player.play(Step::Rest).unwrap();
    let new = player.state.passphrase.clone();
    player.close();
    let today = Sample::of(&vault, &[&old, &new], earlier);
    assert_eq!(
        yesterday["log.db"].as_ref().unwrap().len(),
        today.file("log.db").len()
    );
    Days {
        yesterday,
        logs,
        today,
    }
}

impl Days {
    fn old(&self, name: &str) -> &[u8] {
        self.yesterday[name].as_ref().unwrap()
    }

    /// Tries changes until the time is over, and says how many there were.
    fn each<T>(
        &self,
        title: &str,
        cases: impl IntoIterator<Item = T>,
        name: impl Fn(&T) -> String,
        change: impl Fn(&Path, &T),
    ) -> Counts {
        let (mut counts, ends) = (Counts::default(), half_of_the_rest());
        for case in cases {
            if ends.is_some_and(|ends| Instant::now() > ends) {
                break;
            }
            let what = format!("{title}: {}", name(&case));
            self.today
                .change(&mut counts, false, &what, &|vault| change(vault, &case));
        }
        println!("figures: {title}: {counts}");
        counts
    }
}

fn put(vault: &Path, name: &str, bytes: &[u8]) {
    fs::write(vault.join(name), bytes).unwrap();
}

/// Changes rows with another program.
fn with_sql(vault: &Path, change: impl Fn(&Connection)) {
    let database = Connection::open(vault.join("log.db")).unwrap();
    change(&database);
    database.close().unwrap();
}

fn cell(database: &Connection, half: u8, position: u32) -> Vec<u8> {
    let sql = format!("SELECT b FROM p{half} WHERE i = ?1");
    database
        .query_row(&sql, [position], |row| row.get(0))
        .unwrap()
}

fn set(database: &Connection, half: u8, position: u32, cell: &[u8]) {
    let sql = format!("UPDATE p{half} SET b = ?2 WHERE i = ?1");
    assert_eq!(database.execute(&sql, params![position, cell]).unwrap(), 1);
}

/// All cells of both halves.
fn cells(database: &[u8]) -> Vec<Vec<Vec<u8>>> {
    let folder = temporary_folder();
    put(folder.path(), "log.db", database);
    let database = Connection::open(folder.path().join("log.db")).unwrap();
    let count: u32 = database
        .query_row("SELECT count(*) FROM p0", [], |row| row.get(0))
        .unwrap();
    let half = |half| (0..count).map(|at| cell(&database, half, at)).collect();
    (0..2).map(half).collect()
}

#[test]
fn what_is_put_back_swapped_dropped_or_doubled_is_told() {
    let days = days();
    let (new, old) = (days.today.file("log.db"), days.old("log.db"));
    let pages = (0..new.len() / PAGE).filter(|page| {
        let page = page * PAGE..(page + 1) * PAGE;
        new[page.clone()] != old[page]
    });
    let mut all = vec![days.each(
        "a page of yesterday",
        pages,
        |page| page.to_string(),
        |vault, page| {
            let mut mixed = new.to_vec();
            let page = page * PAGE..(page + 1) * PAGE;
            mixed[page.clone()].copy_from_slice(&old[page]);
            put(vault, "log.db", &mixed);
        },
    )];

    let (now, then) = (cells(new), cells(old));
    let count = now[0].len() as u32;
    let every = || (0..2u8).flat_map(|half| (0..count).map(move |at| (half, at)));
    let name = |case: &(u8, u32)| format!("{case:?}");
    let at =
        |cells: &[Vec<Vec<u8>>], (half, at): (u8, u32)| cells[half as usize][at as usize].clone();
    let changed = every().filter(|case| at(&now, *case) != at(&then, *case));
    all.push(
        days.each("a cell of yesterday", changed, name, |vault, case| {
            with_sql(vault, |database| {
                set(database, case.0, case.1, &at(&then, *case))
            });
        }),
    );
    let pairs = |short: usize| {
        let pairs = every().flat_map(move |one| every().map(move |other| (one, other)));
        let pairs: Vec<_> = pairs
            .filter(|(one, other)| one.0 == other.0 && one != other)
            .collect();
        spread(pairs.len(), number("DIARY_FAULTS_PAIRS", short))
            .map(move |at| pairs[at])
            .collect::<Vec<_>>()
    };
    let name_pair = |case: &((u8, u32), (u8, u32))| format!("{case:?}");
    all.push(days.each(
        "two cells swapped",
        pairs(150),
        name_pair,
        |vault, (one, other)| {
            with_sql(vault, |database| {
                set(database, one.0, one.1, &at(&now, *other));
                set(database, other.0, other.1, &at(&now, *one));
            });
        },
    ));
    all.push(days.each(
        "a cell doubled over another",
        pairs(150),
        name_pair,
        |vault, (one, other)| {
            with_sql(vault, |database| {
                set(database, one.0, one.1, &at(&now, *other))
            });
        },
    ));
    all.push(
        days.each("a cell of the other half", every(), name, |vault, case| {
            let other = at(&now, (1 - case.0, case.1));
            with_sql(vault, |database| set(database, case.0, case.1, &other));
        }),
    );
    all.push(days.each(
        "the halves swapped",
        [()],
        |()| String::new(),
        |vault, ()| {
            with_sql(vault, |database| {
                every().for_each(|case| {
                    set(database, case.0, case.1, &at(&now, (1 - case.0, case.1)))
                });
            });
        },
    ));
    all.push(
        days.each("a row dropped", every(), name, |vault, (half, at)| {
            let sql = format!("DELETE FROM p{half} WHERE i = {at}");
            with_sql(vault, |database| {
                assert_eq!(database.execute(&sql, []).unwrap(), 1)
            });
        }),
    );
    all.push(days.each("a row more", every(), name, |vault, case| {
        let sql = format!("INSERT INTO p{}(i, b) VALUES ({count}, ?1)", case.0);
        let cell = at(&now, *case);
        with_sql(vault, |database| {
            assert_eq!(database.execute(&sql, [&cell]).unwrap(), 1)
        });
    }));
    // A sealed file of yesterday that was erased since, under the name of another.
    let kept = days.today.evidence(0);
    let erased = |name: &&String| {
        name.starts_with("evidence/") && !days.today.has(name) && days.yesterday[*name].is_some()
    };
    let erased = days.yesterday.keys().find(erased).expect("one was erased");
    let swapped = days.each(
        "a sealed file for another",
        [()],
        |()| String::new(),
        |vault, ()| {
            put(vault, kept, days.old(erased));
        },
    );
    assert_eq!(swapped.of(Outcome::WhenRead), 1, "{swapped}");
    all.push(swapped);
    all.iter().for_each(Counts::hold);
    // Under its own name nothing shows it: its words and its key are gone.
    let back = days.each(
        "an erased file put back",
        [()],
        |()| String::new(),
        |vault, ()| {
            put(vault, erased, days.old(erased));
        },
    );
    back.hold();
    // Something was told of each kind, so each kind was really done.
    assert!(
        all.iter()
            .all(|counts| counts.total() > counts.of(Outcome::Unaffected))
    );
}

#[test]
fn a_log_of_writes_or_a_key_file_of_another_moment_is_told() {
    let days = days();
    let logs = || 0..days.logs.len();
    let mut all = vec![days.each(
        "a log of writes of another moment",
        logs(),
        |log| log.to_string(),
        |vault, log| put(vault, "log.db-wal", &days.logs[*log]),
    )];
    let longest = days.logs.iter().max_by_key(|log| log.len()).unwrap();
    let lengths = || spread(longest.len(), number("DIARY_FAULTS_LENGTHS", 60));
    all.push(days.each(
        "one cut off",
        lengths(),
        |length| length.to_string(),
        |vault, length| put(vault, "log.db-wal", &longest[..*length]),
    ));
    all.push(days.each(
        "one over yesterday's log",
        logs(),
        |log| log.to_string(),
        |vault, log| {
            put(vault, "log.db", days.old("log.db"));
            put(vault, "log.db-wal", &days.logs[*log]);
        },
    ));
    let header = |vault: &Path, (first, second): (&[u8], &[u8])| {
        put(vault, "header", &[&first[..PAGE], &second[PAGE..]].concat());
    };
    let (old, new) = (days.old("header"), days.today.file("header"));
    assert_ne!(old, new);
    all.push(days.each(
        "yesterday's key file, whole or one block",
        [(old, old), (old, new), (new, old)],
        |_| String::new(),
        |vault, blocks| header(vault, *blocks),
    ));
    all.push(days.each(
        "yesterday's log, today's key file",
        [()],
        |()| String::new(),
        |vault, ()| {
            put(vault, "log.db", days.old("log.db"));
        },
    ));
    all.push(days.each(
        "all of yesterday",
        [()],
        |()| String::new(),
        |vault, ()| {
            put(vault, "log.db", days.old("log.db"));
            put(vault, "header", old);
        },
    ));
    all.iter().for_each(Counts::hold);
    // The token tells, and so does the file that was erased since.
    let last = all.last().unwrap();
    assert_eq!(last.of(Outcome::ByToken) + last.of(Outcome::WhenRead), 1);
}
