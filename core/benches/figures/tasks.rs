//! The pieces of work that are measured. Each runs in a process of its own, so that neither memory
//! nor caches of one show in another.

use std::fs::{self, File};
use std::hint::black_box;
use std::io::Read;
use std::path::{Path, PathBuf};

use chacha20poly1305::{AeadInOut, KeyInit, XChaCha20Poly1305, XNonce};
use diary_core::bundle::{self, Language, VerifyOptions};
use diary_core::diary::{AttachOptions, IncidentRef, Originals, Page, Query, Selection};
use diary_core::incident::Incident;
use diary_core::time::SystemClock;
use diary_core::vault::{KdfCost, NewPassphrase, Passphrase};
use diary_core::{Diary, NoProgress};

use crate::keys;
use crate::measure::Usage;
use crate::plain::{self, Plain};
use crate::texts;

/// A folder of the bench, and what lies where.
pub struct Place {
    pub root: PathBuf,
}

impl Place {
    pub fn vault(&self, incidents: u64) -> PathBuf {
        self.root.join(format!("vault-{incidents}"))
    }

    pub fn plain(&self, incidents: u64) -> PathBuf {
        self.root.join(format!("plain-{incidents}.db"))
    }

    pub fn original(&self, bytes: u64) -> PathBuf {
        self.root.join(format!("original-{bytes}"))
    }

    /// A vault with one incident and one item of so many bytes, and its bundle.
    fn with_item(&self, bytes: u64) -> PathBuf {
        self.root.join(format!("item-{bytes}"))
    }

    /// A vault with twenty photos.
    fn with_photos(&self, incidents: u64) -> PathBuf {
        self.root.join(format!("photos-{incidents}"))
    }

    fn bundle(&self, bytes: u64) -> PathBuf {
        self.root.join(format!("bundle-{bytes}.zip"))
    }

    pub fn scratch(&self) -> PathBuf {
        self.root.join("scratch")
    }
}

/// Opens and closes a vault or database so often in one sample.
const OPENINGS: u32 = 50;
/// Records in one sample.
const RECORDS: u32 = 300;
/// Passphrases tried on each core in one sample.
const GUESSES: u32 = 8;
/// Photos in a report, and their size.
const PHOTOS: u32 = 20;
const PHOTO: (u16, u16) = (1_600, 1_200);
/// Searches in one sample of warm ones.
const SEARCHES: u32 = 20;

