//! Those that only look: what there is, how long, and which names a folder has. Rust's standard library calls
//! `statx` and `readdir64`, SQLite the others.

use std::ffi::{CStr, c_char, c_int, c_uint};
use std::ptr;
use std::sync::OnceLock;

use super::{Held, open_in};
use crate::fault::Call;

/// As that of the module above.
#[inline(never)]
pub(super) fn stand_in() {}

/// The error that looking at a name is to have, or the system's answer.
unsafe fn at_name(folder: c_int, path: *const c_char, call: impl FnOnce() -> c_int) -> c_int {
    let Some(mut held) = Held::take() else {
        return call();
    };
    // Whoever asks whether there is such a call at all passes none.
    if path.is_null() {
        return held.call(call);
    }
    // SAFETY: a path ends with NUL.
    let name = unsafe { CStr::from_ptr(path) };
    let is_watched = match name.is_empty() {
        true => held.id(folder).is_some(),
        false => held.watch().place(folder, name).is_some(),
    };
    if is_watched && let Some(failed) = held.fault(Call::Look) {
        return failed;
    }
    held.call(call)
}

#[unsafe(no_mangle)]
unsafe extern "C" fn statx(
    folder: c_int,
    path: *const c_char,
    flags: c_int,
    mask: c_uint,
    into: *mut libc::statx,
) -> c_int {
    let call = || system!(SYS_statx, folder, path, flags, mask, into);
    unsafe { at_name(folder, path, call) }
}

unsafe fn stat_in(
    folder: c_int,
    path: *const c_char,
    into: *mut libc::stat64,
    flags: c_int,
) -> c_int {
    let call = || system!(SYS_newfstatat, folder, path, into, flags);
    unsafe { at_name(folder, path, call) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn stat64(path: *const c_char, into: *mut libc::stat64) -> c_int {
    unsafe { stat_in(libc::AT_FDCWD, path, into, 0) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn lstat64(path: *const c_char, into: *mut libc::stat64) -> c_int {
    unsafe { stat_in(libc::AT_FDCWD, path, into, libc::AT_SYMLINK_NOFOLLOW) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn fstat64(file: c_int, into: *mut libc::stat64) -> c_int {
    unsafe { stat_in(file, c"".as_ptr(), into, libc::AT_EMPTY_PATH) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn access(path: *const c_char, mode: c_int) -> c_int {
    let call = || system!(SYS_faccessat, libc::AT_FDCWD, path, mode);
    unsafe { at_name(libc::AT_FDCWD, path, call) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn opendir(path: *const c_char) -> *mut libc::DIR {
    let flags = libc::O_RDONLY | libc::O_DIRECTORY | libc::O_CLOEXEC;
    // SAFETY: the file is given away if it was opened.
    unsafe {
        match open_in(libc::AT_FDCWD, path, flags, 0) {
            file if file < 0 => ptr::null_mut(),
            file => libc::fdopendir(file),
        }
    }
}

type ReadDir = unsafe extern "C" fn(*mut libc::DIR) -> *mut libc::dirent64;

#[unsafe(no_mangle)]
unsafe extern "C" fn readdir64(folder: *mut libc::DIR) -> *mut libc::dirent64 {
    static NEXT: OnceLock<ReadDir> = OnceLock::new();
    // There is no such system call: this reads what the C library has read ahead.
    let next = NEXT.get_or_init(|| unsafe {
        let found = libc::dlsym(libc::RTLD_NEXT, c"readdir64".as_ptr());
        // SAFETY: the C library's function has this signature.
        std::mem::transmute::<*mut libc::c_void, ReadDir>(found)
    });
    let read = || unsafe { next(folder) };
    let Some(mut held) = Held::take() else {
        return read();
    };
    // SAFETY: the caller has it open.
    let file = unsafe { libc::dirfd(folder) };
    if held.id(file).is_some() && held.fault(Call::Look).is_some() {
        return ptr::null_mut();
    }
    held.call(read)
}
