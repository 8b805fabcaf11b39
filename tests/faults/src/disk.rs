//! What is on a disk for good, what is on its way there, and what a loss of power may make of it.
//!
//! The rules are those of POSIX, and of the weakest file systems in use: bytes are there for good after
//! `fsync` or `fdatasync` of their file, names after `fsync` of their folder. Whatever is on its way may be
//! there, be missing, or be there in sectors, each by itself; one change of a name is there or is not. A
//! sector that was on the disk before is never damaged by a write to another one. After a sync that failed
//! the bytes or names that were on their way are forgotten: a later sync does not bring them (Linux, "fsyncgate").

use std::collections::BTreeMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::Path;
use std::{fs, io};

use crate::chance::Chance;

/// A file or a folder, whatever its name is. 0 is the folder that is watched.
pub type Id = usize;

/// One call that changed something, or a mark of the script between two.
#[derive(Clone, Debug)]
pub enum Op {
    /// A new empty file.
    File {
        id: Id,
    },
    /// A new empty folder.
    Folder {
        id: Id,
    },
    Write {
        id: Id,
        at: usize,
        bytes: Vec<u8>,
    },
    Truncate {
        id: Id,
        length: usize,
    },
    Name(NameOp),
    /// `path` is the name that it had, to say it.
    Sync {
        id: Id,
        path: String,
    },
    SyncFailed {
        id: Id,
    },
    /// The script began its step of this number.
    Began(usize),
    /// And was told that it is done.
    Done(usize),
}

/// A change of names: it happens as a whole or not at all.
#[derive(Clone, Debug)]
pub enum NameOp {
    Enter {
        folder: Id,
        name: String,
        id: Id,
    },
    Leave {
        folder: Id,
        name: String,
    },
    Move {
        from: (Id, String),
        to: (Id, String),
        id: Id,
    },
}

#[derive(Clone, Debug)]
enum DataOp {
    Write { at: usize, bytes: Vec<u8> },
    Truncate(usize),
}

#[derive(Clone, Debug, Default)]
struct File {
    durable: Vec<u8>,
    pending: Vec<DataOp>,
}

/// A disk with what is on its way to it.
#[derive(Clone, Debug, Default)]
pub struct Disk {
    files: BTreeMap<Id, File>,
    folders: BTreeMap<Id, BTreeMap<String, Id>>,
    pending: Vec<NameOp>,
}

/// What somebody finds after the crash: paths below the watched folder; `None` is a folder.
pub type Image = BTreeMap<String, Option<Vec<u8>>>;

/// What becomes of all that is on its way.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Fate {
    /// It arrives: a process was killed and the system went on.
    Kept,
    /// Nothing of it arrives.
    Dropped,
    /// Names arrive in their order up to some point; bytes by chance, in whole writes.
    Ordered,
    /// Everything by chance, writes torn into sectors of this size.
    Torn(usize),
}

impl Disk {
    /// An empty folder.
    pub fn new() -> Self {
        let mut disk = Self::default();
        disk.folders.insert(0, BTreeMap::new());
        disk
    }

    pub fn apply(&mut self, op: &Op) {
        match op {
            Op::File { id } => {
                self.files.insert(*id, File::default());
            }
            Op::Folder { id } => {
                self.folders.insert(*id, BTreeMap::new());
            }
            Op::Write { id, at, bytes } => self.data(
                *id,
                DataOp::Write {
                    at: *at,
                    bytes: bytes.clone(),
                },
            ),
            Op::Truncate { id, length } => self.data(*id, DataOp::Truncate(*length)),
            Op::Name(op) => self.pending.push(op.clone()),
            Op::Sync { id, .. } => self.sync(*id),
            Op::SyncFailed { id } => {
                if let Some(file) = self.files.get_mut(id) {
                    file.pending.clear();
                }
                self.pending.retain(|op| !op.touches(*id));
            }
            Op::Began(_) | Op::Done(_) => {}
        }
    }

    /// Whether anything is on its way: otherwise a crash leaves one thing only.
    pub fn is_settled(&self) -> bool {
        self.pending.is_empty() && self.files.values().all(|file| file.pending.is_empty())
    }

