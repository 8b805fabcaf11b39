//! Which figures there are, and the table of them.

use std::time::Duration;

use crate::measure::Usage;

/// One line of the table: a piece of work of ours against others.
pub struct Figure {
    pub part: &'static str,
    pub what: &'static str,
    /// Incidents, or bytes of evidence.
    pub size: u64,
    pub bytes: bool,
    pub ours: &'static str,
    /// Taken off ours before it is compared.
    pub without: &'static [&'static str],
    /// Together the comparator; none: a figure only.
    pub theirs: &'static [&'static str],
    pub budget: Option<Budget>,
    /// Takes long: fewer runs.
    pub long: bool,
}

/// What a figure may be at most.
#[derive(Clone, Copy)]
pub enum Budget {
    /// CPU time as a ratio to the comparator.
    Ratio(f64),
    /// CPU time in milliseconds.
    Milliseconds(f64),
}

/// One run.
pub struct Times {
    pub ours: Usage,
    pub without: Vec<Usage>,
    pub theirs: Vec<Usage>,
}

const MIB: u64 = 1 << 20;

pub fn figures(quick: bool) -> Vec<Figure> {
    let sizes: &[u64] = if quick {
        &[1_000, 10_000]
    } else {
        &[1_000, 10_000, 100_000]
    };
    let largest = sizes[sizes.len() - 1];
    let files: &[u64] = if quick {
        &[64 * MIB]
    } else {
        &[256 * MIB, 1_024 * MIB]
    };
    let file = files[files.len() - 1];
    let of = |part, what, size, ours, theirs, budget| Figure {
        part,
        what,
        size,
        bytes: false,
        ours,
        without: &[],
        theirs,
        budget,
        long: size > 10_000,
    };
    let mut figures = Vec::new();
    // The budget is for what comes after the derivation of the key, however cheap that is here.
    let without: &[&str] = &["kdf"];
    for size in sizes.iter().copied() {
        let line = |what, theirs, budget| Figure {
            without,
            ..of("newest", what, size, "newest", theirs, budget)
        };
        let most = Some(Budget::Ratio(3.0));
        figures.push(line("open, newest 50, close", &["newest-plain"], most));
        figures.push(line("same, rows not parsed", &["newest-rows"], None));
    }
    for size in sizes.iter().copied() {
        let most = Some(Budget::Ratio(2.0));
        figures.push(of(
            "all",
            "open, list all, close",
            size,
            "all",
            &["all-plain"],
            most,
        ));
        figures.push(of(
            "all",
            "same, rows not parsed",
            size,
            "all",
            &["all-rows"],
            None,
        ));
    }
    for size in sizes.iter().copied().filter(|size| *size > 1_000) {
        let warm = (size == 10_000).then_some(Budget::Milliseconds(50.0));
        figures.push(of(
            "search",
            "search, cold",
            size,
            "search-cold",
            &["search-cold-plain"],
            None,
        ));
        figures.push(of(
            "search",
            "search, warm",
            size,
            "search-warm",
            &["search-warm-plain"],
            warm,
        ));
    }
    figures.push(of(
        "large",
        "export one incident",
        largest,
        "export-one",
        &[],
        None,
    ));
    figures.push(of("large", "check", largest, "check", &[], None));
    // Last, since it adds to what the others read.
    let most = Some(Budget::Ratio(2.0));
    for size in sizes.iter().copied() {
        figures.push(of(
            "record",
            "one durable record",
            size,
            "record",
            &["record-plain"],
            most,
        ));
    }

    let file_figure = |part, what, size, ours, theirs, budget| Figure {
        bytes: true,
        long: size > 256 * MIB,
        ..of(part, what, size, ours, theirs, budget)
    };
    for size in files.iter().copied() {
        let most = |ratio| Some(Budget::Ratio(ratio));
        figures.push(file_figure(
            "intake",
            "intake / cp + sync",
            size,
            "intake",
            &["cp"],
            most(5.0),
        ));
        let sealed: &[&str] = &["dgst", "age"];
        figures.push(file_figure(
            "intake",
            "intake / openssl + age",
            size,
            "intake",
            sealed,
            most(1.0),
        ));
    }
    let copied: &[&str] = &["cp", "dgst"];
    figures.push(Figure {
        without: &["unseal"],
        ..file_figure(
            "bundle",
            "export - unsealing / cp + openssl",
            file,
            "export",
            copied,
            Some(Budget::Ratio(1.3)),
        )
    });
    let most = Some(Budget::Ratio(1.2));
    figures.push(file_figure(
        "bundle",
        "verify / openssl",
        file,
        "verify",
        &["dgst-bundle"],
        most,
    ));
    for size in sizes.iter().copied() {
        figures.push(of(
            "rotate",
            "rotate / list all",
            size,
            "rotate",
            &["all"],
            Some(Budget::Ratio(3.0)),
        ));
    }
    for size in files.iter().copied() {
        for (what, ours) in [
            ("backup / cp", "backup"),
            ("second one in a folder / cp", "backup-again"),
            ("restore / cp", "restore"),
        ] {
            figures.push(file_figure("backup", what, size, ours, &["cp"], None));
        }
    }
    figures.push(of(
        "report",
        "report, 20 photos",
        200,
        "report",
        &[],
        Some(Budget::Milliseconds(500.0)),
    ));
    figures.push(of(
        "report",
        "report, 20 photos / of 200",
        1_000,
        "report",
        &["report-200"],
        Some(Budget::Ratio(6.0)),
    ));
    figures
}

