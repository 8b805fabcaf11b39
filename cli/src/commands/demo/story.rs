//! `story.json` in the folder of the samples: what happened, step by step.

use std::fs;
use std::path::{Component, Path, PathBuf};

use diary_core::incident::How;
use serde_json::Value;

use crate::exit::{Failure, reason};

/// The steps, and the folder their files are in.
pub(super) struct Story {
    /// In order.
    pub(super) steps: Vec<Step>,
    folder: PathBuf,
}

/// One step. Incidents are meant by their number, from 1.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Step {
    /// An incident is written down.
    Add { file: String },
    /// A file is kept with an incident.
    Attach {
        incident: u32,
        file: String,
        how: Option<How>,
        note: Option<String>,
    },
    /// An incident is corrected or added to.
    Amend {
        incident: u32,
        file: String,
        reason: String,
    },
    /// An incident is withdrawn.
    Withdraw { incident: u32, reason: String },
}

impl Story {
    /// Reads `story.json`.
    pub(super) fn read(folder: &Path) -> Result<Self, Failure> {
        let bytes = fs::read(folder.join("story.json")).map_err(|error| {
            Failure::cannot(format!(
                "the samples: story.json: {}: give their folder with --samples",
                reason(&error)
            ))
        })?;
        let steps = serde_json::from_slice(&bytes).ok().as_ref().and_then(steps);
        let steps = steps.ok_or_else(|| {
            Failure::cannot(
                "the samples: story.json is not of the form: use the one that came \
                             with the program",
            )
        })?;
        Ok(Self {
            steps,
            folder: folder.to_owned(),
        })
    }

    /// The bytes of a file of the samples.
    pub(super) fn file(&self, name: &str) -> Result<Vec<u8>, Failure> {
        fs::read(self.path(name)?).map_err(|error| {
            Failure::cannot(format!("its file: {}: check the samples", reason(&error)))
        })
    }

    /// Where a file of the samples lies: below their folder.
    pub(super) fn path(&self, name: &str) -> Result<PathBuf, Failure> {
        let is_below = Path::new(name)
            .components()
            .all(|component| matches!(component, Component::Normal(_)));
        if !is_below || name.is_empty() {
            return Err(Failure::cannot(
                "its file lies outside of the samples: check story.json",
            ));
        }
        Ok(self.folder.join(name))
    }
}

fn steps(story: &Value) -> Option<Vec<Step>> {
    if story.get("format")?.as_u64()? != 1 {
        return None;
    }
    story.get("steps")?.as_array()?.iter().map(step).collect()
}

fn step(value: &Value) -> Option<Step> {
    let members = value.as_object().filter(|members| members.len() == 1)?;
    let (kind, step) = members.iter().next()?;
    let text = |name: &str| step.get(name)?.as_str().map(str::to_owned);
    let incident = || u32::try_from(step.get("incident")?.as_u64()?).ok();
    Some(match kind.as_str() {
        "add" => Step::Add {
            file: step.as_str()?.to_owned(),
        },
        "attach" => Step::Attach {
            incident: incident()?,
            file: text("file")?,
            how: match step.get("how") {
                Some(code) => Some(how(code.as_str()?)?),
                None => None,
            },
            note: text("note"),
        },
        "amend" => Step::Amend {
            incident: incident()?,
            file: text("file")?,
            reason: text("reason")?,
        },
        "withdraw" => Step::Withdraw {
            incident: incident()?,
            reason: text("reason")?,
        },
        _ => return None,
    })
}

fn how(code: &str) -> Option<How> {
    How::ALL.iter().copied().find(|how| how.code() == code)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn reads_each_kind_of_step() {
        let story = json!({"format": 1, "steps": [
            {"add": "01-calls.json"},
            {"attach": {"incident": 1, "file": "evidence/x.png", "how": "screenshot", "note": "n"}},
            {"amend": {"incident": 1, "file": "amendments/01.json", "reason": "r"}},
            {"withdraw": {"incident": 4, "reason": "r"}},
        ]});
        let steps = steps(&story).unwrap();
        assert_eq!(steps.len(), 4);
        assert_eq!(
            steps.first(),
            Some(&Step::Add {
                file: "01-calls.json".to_owned()
            })
        );
        assert!(
            matches!(&steps[1], Step::Attach { how: Some(how), .. } if how.code() == "screenshot")
        );
    }

    #[test]
    fn refuses_what_is_not_of_the_form() {
        for story in [
            json!({"format": 2, "steps": []}),
            json!({"format": 1}),
            json!({"format": 1, "steps": [{"dance": {}}]}),
            json!({"format": 1, "steps": [{"add": "x", "withdraw": {}}]}),
            json!({"format": 1, "steps": [{"withdraw": {"incident": -1, "reason": "r"}}]}),
            json!({"format": 1, "steps": [
                {"attach": {"incident": 1, "file": "x", "how": "nonsense"}}
            ]}),
        ] {
            assert_eq!(steps(&story), None, "{story}");
        }
    }

    #[test]
    fn files_outside_of_the_samples_are_refused() {
        let story = Story {
            steps: Vec::new(),
            folder: PathBuf::from("samples"),
        };
        for name in ["", "/etc/passwd", "../x", "a/../../x"] {
            assert!(story.path(name).is_err(), "{name}");
        }
        assert_eq!(
            story.path("evidence/x.png").unwrap(),
            Path::new("samples/evidence/x.png")
        );
    }
}