    /// What is found after a crash now.
    pub fn crash(&self, fate: Fate, chance: &mut Chance) -> Image {
        let mut folders = self.folders.clone();
        let arrive = match fate {
            Fate::Ordered => chance.below(self.pending.len() + 1),
            _ => self.pending.len(),
        };
        for op in self.pending.iter().take(arrive) {
            let arrives = match fate {
                Fate::Kept | Fate::Ordered => true,
                Fate::Dropped => false,
                Fate::Torn(_) => chance.coin(),
            };
            if arrives {
                rename(&mut folders, op);
            }
        }
        let mut image = Image::new();
        self.walk(0, "", &folders, fate, chance, &mut image);
        image
    }

    fn data(&mut self, id: Id, op: DataOp) {
        if let Some(file) = self.files.get_mut(&id) {
            file.pending.push(op);
        }
    }

    fn sync(&mut self, id: Id) {
        if let Some(file) = self.files.get_mut(&id) {
            for op in std::mem::take(&mut file.pending) {
                write(&mut file.durable, &op);
            }
            return;
        }
        let (arrived, waiting) = std::mem::take(&mut self.pending)
            .into_iter()
            .partition(|op: &NameOp| op.touches(id));
        self.pending = waiting;
        for op in &arrived {
            rename(&mut self.folders, op);
        }
    }

    fn walk(
        &self,
        folder: Id,
        path: &str,
        folders: &BTreeMap<Id, BTreeMap<String, Id>>,
        fate: Fate,
        chance: &mut Chance,
        image: &mut Image,
    ) {
        for (name, id) in &folders[&folder] {
            let path = if path.is_empty() {
                name.clone()
            } else {
                format!("{path}/{name}")
            };
            if let Some(file) = self.files.get(id) {
                image.insert(path, Some(file.after(fate, chance)));
            } else {
                image.insert(path.clone(), None);
                self.walk(*id, &path, folders, fate, chance, image);
            }
        }
    }
}

impl File {
    fn after(&self, fate: Fate, chance: &mut Chance) -> Vec<u8> {
        let mut bytes = self.durable.clone();
        for op in &self.pending {
            match fate {
                Fate::Kept => write(&mut bytes, op),
                Fate::Dropped => {}
                Fate::Ordered if chance.coin() => write(&mut bytes, op),
                Fate::Ordered => {}
                Fate::Torn(sector) => match chance.below(4) {
                    0 => {}
                    1 => write(&mut bytes, op),
                    // The file has its new length before its bytes.
                    2 => stretch(&mut bytes, op),
                    _ => tear(&mut bytes, op, sector, chance),
                },
            }
        }
        bytes
    }
}

impl NameOp {
    fn touches(&self, folder: Id) -> bool {
        match self {
            Self::Enter { folder: in_it, .. } | Self::Leave { folder: in_it, .. } => {
                *in_it == folder
            }
            // One entry of the journal of a file system, so it arrives with either folder.
            Self::Move { from, to, .. } => from.0 == folder || to.0 == folder,
        }
    }
}

fn rename(folders: &mut BTreeMap<Id, BTreeMap<String, Id>>, op: &NameOp) {
    match op {
        NameOp::Enter { folder, name, id } => {
            folders
                .get_mut(folder)
                .expect("a folder")
                .insert(name.clone(), *id);
        }
        NameOp::Leave { folder, name } => {
            folders.get_mut(folder).expect("a folder").remove(name);
        }
        NameOp::Move { from, to, id } => {
            folders.get_mut(&from.0).expect("a folder").remove(&from.1);
            folders
                .get_mut(&to.0)
                .expect("a folder")
                .insert(to.1.clone(), *id);
        }
    }
}

fn write(file: &mut Vec<u8>, op: &DataOp) {
    match op {
        DataOp::Write { at, bytes } => put(file, *at, bytes),
        DataOp::Truncate(length) => file.resize(*length, 0),
    }
}

fn stretch(file: &mut Vec<u8>, op: &DataOp) {
    match op {
        DataOp::Write { at, bytes } if at + bytes.len() > file.len() => {
            file.resize(at + bytes.len(), 0);
        }
        _ => {}
    }
}

fn tear(file: &mut Vec<u8>, op: &DataOp, sector: usize, chance: &mut Chance) {
    let DataOp::Write { at, bytes } = op else {
        return write(file, op);
    };
    let mut from = 0;
    while from < bytes.len() {
        let to = ((at + from) / sector * sector + sector - at).min(bytes.len());
        if chance.coin() {
            put(file, at + from, &bytes[from..to]);
        }
        from = to;
    }
}

fn put(file: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    let end = at + bytes.len();
    if file.len() < end {
        file.resize(end, 0);
    }
    file[at..end].copy_from_slice(bytes);
}

