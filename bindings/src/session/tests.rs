//! Who may call when. Channels decide what happens first, never time.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use diary_core::Progress;
use tempfile::TempDir;

use super::*;
use crate::{Attachment, Diary, Incident, KeyCost, ListQuery, Occurred};

const PASSPHRASE: &[u8] = "қара мысық терезеде ұйықтайды".as_bytes();
const MIB: usize = 1 << 20;

struct Case {
    folder: TempDir,
    diary: Diary,
}

impl Case {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let vault = folder.path().join("vault").to_str().unwrap().to_owned();
        let diary = Diary::create(vault, PASSPHRASE, KeyCost::Floor, false).unwrap();
        diary.add(incident()).unwrap();
        std::fs::write(folder.path().join("photo.jpg"), vec![7; 5 * MIB]).unwrap();
        Self { folder, diary }
    }

    fn session(&self) -> &Session {
        self.diary.session()
    }

    fn photo(&self) -> String {
        let path = self.folder.path().join("photo.jpg");
        path.to_str().unwrap().to_owned()
    }

    fn attach(&self, listener: impl ProgressListener + 'static) -> Result<(), DiaryError> {
        let listener: Arc<dyn ProgressListener> = Arc::new(listener);
        let attachment = Attachment::default();
        let item = self
            .diary
            .attach("#1".to_owned(), self.photo(), attachment, Some(listener));
        item.map(drop)
    }

    fn sealed_files(&self) -> usize {
        let evidence: PathBuf = self.folder.path().join("vault").join("evidence");
        std::fs::read_dir(evidence).unwrap().count()
    }
}

fn incident() -> Incident {
    Incident {
        occurred: Occurred {
            from: Some("2026-10-03".to_owned()),
            ..Occurred::default()
        },
        narrative: "Ол тағы да кіреберісте күтіп тұрды.".to_owned(),
        ..Incident::default()
    }
}

/// A listener made of a closure.
struct Listener<F>(F);

impl<F: Fn() -> Result<bool, DiaryError> + Send + Sync> ProgressListener for Listener<F> {
    fn advance(&self, _done: u64, _total: u64) -> Result<bool, DiaryError> {
        (self.0)()
    }
}

/// Work that goes on until it is stopped, and says when it has begun.
fn endless(watch: &mut Watch<'_>, begun: &Sender<()>) -> Result<(), DiaryError> {
    begun.send(()).unwrap();
    while watch.advance(1, 2).is_continue() {
        thread::yield_now();
    }
    Err(DiaryError::Cancelled)
}

#[test]
fn one_call_at_a_time_and_the_others_wait() {
    let case = Case::new();
    let session = case.session();
    let (begun, has_begun): (Sender<()>, Receiver<()>) = channel();
    let (end, may_end) = channel::<()>();
    let counted = thread::scope(|scope| {
        let slow = scope.spawn(move || {
            session.call(|_| {
                begun.send(()).unwrap();
                may_end.recv().unwrap();
                Ok(())
            })
        });
        has_begun.recv().unwrap();
        let waiting: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| case.diary.list(ListQuery::default())))
            .collect();
        end.send(()).unwrap();
        slow.join().unwrap().unwrap();
        let pages = waiting.into_iter().map(|page| page.join().unwrap());
        pages
            .filter(|page| page.as_ref().is_ok_and(|page| page.incidents.len() == 1))
            .count()
    });
    assert_eq!(counted, 8);
}

#[test]
fn a_lock_stops_running_work_and_ends() {
    let case = Case::new();
    let session = case.session();
    let (begun, has_begun) = channel();
    thread::scope(|scope| {
        let work = scope.spawn(move || session.long_call(None, |_, watch| endless(watch, &begun)));
        has_begun.recv().unwrap();
        case.diary.lock().unwrap();
        assert_eq!(work.join().unwrap(), Err(DiaryError::Cancelled));
    });
    assert_eq!(case.diary.people().err(), Some(DiaryError::Locked));
    assert_eq!(case.diary.lock(), Ok(()), "it can be repeated");
    let beside = session.work_beside(None, |_| Ok(()));
    assert_eq!(beside, Err(DiaryError::Locked));
    assert_eq!(case.diary.is_locked(), Ok(true));
}

#[test]
fn what_waits_when_it_is_locked_is_told_so() {
    let case = Case::new();
    let session = case.session();
    let (begun, has_begun) = channel();
    thread::scope(|scope| {
        let work = scope.spawn(move || session.long_call(None, |_, watch| endless(watch, &begun)));
        has_begun.recv().unwrap();
        let waiting = scope.spawn(|| case.diary.people());
        case.diary.lock().unwrap();
        // Whether it came before or after the lock: it was never let in.
        assert_eq!(waiting.join().unwrap().err(), Some(DiaryError::Locked));
        assert_eq!(work.join().unwrap(), Err(DiaryError::Cancelled));
    });
}

#[test]
fn a_callback_cannot_call_but_it_can_lock() {
    let case = Case::new();
    let result = case.session().long_call(None, |_, watch| {
        assert_eq!(
            case.diary.people().err(),
            Some(DiaryError::CalledFromCallback)
        );
        case.diary.lock().unwrap();
        assert_eq!(case.diary.is_locked(), Ok(true));
        assert!(watch.advance(1, 2).is_break());
        Err::<(), _>(DiaryError::Cancelled)
    });
    assert_eq!(result, Err(DiaryError::Cancelled));
    assert_eq!(case.diary.people().err(), Some(DiaryError::Locked));
}

#[test]
fn a_panic_locks_and_its_text_stays_here() {
    let case = Case::new();
    let result: Result<(), _> = case.session().call(|_| panic!("Ол тағы да"));
    let Err(DiaryError::Defect { place }) = result else {
        panic!("another outcome");
    };
    assert!(place.contains("tests.rs:"), "{place}");
    assert!(!place.contains("Ол"));
    assert_eq!(case.diary.people().err(), Some(DiaryError::Locked));
    assert_eq!(case.diary.lock(), Ok(()));
}