/// Runs the piece of work of that name; `size` is a number of incidents or of bytes.
pub fn run(name: &str, place: &Place, size: u64) -> Usage {
    match name {
        "newest" => newest(place, size),
        "newest-plain" => newest_plain(place, size, |body| drop(black_box(plain::parse(body)))),
        "newest-rows" => newest_plain(place, size, |body| {
            black_box(body);
        }),
        "kdf" => kdf(place, size),
        "guess-floor" => guess(place, KdfCost::Floor),
        "guess-default" => guess(place, KdfCost::Measured),
        "record" => record(place, size),
        "record-plain" => record_plain(place, size),
        "all" => Usage::of(|| {
            let mut diary = open(&place.vault(size));
            assert_eq!(all_pages(&mut diary), size);
            diary.lock().unwrap();
        }),
        "all-plain" => all_plain(place, size, |body| drop(black_box(plain::parse(body)))),
        "all-rows" => all_plain(place, size, |body| {
            black_box(body);
        }),
        "search-cold" => Usage::of(|| {
            let mut diary = open(&place.vault(size));
            assert_eq!(found(&mut diary), rare_in(size));
            diary.lock().unwrap();
        }),
        "search-cold-plain" => Usage::of(|| {
            let plain = Plain::open(&place.plain(size));
            assert_eq!(plain.like("Күзетшіге"), rare_in(size));
        }),
        "search-warm" => {
            let mut diary = open(&place.vault(size));
            found(&mut diary);
            let times = if size > 10_000 { 1 } else { SEARCHES };
            Usage::of_each(times, || {
                for _ in 0..times {
                    assert_eq!(found(&mut diary), rare_in(size));
                }
            })
        }
        "search-warm-plain" => {
            let plain = Plain::open(&place.plain(size));
            plain.like("Күзетшіге");
            Usage::of(|| assert_eq!(plain.like("Күзетшіге"), rare_in(size)))
        }
        "intake" => intake(place, size),
        "cp" => to_scratch(
            place,
            "cp --reflink=never \"$1\" \"$2\" && sync \"$2\"",
            &place.original(size),
        ),
        "dgst" => Usage::of_shell("openssl dgst -sha256 \"$1\"", &[&place.original(size)]),
        "age" => to_scratch(
            place,
            "age -R \"$(dirname \"$2\")/age.pub\" -o \"$2\" \"$1\" && sync \"$2\"",
            &place.original(size),
        ),
        "rotate" => keys::rotate(place, size),
        "backup" => keys::backup(place, size),
        "backup-again" => keys::backup_again(place, size),
        "restore" => keys::restore(place, size),
        "unseal" => unseal(place, size),
        "export" => export(place, &place.with_item(size), Vec::new()),
        "verify" => Usage::of(|| {
            let options = VerifyOptions::default();
            let verdict = bundle::verify(&place.bundle(size), &options, &mut NoProgress);
            assert!(verdict.unwrap().sound);
        }),
        "dgst-bundle" => Usage::of_shell("openssl dgst -sha256 \"$1\"", &[&place.bundle(size)]),
        "export-one" => export(
            place,
            &place.vault(size),
            vec![IncidentRef::Number(u32::try_from(size / 2).unwrap())],
        ),
        "report" => report(place, size),
        "report-200" => report(place, 200),
        "make-photos" => make_photos(place, size),
        "check" => Usage::of(|| {
            let report = open(&place.vault(size)).check(&mut NoProgress);
            assert!(report.unwrap().sound);
        }),
        "make-vault" => make_vault(place, size),
        "make-plain" => Usage::of(|| {
            Plain::open(&place.plain(size)).add_all((0..size).map(texts::incident));
        }),
        "make-original" => Usage::of_shell(
            "head -c \"$(basename \"$1\" | tr -dc 0-9)\" /dev/urandom >\"$1\" && sync \"$1\"",
            &[&place.original(size)],
        ),
        "make-item" => make_item(place, size),
        _ => panic!("no such piece of work: {name}"),
    }
}

/// Incidents that hold the rare word.
fn rare_in(size: u64) -> usize {
    usize::try_from(size.div_ceil(texts::RARE_EVERY)).unwrap()
}

pub fn create(folder: &Path) -> Diary {
    create_at(folder, KdfCost::DangerCheapForTests)
}

fn create_at(folder: &Path, cost: KdfCost) -> Diary {
    let passphrase = NewPassphrase::even_if_weak(b"a").unwrap();
    Diary::create(folder, &passphrase, cost, Box::new(SystemClock))
        .unwrap()
        .0
}

pub fn open(folder: &Path) -> Diary {
    let clock = Box::new(SystemClock);
    Diary::danger_open_with_cheap_kdf_for_tests(folder, &passphrase(), clock).unwrap()
}

pub fn passphrase() -> Passphrase {
    Passphrase::new(b"a").unwrap()
}

pub fn parsed(number: u64) -> Incident {
    Incident::parse(texts::incident(number).as_bytes(), &SystemClock).unwrap()
}

fn newest(place: &Place, size: u64) -> Usage {
    let once = || {
        let mut diary = open(&place.vault(size));
        assert_eq!(diary.list(&Query::default()).unwrap().incidents.len(), 50);
        diary.lock().unwrap();
    };
    once();
    Usage::of_each(OPENINGS, || (0..OPENINGS).for_each(|_| once()))
}

/// One derivation and the eight slots it is tried on.
fn kdf(place: &Place, size: u64) -> Usage {
    let mut diary = open(&place.vault(size));
    let passphrase = passphrase();
    Usage::of_each(OPENINGS, || {
        for _ in 0..OPENINGS {
            diary.confirm(&passphrase).unwrap();
        }
    })
}

