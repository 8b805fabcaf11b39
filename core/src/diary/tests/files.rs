//! Evidence that fails on the way in, comes by chunks, or was damaged.

use super::*;

#[test]
fn section_13_a_failed_attach_leaves_nothing_behind() {
    let mut case = Case::new();
    let one = case.add(ONE);
    let folder = case.path("a folder");
    fs::create_dir(&folder).unwrap();
    let options = AttachOptions::default();
    assert!(
        case.diary()
            .attach(&one, &folder, &options, &mut NoProgress)
            .is_err()
    );
    let file = case.path("big");
    fs::write(&file, vec![1; 3 << 20]).unwrap();
    let mut stop = |_: u64, _: u64| std::ops::ControlFlow::Break(());
    let stopped = case.diary().attach(&one, &file, &options, &mut stop);
    assert!(matches!(stopped, Err(Error::Cancelled)));
    assert!(case.files("vault/evidence").is_empty());
    case.attach(&one, "a.txt", b"fine");
    assert!(case.diary().check(&mut NoProgress).unwrap().sound);
}

#[test]
fn a_file_may_come_by_chunks() {
    let mut case = Case::new();
    let one = case.add(ONE);
    let options = AttachOptions::default();
    let mut pending = case.diary().begin_item(&one).unwrap();
    for chunk in [b"the first ".as_slice(), b"and the second"] {
        pending.write(chunk).unwrap();
    }
    let item = case
        .diary()
        .finish_item(pending, "voice.txt", None, &options)
        .unwrap();
    assert_eq!((item.bytes, item.media_type.as_str()), (24, "text/plain"));
    // One that is given up leaves nothing.
    let mut pending = case.diary().begin_item(&one).unwrap();
    pending.write(b"never finished").unwrap();
    drop(pending);
    assert_eq!(case.files("vault/evidence").len(), 1);
    case.reopen();
    let out = case.path("out");
    case.diary()
        .extract(&item.id, &out, &mut NoProgress)
        .unwrap();
    assert_eq!(fs::read(&out).unwrap(), b"the first and the second");
    assert!(case.diary().check(&mut NoProgress).unwrap().sound);
}

#[test]
fn section_17_a_damaged_stored_file_is_reported_and_never_given_out() {
    let mut case = Case::new();
    let one = case.add(ONE);
    let item = case.attach(&one, "a.txt", b"the original words");
    let name = case.files("vault/evidence").remove(0);
    let path = case.path("vault/evidence").join(name);
    let mut bytes = fs::read(&path).unwrap();
    bytes[40] ^= 1;
    fs::write(&path, bytes).unwrap();
    let out = case.path("out");
    assert!(
        case.diary()
            .extract(&item.id, &out, &mut NoProgress)
            .is_err()
    );
    assert!(!out.exists());
    assert!(!case.diary().check(&mut NoProgress).unwrap().sound);
    assert!(case.export(&everything(), "out.zip").is_err());
    assert!(!case.path("out.zip").exists());
}
