//! What the library costs, as ratios to plain SQLite, `cp`, `openssl` and `age`, measured
//! interleaved in the same run. Run it with `tests/bench`. It decides nothing: machines differ, and
//! it ends well whatever the figures are.

#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]
#![allow(
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    unreachable_pub
)]

mod keys;
mod measure;
mod plain;
mod report;
mod tasks;
mod texts;

use std::path::Path;
use std::process::{Command, Stdio};

use self::measure::Usage;
use self::report::{Figure, Times};
use self::tasks::Place;

const PARTS: [&str; 12] = [
    "newest", "record", "all", "search", "intake", "bundle", "report", "large", "guess", "rotate",
    "backup", "unlock",
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // `cargo bench` adds `--bench`.
    let arguments: Vec<&str> = arguments
        .iter()
        .map(String::as_str)
        .filter(|a| *a != "--bench")
        .collect();
    match arguments.as_slice() {
        ["sample", name, root, size] => {
            let place = Place { root: root.into() };
            tasks::run(name, &place, size.parse().unwrap()).print();
        }
        ["--list"] => PARTS.iter().for_each(|part| println!("{part}")),
        _ => bench(&arguments),
    }
}

fn bench(arguments: &[&str]) {
    let quick = arguments.contains(&"--quick");
    let parts: Vec<&str> = arguments
        .iter()
        .copied()
        .filter(|a| *a != "--quick")
        .collect();
    if let Some(unknown) = parts.iter().find(|part| !PARTS.contains(part)) {
        eprintln!("no part `{unknown}`; there are: {}", PARTS.join(" "));
        std::process::exit(2);
    }
    let wanted = |part: &str| parts.is_empty() || parts.contains(&part);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (runs, figures) = (if quick { 2 } else { 5 }, report::figures(quick));
    let figures: Vec<Figure> = figures
        .into_iter()
        .filter(|figure| wanted(figure.part))
        .collect();
    make(folder.path(), &figures);
    report::head();
    for figure in &figures {
        let runs = if figure.long { runs.min(3) } else { runs };
        report::line(figure, &measured(folder.path(), figure, runs));
    }
    if wanted("unlock") {
        keys::unlocks(folder.path());
    }
    if wanted("guess") {
        guesses(folder.path());
    }
}

/// How many passphrases can be tried here in a second, on every core at once.
fn guesses(root: &Path) {
    for (name, cost) in [
        ("guess-floor", "at the floor"),
        ("guess-default", "as chosen here"),
    ] {
        let usage = sample(root, name, 0);
        let (cpu, wall) = (usage.cpu.as_secs_f64(), usage.wall.as_secs_f64());
        println!(
            "guesses {cost}: {:.1} a second on all cores; {:.0} ms CPU each; {} MiB",
            1.0 / wall,
            cpu * 1_000.0,
            usage.peak / 1_024
        );
    }
}

/// Makes what the figures need, once.
fn make(root: &Path, figures: &[Figure]) {
    let incidents = |figure: &&Figure| !figure.bytes && figure.part != "report";
    let most = || {
        let sizes = figures.iter().filter(incidents);
        sizes.map(|figure| figure.size).max()
    };
    if let Some(most) = most() {
        let usage = sample(root, "make-vault", most);
        let each = usage.wall.as_micros() as f64 / 1_000.0 / most as f64;
        let (cpu, wall) = (usage.cpu.as_secs_f64(), usage.wall.as_secs_f64());
        println!(
            "{most} incidents recorded one by one: {wall:.0} s ({each:.2} ms each), CPU {cpu:.0} s"
        );
        let mut sizes: Vec<u64> = figures.iter().filter(incidents).map(|f| f.size).collect();
        sizes.sort_unstable();
        sizes.dedup();
        for size in sizes {
            sample(root, "make-plain", size);
        }
    }
    let mut sizes: Vec<u64> = figures.iter().filter(|f| f.bytes).map(|f| f.size).collect();
    sizes.sort_unstable();
    sizes.dedup();
    for size in sizes {
        sample(root, "make-original", size);
        if figures
            .iter()
            .any(|figure| figure.part == "bundle" && figure.size == size)
        {
            sample(root, "make-item", size);
        }
    }
    for figure in figures.iter().filter(|figure| figure.part == "report") {
        sample(root, "make-photos", figure.size);
    }
    if figures.iter().any(|figure| figure.bytes) {
        let made = "age-keygen -o \"$1/age.key\" 2>/dev/null && age-keygen -y \"$1/age.key\" >\"$1/age.pub\"";
        Usage::of_shell(made, &[root]);
    }
}

/// Every piece of work of a figure, one after the other, so often.
fn measured(root: &Path, figure: &Figure, runs: usize) -> Vec<Times> {
    let all = |names: &[&str]| -> Vec<Usage> {
        names
            .iter()
            .map(|name| sample(root, name, figure.size))
            .collect()
    };
    (0..runs)
        .map(|_| Times {
            ours: all(&[figure.ours])[0],
            without: all(figure.without),
            theirs: all(figure.theirs),
        })
        .collect()
}

/// Runs a piece of work in a process of its own.
fn sample(root: &Path, name: &str, size: u64) -> Usage {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["sample", name])
        .arg(root)
        .arg(size.to_string())
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    Usage::parse(&text).unwrap_or_else(|| panic!("{name} {size}: {}", output.status))
}