/// Wrong passphrases, tried on every core at once.
fn guess(place: &Place, cost: KdfCost) -> Usage {
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
    let folders = (0..cores).map(|core| place.root.join(format!("guess-{core}")));
    let mut diaries: Vec<Diary> = folders.map(|folder| create_at(&folder, cost)).collect();
    let wrong = Passphrase::new(b"b").unwrap();
    let usage = Usage::of_each(GUESSES * u32::try_from(cores).unwrap(), || {
        std::thread::scope(|scope| {
            for diary in &mut diaries {
                let wrong = &wrong;
                scope.spawn(move || {
                    for _ in 0..GUESSES {
                        assert!(diary.confirm(wrong).is_err());
                    }
                });
            }
        });
    });
    for core in 0..cores {
        fs::remove_dir_all(place.root.join(format!("guess-{core}"))).unwrap();
    }
    usage
}

fn newest_plain(place: &Place, size: u64, mut each: impl FnMut(&str)) -> Usage {
    let mut once = || assert_eq!(Plain::open(&place.plain(size)).each(50, &mut each), 50);
    once();
    Usage::of_each(OPENINGS, || (0..OPENINGS).for_each(|_| once()))
}

fn record(place: &Place, size: u64) -> Usage {
    let incidents: Vec<Incident> = (0..u64::from(RECORDS)).map(parsed).collect();
    let mut diary = open(&place.vault(size));
    diary.add(&parsed(0)).unwrap();
    Usage::of_each(RECORDS, || {
        for incident in &incidents {
            diary.add(incident).unwrap();
        }
    })
}

fn record_plain(place: &Place, size: u64) -> Usage {
    let incidents: Vec<Incident> = (0..u64::from(RECORDS)).map(parsed).collect();
    let plain = Plain::open(&place.plain(size));
    plain.add(&texts::incident(0));
    Usage::of_each(RECORDS, || {
        for incident in &incidents {
            plain.add(&serde_json::to_string(&incident.to_value()).unwrap());
        }
    })
}

fn all_plain(place: &Place, size: u64, each: impl FnMut(&str)) -> Usage {
    Usage::of(|| {
        let plain = Plain::open(&place.plain(size));
        assert_eq!(plain.each(i64::MAX, each) as u64, size);
    })
}

fn all_pages(diary: &mut Diary) -> u64 {
    let mut query = Query {
        limit: Some(200),
        ..Query::default()
    };
    let mut count = 0;
    loop {
        let Page {
            incidents, next, ..
        } = diary.list(&query).unwrap();
        count += incidents.len() as u64;
        black_box(incidents);
        match next {
            Some(next) => query.after = Some(next),
            None => return count,
        }
    }
}

/// A search that has to look at every incident.
fn found(diary: &mut Diary) -> usize {
    let query = Query {
        search: Some(texts::RARE.to_owned()),
        ..Query::default()
    };
    diary.list(&query).unwrap().incidents.len()
}

fn to_scratch(place: &Place, script: &str, from: &Path) -> Usage {
    let to = place.scratch();
    let usage = Usage::of_shell(script, &[from, &to]);
    fs::remove_file(to).unwrap();
    usage
}

fn intake(place: &Place, size: u64) -> Usage {
    let folder = place.scratch();
    let mut diary = create(&folder);
    diary.add(&parsed(1)).unwrap();
    let original = place.original(size);
    let usage = Usage::of(|| attach(&mut diary, &original));
    drop(diary);
    fs::remove_dir_all(folder).unwrap();
    usage
}

pub fn attach(diary: &mut Diary, original: &Path) {
    let which = IncidentRef::Number(1);
    let options = AttachOptions::default();
    diary
        .attach(&which, original, &options, &mut NoProgress)
        .unwrap();
}