#[test]
fn a_listener_that_panics_is_a_defect_and_no_deadlock() {
    let case = Case::new();
    let attached = case.attach(Listener(|| panic!("Ол тағы да")));
    assert!(matches!(attached, Err(DiaryError::Defect { .. })));
    assert_eq!(case.diary.lock(), Ok(()));
}

#[test]
fn the_diary_is_free_while_a_file_is_read() {
    let case = Case::new();
    let session = Arc::clone(case.diary.session());
    let (told, counted) = channel();
    case.attach(Listener(move || {
        let here = session.call(|_| Ok(()));
        assert_eq!(here, Err(DiaryError::CalledFromCallback));
        let session = Arc::clone(&session);
        let elsewhere = thread::spawn(move || session.call(|diary| Ok(diary.people()?.len())));
        told.send(elsewhere.join().unwrap()).unwrap();
        Ok(true)
    }))
    .unwrap();
    assert!(counted.iter().all(|people| people == Ok(0)));
    assert_eq!(case.sealed_files(), 1);
}

#[test]
fn a_lock_from_the_callback_of_an_attach_ends_it_and_nothing_stays() {
    let case = Case::new();
    let session = Arc::clone(case.diary.session());
    let attached = case.attach(Listener(move || session.lock().map(|()| true)));
    assert_eq!(attached, Err(DiaryError::Cancelled));
    assert_eq!(case.diary.people().err(), Some(DiaryError::Locked));
    assert_eq!(case.sealed_files(), 0);
}

#[test]
fn a_lock_waits_until_a_file_that_is_read_is_given_up() {
    let case = Case::new();
    let (begun, has_begun) = channel();
    let (go_on, may_go_on) = channel::<()>();
    let may_go_on = Mutex::new(may_go_on);
    thread::scope(|scope| {
        let attaching = scope.spawn(|| {
            case.attach(Listener(move || {
                begun.send(()).unwrap();
                Ok(held(&may_go_on).recv().is_ok())
            }))
        });
        has_begun.recv().unwrap();
        let locking = scope.spawn(|| {
            case.diary.lock().unwrap();
            case.sealed_files()
        });
        while !case.session().is_locked() {
            thread::yield_now();
        }
        go_on.send(()).unwrap();
        assert_eq!(locking.join().unwrap(), 0);
        assert_eq!(attaching.join().unwrap(), Err(DiaryError::Cancelled));
    });
}

#[test]
fn two_callbacks_that_lock_at_once_do_not_wait_for_each_other() {
    let case = Case::new();
    let both = Arc::new(std::sync::Barrier::new(2));
    thread::scope(|scope| {
        for _ in 0..2 {
            let (session, both) = (Arc::clone(case.diary.session()), both.clone());
            let met = AtomicBool::new(false);
            let listener = Listener(move || {
                if !met.swap(true, Ordering::SeqCst) {
                    both.wait();
                    session.lock()?;
                }
                Ok(true)
            });
            scope.spawn(|| assert_eq!(case.attach(listener), Err(DiaryError::Cancelled)));
        }
    });
    assert_eq!(case.sealed_files(), 0);
}

#[test]
fn a_lock_reaches_items_that_are_being_written() {
    let case = Case::new();
    let writer = case.diary.begin_item("#1".to_owned()).unwrap();
    writer.write(b"half of a voice message").unwrap();
    assert_eq!(case.sealed_files(), 1);
    case.diary.lock().unwrap();
    assert_eq!(case.sealed_files(), 0);
    assert_eq!(writer.write(b"the rest"), Err(DiaryError::Locked));
    let finished = writer.finish("a.ogg".to_owned(), None, Attachment::default());
    assert_eq!(finished.err(), Some(DiaryError::Locked));
    assert_eq!(writer.discard(), Ok(()));
}

#[test]
fn a_writer_ends_once() {
    let case = Case::new();
    let writer = case.diary.begin_item("#1".to_owned()).unwrap();
    let unknown = Attachment {
        how: Some("found".to_owned()),
        note: None,
    };
    assert!(writer.finish("a".to_owned(), None, unknown).is_err());
    writer.write(b"x").unwrap();
    let item = writer.finish("a".to_owned(), Some(-1), Attachment::default());
    assert_eq!(item.unwrap().bytes, 1);
    assert_eq!(writer.write(b"y"), Err(DiaryError::WriterClosed));

    let given_up = case.diary.begin_item("#1".to_owned()).unwrap();
    given_up.discard().unwrap();
    let finished = given_up.finish("a".to_owned(), None, Attachment::default());
    assert_eq!(finished.err(), Some(DiaryError::WriterClosed));
    assert_eq!(case.sealed_files(), 1);
}

#[test]
fn a_wipe_needs_the_passphrase_and_stops_what_is_going_on() {
    let case = Case::new();
    let vault = case.folder.path().join("vault");
    let wrong = case.diary.wipe(b"another one");
    assert_eq!(wrong, Err(DiaryError::WrongPassphrase));
    assert!(case.diary.people().is_ok(), "nothing happened");
    let writer = case.diary.begin_item("#1".to_owned()).unwrap();
    writer.write(b"half of a voice message").unwrap();
    assert_eq!(case.diary.wipe(PASSPHRASE), Ok(true));
    assert!(!vault.exists());
    assert_eq!(writer.write(b"the rest"), Err(DiaryError::Locked));
    assert_eq!(case.diary.wipe(PASSPHRASE), Err(DiaryError::Locked));
    assert_eq!(case.diary.lock(), Ok(()));
}
