//! Stands in for the functions of the C library that open, change, name, sync and look at files. The linker takes
//! these for Rust's standard library, for rustix (built for the C library here) and for SQLite; each makes
//! the same system call, and for files below the watched folder has it written down (`watch`), or fails
//! instead (`fault`).
//!
//! All `unsafe` of the project's tests is here. Each function has the signature of its manual page, and
//! reads what its caller passed as the system would: paths up to their NUL, buffers of the given length.
//! `open` takes its mode as a third argument where C has `...`; on x86-64 and aarch64 Linux the two are
//! called alike.

use std::cell::Cell;
use std::ffi::{CStr, c_char, c_int, c_uint, c_void};
use std::path::PathBuf;
use std::sync::MutexGuard;
use std::sync::atomic::Ordering;

use crate::disk::{Id, Op};
use crate::fault::{Call, Fails};
use crate::watch::{Key, ON, Watch, key, lock};

/// A system call whose result fits an `int`.
macro_rules! system {
    ($name:ident $(, $argument:expr)*) => {
        // SAFETY: what the caller of the C function passed goes to the system as it is.
        unsafe { libc::syscall(libc::$name $(, $argument)*) as c_int }
    };
}

macro_rules! system_long {
    ($name:ident $(, $argument:expr)*) => {
        // SAFETY: what the caller of the C function passed goes to the system as it is.
        unsafe { libc::syscall(libc::$name $(, $argument)*) as isize }
    };
}

mod look;
mod names;

/// Called by what watches, so that the linker takes this module: its other callers come later on the linker's line.
#[inline(never)]
pub(crate) fn stand_in() {
    look::stand_in();
    names::stand_in();
}

