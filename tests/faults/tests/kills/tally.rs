//! What was killed, and where in its time.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::mem::{Discriminant, discriminant};
use std::time::Duration;

use diary_faults::chance::Chance;
use diary_faults::player::Step;

/// In what time after its beginning a step is killed, at least.
const SHORT: Duration = Duration::from_millis(8);

#[derive(Default)]
pub struct Tally {
    pub cycles: usize,
    /// Killed before the first step.
    pub opening: usize,
    pub done: usize,
    /// What was cut off is not there, or is there.
    pub before: usize,
    pub after: usize,
    /// It had done everything before it was killed.
    pub ended: usize,
    pub wrong: Vec<String>,
    /// How long a step took when it was last done.
    took: HashMap<Discriminant<Step>, Duration>,
    /// Of each kind: cut off before what it makes is there under its name, and after.
    steps: BTreeMap<String, [usize; 2]>,
}

impl Tally {
    pub fn kills(&self) -> usize {
        self.cycles - self.ended
    }

    pub fn took(&mut self, step: Step, time: Duration) {
        self.took.insert(discriminant(&step), time);
    }

    /// A moment after its beginning: in an export or a backup that is anywhere from its first call to after its last.
    pub fn within(&self, step: Option<Step>, chance: &mut Chance) -> Duration {
        let took = step.and_then(|step| self.took.get(&discriminant(&step)));
        let whole = took.map_or(SHORT, |took| SHORT.max(*took * 5 / 4));
        whole * chance.below(1_000) as u32 / 1_000
    }

    pub fn cut_off(&mut self, step: Step, there: bool) {
        let name = format!("{step:?}");
        let name = name.split('(').next().unwrap_or_default();
        self.steps.entry(name.to_owned()).or_default()[usize::from(there)] += 1;
    }

    /// Of each kind of step, how often it was cut off before what it makes is there, and after.
    pub fn by_step(&self) -> String {
        let step = |(name, [before, after]): (&String, &[usize; 2])| {
            format!("{name} {before} before and {after} after")
        };
        let steps: Vec<String> = self.steps.iter().map(step).collect();
        format!("cut off by what they make: {}", steps.join(", "))
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} kills ({} of them while it was opened), {} steps acknowledged, {} cut off ({} of them not there, {} there), \
             {} ended before; {} wrong",
            self.kills(),
            self.opening,
            self.done,
            self.before + self.after,
            self.before,
            self.after,
            self.ended,
            self.wrong.len()
        )
    }
}
