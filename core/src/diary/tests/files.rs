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

#[test]
fn an_item_is_looked_at_part_by_part_without_a_file() {
    let mut case = Case::new();
    let one = case.add(ONE);
    let bytes: Vec<u8> = (0..2_500_000_u32).map(|at| (at % 251) as u8).collect();
    let item = case.attach(&one, "a.bin", &bytes);
    let before = case.files(".");
    let mut read = Vec::new();
    loop {
        let part = case
            .diary()
            .read_item(&item.id, read.len() as u64, usize::MAX)
            .unwrap();
        assert!(part.len() <= MAX_READ);
        if part.is_empty() {
            break;
        }
        read.extend_from_slice(&part);
    }
    assert!(read == bytes);
    let part = case.diary().read_item(&item.id, 1_048_570, 20).unwrap();
    assert_eq!(part.as_slice(), &bytes[1_048_570..1_048_590]);
    for offset in [2_500_000, u64::MAX] {
        assert!(
            case.diary()
                .read_item(&item.id, offset, 9)
                .unwrap()
                .is_empty()
        );
    }
    assert_eq!(case.files("."), before);

    let name = case.files("vault/evidence").remove(0);
    let path = case.path("vault/evidence").join(name);
    let mut sealed = fs::read(&path).unwrap();
    sealed[2_000_000] ^= 1;
    fs::write(&path, sealed).unwrap();
    assert!(case.diary().read_item(&item.id, 0, 9).is_ok());
    assert!(matches!(
        case.diary().read_item(&item.id, 1_999_000, 9),
        Err(Error::Evidence(_))
    ));
    case.diary().erase(&IncidentRef::Id(item.id)).unwrap();
    assert!(matches!(
        case.diary().read_item(&item.id, 0, 9),
        Err(Error::Erased)
    ));
}
