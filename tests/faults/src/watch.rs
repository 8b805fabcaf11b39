//! What is seen while a folder is watched: which file has which name, and every call that changed one.

use std::collections::{BTreeMap, HashMap};
use std::ffi::{CStr, OsStr, c_int};
use std::ops::Range;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::disk::{Disk, Id, NameOp, Op, image_of};
use crate::fault::{Fault, Faults};

/// A file on its file system: device and inode.
pub(crate) type Key = (u64, u64);

/// What was seen while files were watched.
#[derive(Debug)]
pub struct Seen {
    /// What was there when it began.
    pub start: Disk,
    pub ops: Vec<Op>,
}

/// Watches a folder from now on; what is in it is taken to be on the disk. One at a time.
pub fn watch(folder: &Path, fault: Option<Fault>) {
    crate::interpose::stand_in();
    let root = folder.canonicalize().expect("the watched folder is there");
    let mut start = Disk::new();
    let mut names = BTreeMap::from([(0, BTreeMap::new())]);
    let mut known = HashMap::from([(key(&root), 0)]);
    for (path, content) in image_of(&root) {
        let id = known.len();
        known.insert(key(&root.join(&path)), id);
        let (folder, name) = split(&names, &path).expect("its folder came before");
        names
            .get_mut(&folder)
            .expect("a folder")
            .insert(name.clone(), id);
        match content {
            None => {
                names.insert(id, BTreeMap::new());
                start.apply(&Op::Folder { id });
            }
            Some(bytes) => {
                start.apply(&Op::File { id });
                start.apply(&Op::Write { id, at: 0, bytes });
                start.apply(&Op::Sync { id, path });
            }
        }
        start.apply(&Op::Name(NameOp::Enter { folder, name, id }));
        start.apply(&Op::Sync {
            id: folder,
            path: String::new(),
        });
    }
    let next = known.len();
    let seen = Seen {
        start,
        ops: Vec::new(),
    };
    *lock() = Some(Watch {
        root,
        names,
        known,
        next,
        faults: Faults::new(fault),
        bad: None,
        seen,
    });
    ON.store(true, Ordering::SeqCst);
}

/// Ends it.
pub fn end() -> Seen {
    ON.store(false, Ordering::SeqCst);
    lock().take().expect("it was begun").seen
}

/// Lets calls pass while something is done that is not the diary's own work.
pub fn unwatched<T>(work: impl FnOnce() -> T) -> T {
    let was = ON.swap(false, Ordering::SeqCst);
    let done = work();
    ON.store(was, Ordering::SeqCst);
    done
}

/// Writes a mark of the script between the calls.
pub fn mark(op: Op) {
    if let Some(watch) = lock().as_mut() {
        watch.seen.ops.push(op);
    }
}

/// What fails now.
pub fn fault() -> Option<Fault> {
    lock().as_ref().and_then(|watch| watch.faults.fault)
}

/// From now on nothing fails, or this.
pub fn set_fault(fault: Option<Fault>) {
    if let Some(watch) = lock().as_mut() {
        watch.faults = Faults::new(fault);
    }
}

/// From now on the sector of this file with this number cannot be read, until it is written anew: then a disk
/// gives it another place.
pub fn set_bad_sector(path: &str, number: usize) {
    if let Some(watch) = lock().as_mut() {
        let place = split(&watch.names, path).expect("its folder is there");
        let id = watch.id_at(&place).expect("it is there");
        watch.bad = Some((id, number * SECTOR..(number + 1) * SECTOR));
    }
}

/// What a disk reads at once.
pub const SECTOR: usize = 4096;

/// Calls that the fault could have hit until now, and whether it or the bad sector was met.
pub fn so_far() -> (usize, bool) {
    lock()
        .as_ref()
        .map_or((0, false), |watch| (watch.faults.calls, watch.faults.hit))
}

/// Whether the fault kept something from being read until now.
pub fn kept_from_reading() -> bool {
    let watch = lock();
    watch
        .as_ref()
        .is_some_and(|watch| watch.faults.kept_from_reading)
}

/// Calls that changed something, until now.
pub fn written_down() -> usize {
    lock().as_ref().map_or(0, |watch| watch.seen.ops.len())
}

/// The first `count` of these.
pub fn ops_until(count: usize) -> Vec<Op> {
    let watch = lock();
    let ops = watch.as_ref().map_or(&[][..], |watch| &watch.seen.ops);
    ops.iter().take(count).cloned().collect()
}

/// Calls are looked at.
pub(crate) static ON: AtomicBool = AtomicBool::new(false);
static WATCH: Mutex<Option<Watch>> = Mutex::new(None);

pub(crate) struct Watch {
    root: PathBuf,
    /// Names in each folder as the process sees them.
    names: BTreeMap<Id, BTreeMap<String, Id>>,
    /// By device and inode.
    known: HashMap<Key, Id>,
    next: Id,
    pub(crate) faults: Faults,
    /// The bytes of a file that cannot be read.
    bad: Option<(Id, Range<usize>)>,
    seen: Seen,
}

