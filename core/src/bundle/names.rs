//! The names of all files of a container together.

use std::collections::BTreeSet;

use super::fault::{ContainerError, Fault, Refusal};
use super::path::{BundlePath, is_renamed_top, is_system_file};

/// Files without which nobody means a bundle.
const MARKS: [&str; 3] = ["bagit.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt"];

/// Checked names.
pub(super) struct Names {
    /// Name of the top folder, if the files lie in one.
    pub(super) top: Option<String>,
    /// The path of each file inside the top folder, in the order given.
    pub(super) paths: Vec<BundlePath>,
}

impl Names {
    /// Checks the names of a ZIP file's entries; those of folders end with a slash. The files
    /// may lie in a top folder of any name or, zipped from inside, in none.
    pub(super) fn in_zip<'a>(
        all: impl Iterator<Item = &'a str> + Clone,
    ) -> Result<Self, ContainerError> {
        let has_top = !all.clone().any(|name| MARKS.contains(&name));
        let is_bundle = all.clone().any(|name| {
            let (_, inside) = name.split_once('/').unwrap_or_default();
            MARKS.contains(&inside)
        });
        if has_top && !is_bundle {
            return Err(ContainerError::NotABundle);
        }
        check_single(all.clone())?;
        match has_top {
            true => in_top_folder(all),
            false => Ok(without_top(all)?),
        }
    }

    /// Checks the names of what a folder holds, from that folder on.
    pub(super) fn in_folder<'a>(
        all: impl Iterator<Item = &'a str> + Clone,
    ) -> Result<Self, ContainerError> {
        if !all.clone().any(|name| MARKS.contains(&name)) {
            return Err(ContainerError::NotABundle);
        }
        check_single(all.clone())?;
        Ok(without_top(all)?)
    }
}

/// No name of the operating system, none twice.
fn check_single<'a>(all: impl Iterator<Item = &'a str>) -> Result<(), Refusal> {
    let mut seen = BTreeSet::new();
    for name in all {
        if is_system_file(name) {
            return Err(Fault::SystemFile.at(name));
        }
        // Windows and macOS take names that differ in case only for one.
        if !seen.insert(name.to_lowercase()) {
            return Err(Fault::Duplicate.at(name));
        }
    }
    Ok(())
}

fn in_top_folder<'a>(all: impl Iterator<Item = &'a str> + Clone) -> Result<Names, ContainerError> {
    let mut names = all.clone().filter_map(|name| name.split_once('/'));
    let top = names.next().map(|(top, _)| top).unwrap_or_default();
    if !is_renamed_top(top) {
        return Err(Fault::TopFolder.at(top).into());
    }
    let mut inside = Vec::new();
    for name in all {
        match name.split_once('/') {
            Some((first, "")) if first == top => {} // the top folder's own entry
            Some((first, rest)) if first == top => inside.push(rest),
            _ => return Err(Fault::SeveralTopFolders.at(name).into()),
        }
    }
    let names = without_top(inside.iter().copied())?;
    Ok(Names {
        top: Some(top.to_owned()),
        ..names
    })
}

fn without_top<'a>(all: impl Iterator<Item = &'a str> + Clone) -> Result<Names, Refusal> {
    let mut paths = Vec::new();
    for name in all.clone().filter(|name| !name.ends_with('/')) {
        paths.push(BundlePath::parse(name).map_err(|_| Fault::Name.at(name))?);
    }
    let folders: BTreeSet<&str> = paths.iter().flat_map(BundlePath::folders).collect();
    if let Some(path) = paths.iter().find(|path| folders.contains(path.as_str())) {
        return Err(Fault::FileOrFolder.at(path));
    }
    for name in all {
        if let Some(folder) = name.strip_suffix('/')
            && !folders.contains(folder)
        {
            let is_named_well = BundlePath::parse(folder).is_ok();
            return Err(match is_named_well {
                true => Fault::EmptyFolder.at(name),
                false => Fault::Name.at(name),
            });
        }
    }
    Ok(Names { top: None, paths })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_zip(all: &[&str]) -> Result<Names, ContainerError> {
        Names::in_zip(all.iter().copied())
    }

    fn fault(all: &[&str]) -> Option<Fault> {
        in_zip(all).err().and_then(|error| error.fault())
    }

    #[test]
    fn a_top_folder_of_any_name_or_none_is_taken_off() {
        for (top, all) in [
            (Some("e"), &["e/bagit.txt", "e/data/a"][..]),
            (
                Some("Дело 15"),
                &[
                    "Дело 15/",
                    "Дело 15/bagit.txt",
                    "Дело 15/data/",
                    "Дело 15/data/a",
                ],
            ),
            (None, &["bagit.txt", "data/", "data/a"]),
        ] {
            let names = in_zip(all).unwrap();
            assert_eq!(names.top.as_deref(), top);
            let paths: Vec<_> = names.paths.iter().map(BundlePath::as_str).collect();
            assert_eq!(paths, ["bagit.txt", "data/a"]);
        }
    }

    #[test]
    fn each_bad_set_has_its_fault() {
        for (expected, more) in [
            (Fault::Duplicate, &["e/data/a"][..]),
            (Fault::Duplicate, &["e/data/A"]),
            (Fault::Duplicate, &["E/Data/a"]),
            (Fault::SeveralTopFolders, &["f/data/b"]),
            (Fault::SeveralTopFolders, &["E/data/b"]),
            (Fault::SeveralTopFolders, &["readme.txt"]),
            (Fault::SeveralTopFolders, &["/e/a"]),
            (Fault::Name, &["e/../a"]),
            (Fault::Name, &["e//a"]),
            (Fault::Name, &["e/a\\b"]),
            (Fault::Name, &["e/data/B"]),
            (Fault::FileOrFolder, &["e/data"]),
            (Fault::FileOrFolder, &["e/data/a/b"]),
            (Fault::Name, &["e/Photos/"]),
            (Fault::EmptyFolder, &["e/data/b/"]),
            (Fault::EmptyFolder, &["e/data/a/"]),
            (Fault::SystemFile, &["__MACOSX/e/._a"]),
            (Fault::SystemFile, &["e/.DS_Store"]),
        ] {
            let all = [&["e/bagit.txt", "e/data/a"], more].concat();
            assert_eq!(fault(&all), Some(expected), "{more:?}");
        }
        assert_eq!(fault(&["C:/bagit.txt"]), Some(Fault::TopFolder));
        assert_eq!(fault(&["../bagit.txt"]), Some(Fault::TopFolder));
    }

    #[test]
    fn any_other_zip_file_is_no_bundle() {
        for all in [&[][..], &["word/document.xml"], &["a/b/bagit.txt"]] {
            assert!(matches!(in_zip(all), Err(ContainerError::NotABundle)));
        }
        let other = Names::in_folder(["notes.txt"].into_iter());
        assert!(matches!(other, Err(ContainerError::NotABundle)));
    }
}