/// What an export cannot do without before it begins: the sealed file read, and the cipher run over
/// each of its chunks. The library has no such call, so the same primitive runs here; sealing costs
/// what opening costs.
fn unseal(place: &Place, size: u64) -> Usage {
    let folder = fs::read_dir(place.with_item(size).join("evidence")).unwrap();
    let mut file = File::open(folder.last().unwrap().unwrap().path()).unwrap();
    let cipher = XChaCha20Poly1305::new(&[1; 32].into());
    let mut buffer = vec![0; 16 * 65_552];
    Usage::of(|| {
        loop {
            let count = file.read(&mut buffer).unwrap();
            if count == 0 {
                break;
            }
            for chunk in buffer[..count].chunks_mut(65_552) {
                let nonce = XNonce::default();
                let tag = cipher.encrypt_inout_detached(&nonce, &[0; 32], chunk.into());
                black_box(tag.unwrap());
            }
        }
    })
}

fn export(place: &Place, vault: &Path, incidents: Vec<IncidentRef>) -> Usage {
    let out = place.scratch();
    let mut diary = open(vault);
    let confirmed = diary.confirm(&passphrase()).unwrap();
    let selection = selection(incidents);
    let usage = Usage::of(|| {
        diary
            .export(&selection, &out, confirmed, &mut NoProgress)
            .unwrap();
    });
    fs::remove_file(out).unwrap();
    usage
}

/// The report on paper, as it is made for its preview: in memory. The photos are small enough to be
/// shown as they are, so none is decoded.
fn report(place: &Place, size: u64) -> Usage {
    let mut diary = open(&place.with_photos(size));
    let selection = selection(Vec::new());
    Usage::of(|| {
        let preview = diary.preview_report(&selection).unwrap();
        assert!(preview.files[0].bytes > 4_000_000);
    })
}

/// As many incidents, and a photo for each of the last twenty.
fn make_photos(place: &Place, size: u64) -> Usage {
    Usage::of(|| {
        let mut diary = create(&place.with_photos(size));
        for number in 0..size {
            diary.add(&parsed(number)).unwrap();
        }
        let file = place.scratch();
        for photo in 0..PHOTOS {
            fs::write(&file, texts::photo(photo, PHOTO)).unwrap();
            let which = IncidentRef::Number(u32::try_from(size).unwrap() - photo);
            let options = AttachOptions::default();
            diary
                .attach(&which, &file, &options, &mut NoProgress)
                .unwrap();
        }
        fs::remove_file(file).unwrap();
        diary.lock().unwrap();
    })
}

fn selection(incidents: Vec<IncidentRef>) -> Selection {
    Selection {
        incidents,
        originals: Originals::All,
        ..Selection::everything(Language::Russian)
    }
}

/// Adds one by one, each durable, and keeps a copy at every power of ten from 1,000 on.
fn make_vault(place: &Place, size: u64) -> Usage {
    let folder = place.vault(size);
    let mut diary = create(&folder);
    // A new vault holds nothing that a copy could miss, so it may be copied while it is locked.
    Usage::of(|| {
        for number in 0..size {
            if number >= 1_000 && number.to_string().trim_end_matches('0') == "1" {
                diary.rest().unwrap();
                copy_folder(&folder, &place.vault(number));
            }
            diary.add(&parsed(number)).unwrap();
        }
        diary.rest().unwrap();
    })
}

pub fn copy_folder(from: &Path, to: &Path) {
    let status = std::process::Command::new("cp")
        .arg("-r")
        .args([from, to])
        .status();
    assert!(status.unwrap().success());
}

fn make_item(place: &Place, size: u64) -> Usage {
    Usage::of(|| {
        let mut diary = create(&place.with_item(size));
        diary.add(&parsed(1)).unwrap();
        attach(&mut diary, &place.original(size));
        let confirmed = diary.confirm(&passphrase()).unwrap();
        let out = place.bundle(size);
        diary
            .export(&selection(Vec::new()), &out, confirmed, &mut NoProgress)
            .unwrap();
        diary.lock().unwrap();
    })
}