thread_local! {
    /// This thread is in one of the functions below already.
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// The watch, for one call. Gives `errno` back as the system call left it.
struct Held {
    guard: Option<MutexGuard<'static, Option<Watch>>>,
    errno: c_int,
}

impl Held {
    fn take() -> Option<Self> {
        if !ON.load(Ordering::SeqCst) || INSIDE.replace(true) {
            return None;
        }
        let held = Self {
            guard: Some(lock()),
            errno: errno(),
        };
        if held.guard.as_ref().is_some_and(|watch| watch.is_some()) {
            return Some(held);
        }
        drop(held);
        None
    }

    fn watch(&mut self) -> &mut Watch {
        self.guard
            .as_mut()
            .and_then(|watch| watch.as_mut())
            .expect("looked at in `take`")
    }

    /// The watched file that is open under this number.
    fn id(&mut self, file: c_int) -> Option<Id> {
        key_of(file).and_then(|key| self.watch().id_of(key))
    }

    fn call<T>(&mut self, call: impl FnOnce() -> T) -> T {
        let done = call();
        self.errno = errno();
        done
    }

    /// The error that this call is to have.
    fn fault(&mut self, call: Call) -> Option<c_int> {
        self.fault_of(call, 0)
    }

    fn fault_of(&mut self, call: Call, length: usize) -> Option<c_int> {
        match self.watch().faults.next(call, length)? {
            Fails::With(error) => {
                self.errno = error;
                Some(-1)
            }
            Fails::Half => None,
        }
    }

    /// How much of a read or write is to be done.
    fn part(&mut self, call: Call, length: usize) -> Result<usize, isize> {
        match self.watch().faults.next(call, length) {
            None => Ok(length),
            Some(Fails::Half) => Ok(length / 2),
            Some(Fails::With(error)) => Err(self.fails(error)),
        }
    }

    fn fails(&mut self, error: c_int) -> isize {
        self.errno = error;
        -1
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.guard = None;
        INSIDE.set(false);
        // SAFETY: it is this thread's own.
        unsafe { *libc::__errno_location() = self.errno };
    }
}

fn key_of(file: c_int) -> Option<Key> {
    stat_of(file).map(|stat| (stat.st_dev, stat.st_ino))
}

fn stat_of(file: c_int) -> Option<libc::stat> {
    let mut stat = std::mem::MaybeUninit::<libc::stat>::uninit();
    // SAFETY: `fstat` fills the buffer if it returns 0.
    unsafe {
        let found = libc::fstat(file, stat.as_mut_ptr()) == 0;
        found.then(|| stat.assume_init())
    }
}

fn errno() -> c_int {
    // SAFETY: it is this thread's own.
    unsafe { *libc::__errno_location() }
}

unsafe fn open_in(folder: c_int, path: *const c_char, flags: c_int, mode: c_uint) -> c_int {
    let open = || system!(SYS_openat, folder, path, flags, mode);
    let Some(mut held) = Held::take() else {
        return open();
    };
    // SAFETY: a path ends with NUL.
    let name = unsafe { CStr::from_ptr(path) };
    let Some(place) = held.watch().place(folder, name) else {
        // The watched folder itself, or something elsewhere.
        return held.call(open);
    };
    let makes = flags & libc::O_CREAT != 0 && held.watch().id_at(&place).is_none();
    if let Some(failed) = held.fault(if makes { Call::Make } else { Call::Look }) {
        return failed;
    }
    let file = held.call(open);
    if file < 0 {
        return file;
    }
    if makes {
        let path = PathBuf::from(format!("/proc/self/fd/{file}"));
        let path = std::fs::read_link(path).expect("it is open");
        held.watch().enter_file(place, key(&path));
    } else if flags & libc::O_TRUNC != 0
        && let Some(id) = held.id(file)
    {
        held.watch().write_down(Op::Truncate { id, length: 0 });
    }
    file
}

#[unsafe(no_mangle)]
unsafe extern "C" fn open(path: *const c_char, flags: c_int, mode: c_uint) -> c_int {
    unsafe { open_in(libc::AT_FDCWD, path, flags, mode) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn open64(path: *const c_char, flags: c_int, mode: c_uint) -> c_int {
    unsafe { open_in(libc::AT_FDCWD, path, flags, mode) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn openat(
    folder: c_int,
    path: *const c_char,
    flags: c_int,
    mode: c_uint,
) -> c_int {
    unsafe { open_in(folder, path, flags, mode) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn openat64(
    folder: c_int,
    path: *const c_char,
    flags: c_int,
    mode: c_uint,
) -> c_int {
    unsafe { open_in(folder, path, flags, mode) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn read(file: c_int, into: *mut c_void, length: usize) -> isize {
    unsafe { read_at(file, into, length, None) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn pread(file: c_int, into: *mut c_void, length: usize, at: i64) -> isize {
    unsafe { read_at(file, into, length, Some(at)) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn pread64(file: c_int, into: *mut c_void, length: usize, at: i64) -> isize {
    unsafe { read_at(file, into, length, Some(at)) }
}

unsafe fn read_at(file: c_int, into: *mut c_void, length: usize, at: Option<i64>) -> isize {
    let read = |length: usize| match at {
        Some(at) => system_long!(SYS_pread64, file, into, length, at),
        None => system_long!(SYS_read, file, into, length),
    };
    let Some(mut held) = Held::take() else {
        return read(length);
    };
    let Some(id) = held.id(file) else {
        return held.call(|| read(length));
    };
    let length = match held.watch().readable(id, place(file, at), length) {
        0 if length > 0 => return held.fails(libc::EIO),
        readable => readable,
    };
    match held.part(Call::Read, length) {
        Ok(length) => held.call(|| read(length)),
        Err(failed) => failed,
    }
}

/// Where a read or write without a place begins.
fn place(file: c_int, at: Option<i64>) -> usize {
    // SAFETY: it only asks where the file stands.
    let at = at.unwrap_or_else(|| unsafe { libc::lseek(file, 0, libc::SEEK_CUR) });
    // What has no place, a folder or a pipe, has its only one at the beginning.
    usize::try_from(at).unwrap_or(0)
}

#[unsafe(no_mangle)]
unsafe extern "C" fn write(file: c_int, from: *const c_void, length: usize) -> isize {
    unsafe { write_at(file, from, length, None) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn pwrite(file: c_int, from: *const c_void, length: usize, at: i64) -> isize {
    unsafe { write_at(file, from, length, Some(at)) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn pwrite64(file: c_int, from: *const c_void, length: usize, at: i64) -> isize {
    unsafe { write_at(file, from, length, Some(at)) }
}

unsafe fn write_at(file: c_int, from: *const c_void, length: usize, at: Option<i64>) -> isize {
    let write = |length: usize| match at {
        Some(at) => system_long!(SYS_pwrite64, file, from, length, at),
        None => system_long!(SYS_write, file, from, length),
    };
    let Some(mut held) = Held::take() else {
        return write(length);
    };
    let Some(id) = held.id(file) else {
        return held.call(|| write(length));
    };
    let length = match held.part(Call::Write, length) {
        Ok(length) => length,
        Err(failed) => return failed,
    };
    let at = place(file, at);
    let done = held.call(|| write(length));
    if let Ok(done) = usize::try_from(done)
        && done > 0
    {
        // SAFETY: the system has just read as much of it.
        let bytes = unsafe { std::slice::from_raw_parts(from.cast::<u8>(), done) }.to_vec();
        held.watch().mends(id, at, done);
        held.watch().write_down(Op::Write { id, at, bytes });
    }
    done
}

/// A system that cannot copy from file to file by itself: then whoever asks reads and writes.
#[unsafe(no_mangle)]
unsafe extern "C" fn copy_file_range(
    from: c_int,
    from_at: *mut i64,
    to: c_int,
    to_at: *mut i64,
    length: usize,
    flags: c_uint,
) -> isize {
    let copy = || system_long!(SYS_copy_file_range, from, from_at, to, to_at, length, flags);
    unless_watched(to, copy)
}

#[unsafe(no_mangle)]
unsafe extern "C" fn sendfile64(to: c_int, from: c_int, at: *mut i64, length: usize) -> isize {
    unless_watched(to, || system_long!(SYS_sendfile, to, from, at, length))
}

fn unless_watched(to: c_int, copy: impl FnOnce() -> isize) -> isize {
    let Some(mut held) = Held::take() else {
        return copy();
    };
    match held.id(to) {
        Some(_) => held.fails(libc::EINVAL),
        None => held.call(copy),
    }
}

/// One buffer after the other, as a system may do that is short of everything.
#[unsafe(no_mangle)]
unsafe extern "C" fn writev(file: c_int, parts: *const libc::iovec, count: c_int) -> isize {
    let whole = || system_long!(SYS_writev, file, parts, count);
    let Some(mut held) = Held::take() else {
        return whole();
    };
    if held.id(file).is_none() {
        return held.call(whole);
    }
    drop(held);
    let count = usize::try_from(count).unwrap_or(0);
    // SAFETY: the caller passes so many parts.
    let parts = unsafe { std::slice::from_raw_parts(parts, count) };
    match parts.iter().find(|part| part.iov_len > 0) {
        Some(part) => unsafe { write_at(file, part.iov_base, part.iov_len, None) },
        None => 0,
    }
}

fn sync(file: c_int, call: impl FnOnce() -> c_int) -> c_int {
    let Some(mut held) = Held::take() else {
        return call();
    };
    let Some(id) = held.id(file) else {
        return held.call(call);
    };
    if let Some(failed) = held.fault(Call::Sync) {
        held.watch().write_down(Op::SyncFailed { id });
        return failed;
    }
    let done = held.call(call);
    if done == 0 {
        let path = held.watch().path_of(id);
        held.watch().write_down(Op::Sync { id, path });
    }
    done
}

#[unsafe(no_mangle)]
unsafe extern "C" fn fsync(file: c_int) -> c_int {
    sync(file, || system!(SYS_fsync, file))
}

#[unsafe(no_mangle)]
unsafe extern "C" fn fdatasync(file: c_int) -> c_int {
    sync(file, || system!(SYS_fdatasync, file))
}

#[unsafe(no_mangle)]
unsafe extern "C" fn ftruncate(file: c_int, length: i64) -> c_int {
    let truncate = || system!(SYS_ftruncate, file, length);
    let Some(mut held) = Held::take() else {
        return truncate();
    };
    let Some(id) = held.id(file) else {
        return held.call(truncate);
    };
    let grows = length - stat_of(file).map_or(0, |stat| stat.st_size);
    if let Some(failed) = held.fault_of(Call::Truncate, usize::try_from(grows).unwrap_or(0)) {
        return failed;
    }
    let done = held.call(truncate);
    if done == 0 {
        let length = usize::try_from(length).expect("the system took it");
        held.watch().write_down(Op::Truncate { id, length });
    }
    done
}

#[unsafe(no_mangle)]
unsafe extern "C" fn ftruncate64(file: c_int, length: i64) -> c_int {
    unsafe { ftruncate(file, length) }
}