impl Watch {
    /// The path below the watched folder; `None` if it is not below it.
    fn below(&self, folder: c_int, path: &CStr) -> Option<String> {
        let path = Path::new(OsStr::from_bytes(path.to_bytes()));
        let whole = if path.is_absolute() || folder == libc::AT_FDCWD {
            path.to_owned()
        } else {
            std::fs::read_link(format!("/proc/self/fd/{folder}"))
                .ok()?
                .join(path)
        };
        let below = whole.strip_prefix(&self.root).ok()?.to_str()?;
        (!below.is_empty()).then(|| below.to_owned())
    }

    pub(crate) fn place(&self, folder: c_int, path: &CStr) -> Option<(Id, String)> {
        split(&self.names, &self.below(folder, path)?)
    }

    /// What has this name.
    pub(crate) fn id_at(&self, (folder, name): &(Id, String)) -> Option<Id> {
        self.names.get(folder)?.get(name).copied()
    }

    pub(crate) fn id_of(&self, key: Key) -> Option<Id> {
        self.known.get(&key).copied()
    }

    /// How much of a read gets something: what lies before a bad sector, and nothing if it begins in that.
    pub(crate) fn readable(&mut self, id: Id, at: usize, length: usize) -> usize {
        match &self.bad {
            Some((bad, sector)) if *bad == id && at < sector.end && at + length > sector.start => {
                self.faults.hit = true;
                sector.start.saturating_sub(at)
            }
            _ => length,
        }
    }

    /// What is written over all of a bad sector can be read again.
    pub(crate) fn mends(&mut self, id: Id, at: usize, length: usize) {
        self.bad
            .take_if(|(bad, sector)| *bad == id && at <= sector.start && at + length >= sector.end);
    }

    pub(crate) fn write_down(&mut self, op: Op) {
        self.seen.ops.push(op);
    }

    /// A new file.
    pub(crate) fn enter_file(&mut self, place: (Id, String), key: Key) {
        let id = self.new_id(key);
        self.write_down(Op::File { id });
        self.name(place, id);
    }

    /// A new folder.
    pub(crate) fn enter_folder(&mut self, place: (Id, String), key: Key) {
        let id = self.new_id(key);
        self.names.insert(id, BTreeMap::new());
        self.write_down(Op::Folder { id });
        self.name(place, id);
    }

    /// A name more for what is there.
    pub(crate) fn name(&mut self, (folder, name): (Id, String), id: Id) {
        self.names_in(folder).insert(name.clone(), id);
        self.write_down(Op::Name(NameOp::Enter { folder, name, id }));
    }

    pub(crate) fn leave(&mut self, (folder, name): (Id, String)) {
        let id = self.names_in(folder).remove(&name);
        self.write_down(Op::Name(NameOp::Leave { folder, name }));
        self.forget(id);
    }

    pub(crate) fn moved(&mut self, from: (Id, String), to: (Id, String)) {
        let id = self.names_in(from.0).remove(&from.1);
        let id = id.expect("what was renamed was there");
        let replaced = self.names_in(to.0).insert(to.1.clone(), id);
        self.write_down(Op::Name(NameOp::Move { from, to, id }));
        self.forget(replaced);
    }

    fn new_id(&mut self, key: Key) -> Id {
        self.next += 1;
        self.known.insert(key, self.next - 1);
        self.next - 1
    }

    fn names_in(&mut self, folder: Id) -> &mut BTreeMap<String, Id> {
        self.names.get_mut(&folder).expect("a folder")
    }

    /// What has no name any more: its inode may soon be that of a file that is not watched.
    fn forget(&mut self, id: Option<Id>) {
        let named = |id: &Id| {
            self.names
                .values()
                .any(|names| names.values().any(|other| other == id))
        };
        if let Some(id) = id.filter(|id| !named(id)) {
            self.known.retain(|_, known| *known != id);
        }
    }

    pub(crate) fn path_of(&self, wanted: Id) -> String {
        fn find(
            names: &BTreeMap<Id, BTreeMap<String, Id>>,
            folder: Id,
            wanted: Id,
        ) -> Option<String> {
            names.get(&folder)?.iter().find_map(|(name, id)| {
                if *id == wanted {
                    return Some(name.clone());
                }
                find(names, *id, wanted).map(|below| format!("{name}/{below}"))
            })
        }
        find(&self.names, 0, wanted).unwrap_or_default()
    }
}

fn split(names: &BTreeMap<Id, BTreeMap<String, Id>>, path: &str) -> Option<(Id, String)> {
    let (above, name) = path.rsplit_once('/').unwrap_or(("", path));
    let mut folder = 0;
    for part in above.split('/').filter(|part| !part.is_empty()) {
        folder = *names.get(&folder)?.get(part)?;
    }
    names
        .contains_key(&folder)
        .then(|| (folder, name.to_owned()))
}

pub(crate) fn key(path: &Path) -> Key {
    use std::os::unix::fs::MetadataExt;
    let metadata = std::fs::symlink_metadata(path).expect("it is there");
    (metadata.dev(), metadata.ino())
}

pub(crate) fn lock() -> MutexGuard<'static, Option<Watch>> {
    WATCH.lock().unwrap_or_else(PoisonError::into_inner)
}
