//! The name of the zone by which the clock's offset is computed.

use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Where chrono looks for the zone that `TZ` names.
#[cfg(unix)]
const FOLDERS: [&str; 4] = [
    "/usr/share/zoneinfo",
    "/share/zoneinfo",
    "/etc/zoneinfo",
    "/usr/share/lib/zoneinfo",
];

/// The IANA id, where the device tells it. `TZ` comes before the device's own zone, as it does for the offset: what
/// it says in another form has no name.
pub(super) fn name() -> Option<String> {
    #[cfg(unix)]
    if let Ok(tz) = std::env::var("TZ") {
        return named_by(&tz, &FOLDERS);
    }
    iana_time_zone::get_timezone().ok()
}

fn named_by(tz: &str, folders: &[&str]) -> Option<String> {
    let name = tz.strip_prefix(':').unwrap_or(tz);
    let is_letter = |c: char| c.is_ascii_alphanumeric() || "/_+-".contains(c);
    // In small letters are folders of the same zones with other seconds.
    let can_be_an_id =
        name.starts_with(|c: char| c.is_ascii_uppercase()) && name.chars().all(is_letter);
    let file = |folder: &&str| File::open(Path::new(folder).join(name)).ok();
    let found = || folders.iter().find_map(file);
    (can_be_an_id && found().is_some_and(is_zone)).then(|| name.to_owned())
}

fn is_zone(mut file: File) -> bool {
    let mut magic = [0; 4];
    file.read_exact(&mut magic).is_ok() && magic == *b"TZif"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_zone_that_is_there_gives_its_name() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("Asia")).unwrap();
        for (file, content) in [("Asia/Almaty", "TZif2"), ("Asia/Text", "text")] {
            std::fs::write(folder.path().join(file), content).unwrap();
        }
        let folders = ["/nowhere", folder.path().to_str().unwrap()];
        let almaty = Some("Asia/Almaty".to_owned());
        for tz in ["Asia/Almaty", ":Asia/Almaty"] {
            assert_eq!(named_by(tz, &folders), almaty);
        }
        let absolute = folder.path().join("Asia/Almaty");
        let absolute = absolute.to_str().unwrap();
        for tz in [
            "",
            ":",
            "<+05>-5",
            "ALMT-5",
            "localtime",
            "Asia",
            "Asia/Text",
            "Asia/Nowhere",
            "Asia/../Asia/Almaty",
            absolute,
        ] {
            assert_eq!(named_by(tz, &folders), None, "{tz}");
        }
    }
}