/// What an image is known by.
pub fn hash_of(image: &Image) -> u64 {
    let mut hasher = DefaultHasher::new();
    image.hash(&mut hasher);
    hasher.finish()
}

/// Makes the folders and files of an image.
pub fn lay_out(image: &Image, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for (path, content) in image {
        match content {
            None => fs::create_dir_all(folder.join(path))?,
            Some(bytes) => fs::write(folder.join(path), bytes)?,
        }
    }
    Ok(())
}

/// The image of a folder as it lies.
pub fn image_of(folder: &Path) -> Image {
    fn read(folder: &Path, below: &str, image: &mut Image) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let entry = entry.expect("an entry");
            let name = entry.file_name().into_string().expect("a plain name");
            let path = if below.is_empty() {
                name
            } else {
                format!("{below}/{name}")
            };
            if entry.file_type().expect("a kind").is_dir() {
                image.insert(path.clone(), None);
                read(&entry.path(), &path, image);
            } else {
                image.insert(path, Some(fs::read(entry.path()).expect("a file")));
            }
        }
    }
    let mut image = Image::new();
    read(folder, "", &mut image);
    image
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(ops: &[Op]) -> Disk {
        let mut disk = Disk::new();
        ops.iter().for_each(|op| disk.apply(op));
        disk
    }

    fn enter(name: &str, id: Id) -> Op {
        Op::Name(NameOp::Enter {
            folder: 0,
            name: name.into(),
            id,
        })
    }

    fn bytes(id: Id, at: usize, bytes: &[u8]) -> Op {
        Op::Write {
            id,
            at,
            bytes: bytes.into(),
        }
    }

    fn sync(id: Id) -> Op {
        Op::Sync {
            id,
            path: String::new(),
        }
    }

    fn crash(disk: &Disk, fate: Fate, seed: u64) -> Image {
        disk.crash(fate, &mut Chance::new(seed))
    }

    #[test]
    fn bytes_are_there_after_a_sync_of_the_file_and_its_name_after_one_of_the_folder() {
        let mut disk = after(&[
            Op::File { id: 1 },
            enter("a", 1),
            bytes(1, 0, b"one"),
            sync(1),
        ]);
        assert!(crash(&disk, Fate::Dropped, 0).is_empty());
        assert_eq!(
            crash(&disk, Fate::Kept, 0)["a"].as_deref(),
            Some(&b"one"[..])
        );
        disk.apply(&sync(0));
        disk.apply(&bytes(1, 3, b"two"));
        assert_eq!(
            crash(&disk, Fate::Dropped, 0)["a"].as_deref(),
            Some(&b"one"[..])
        );
        assert_eq!(
            crash(&disk, Fate::Kept, 0)["a"].as_deref(),
            Some(&b"onetwo"[..])
        );
        assert!(!disk.is_settled());
        disk.apply(&sync(1));
        assert!(disk.is_settled());
    }

    #[test]
    fn what_is_torn_is_old_or_new_in_every_sector_and_both_occur() {
        let mut disk = after(&[
            Op::File { id: 1 },
            enter("a", 1),
            bytes(1, 0, &[1; 2048]),
            sync(1),
            sync(0),
        ]);
        disk.apply(&bytes(1, 100, &[2; 1800]));
        let mut mixed = 0;
        for seed in 0..200 {
            let image = crash(&disk, Fate::Torn(512), seed);
            let file = image["a"].clone().unwrap();
            assert!(
                file[..100]
                    .iter()
                    .chain(&file[1900..])
                    .all(|byte| *byte == 1)
            );
            for sector in file[100..1900].chunks(412).take(1) {
                assert!(sector.iter().all(|byte| *byte == sector[0]));
            }
            mixed += u32::from(file.contains(&2) && file[100..1900].contains(&1));
        }
        assert!(mixed > 10);
    }

    #[test]
    fn a_sync_that_failed_forgets_what_was_on_its_way() {
        let disk = after(&[
            Op::File { id: 1 },
            enter("a", 1),
            sync(0),
            bytes(1, 0, b"one"),
            Op::SyncFailed { id: 1 },
            sync(1),
        ]);
        assert_eq!(crash(&disk, Fate::Kept, 0)["a"].as_deref(), Some(&b""[..]));
        let disk = after(&[
            Op::File { id: 1 },
            enter("a", 1),
            Op::SyncFailed { id: 0 },
            enter("b", 1),
            sync(0),
        ]);
        assert_eq!(crash(&disk, Fate::Kept, 0).len(), 1);
    }
}