pub fn head() {
    println!("CPU and wall time in ms, least / median over the runs; peak memory in MiB");
    println!(
        "{:<34} {:>9} {:>19} {:>15} {:>19} {:>15} {:>13} {:>11} {:>11}  budget",
        "", "size", "ours CPU", "wall", "theirs CPU", "wall", "CPU ratio", "wall ratio", "peak"
    );
}

/// Most MiB that a process may take, all of it: what was there before, some 8, and the photos or buffers
/// are in it. Unlike times it is the same under any load, so that one more ends the run.
fn memory(figure: &Figure) -> Option<f64> {
    match (figure.ours, figure.size) {
        ("intake", _) => Some(16.0),
        ("export", _) => Some(32.0),
        ("report", 200) => Some(64.0),
        _ => None,
    }
}

pub fn line(figure: &Figure, runs: &[Times]) {
    let ours = Series::of(runs, |run| {
        minus(run.ours.cpu, run.without.iter().map(|u| u.cpu).sum())
    });
    let ours_wall = Series::of(runs, |run| {
        minus(run.ours.wall, run.without.iter().map(|u| u.wall).sum())
    });
    let theirs = Series::of(runs, |run| sum(&run.theirs, |usage| usage.cpu));
    let theirs_wall = Series::of(runs, |run| sum(&run.theirs, |usage| usage.wall));
    let peak = |of: &dyn Fn(&Times) -> u64| runs.iter().map(of).max().unwrap_or(0) as f64 / 1_024.0;
    let our_peak = peak(&|run| run.ours.peak);
    let their_peak = peak(&|run| run.theirs.iter().map(|usage| usage.peak).max().unwrap_or(0));
    let size = match figure.bytes {
        true => format!("{} MiB", figure.size / MIB),
        false => figure.size.to_string(),
    };
    let compared = !figure.theirs.is_empty();
    let or_none = |text: String| if compared { text } else { "-".to_owned() };
    let ratio = ours.over(&theirs);
    let budget = match figure.budget {
        None => String::new(),
        Some(Budget::Ratio(most)) => format!("{most} x{}", over(ratio.median, most)),
        Some(Budget::Milliseconds(most)) => format!("{most} ms{}", over(ours.median, most)),
    };
    println!(
        "{:<34} {:>9} {:>19} {:>15} {:>19} {:>15} {:>13} {:>11} {:>11}  {budget}",
        figure.what,
        size,
        ours.show(),
        ours_wall.show(),
        or_none(theirs.show()),
        or_none(theirs_wall.show()),
        or_none(format!("{:.2} / {:.2}", ratio.least, ratio.median)),
        or_none(format!("{:.2}", ours_wall.over(&theirs_wall).median)),
        if compared {
            format!("{our_peak:.0} / {their_peak:.0}")
        } else {
            format!("{our_peak:.0}")
        },
    );
    let most = memory(figure).unwrap_or(f64::INFINITY);
    assert!(our_peak <= most, "over its budget of {most} MiB");
}

fn over(figure: f64, most: f64) -> &'static str {
    if figure > most { ", over budget" } else { "" }
}

fn minus(ours: Duration, without: Duration) -> Duration {
    ours.saturating_sub(without)
}

fn sum(usages: &[Usage], of: impl Fn(&Usage) -> Duration) -> Duration {
    usages.iter().map(of).sum()
}

/// One number a run, in milliseconds or as a ratio.
struct Series {
    all: Vec<f64>,
    least: f64,
    median: f64,
}

impl Series {
    fn of(runs: &[Times], of: impl Fn(&Times) -> Duration) -> Self {
        Self::new(
            runs.iter()
                .map(|run| of(run).as_secs_f64() * 1_000.0)
                .collect(),
        )
    }

    fn new(all: Vec<f64>) -> Self {
        let mut sorted = all.clone();
        sorted.sort_by(f64::total_cmp);
        Self {
            least: sorted.first().copied().unwrap_or(0.0),
            median: sorted.get(sorted.len() / 2).copied().unwrap_or(0.0),
            all,
        }
    }

    /// Run by run, since both sides of a run had the same neighbours.
    fn over(&self, other: &Self) -> Self {
        Self::new(
            self.all
                .iter()
                .zip(&other.all)
                .map(|(ours, theirs)| ours / theirs)
                .collect(),
        )
    }

    fn show(&self) -> String {
        let digits = if self.median < 10.0 { 3 } else { 0 };
        format!("{:.digits$} / {:.digits$}", self.least, self.median)
    }
}
