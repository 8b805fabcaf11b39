//! Those that give names and take them away.

use std::ffi::{CStr, OsStr, c_char, c_int, c_uint};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use super::Held;
use crate::fault::Call;
use crate::watch::key;

/// As that of the module above.
#[inline(never)]
pub(super) fn stand_in() {}

#[unsafe(no_mangle)]
unsafe extern "C" fn rename(from: *const c_char, to: *const c_char) -> c_int {
    unsafe { renameat2(libc::AT_FDCWD, from, libc::AT_FDCWD, to, 0) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn renameat(
    from_folder: c_int,
    from: *const c_char,
    to_folder: c_int,
    to: *const c_char,
) -> c_int {
    unsafe { renameat2(from_folder, from, to_folder, to, 0) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn renameat2(
    from_folder: c_int,
    from: *const c_char,
    to_folder: c_int,
    to: *const c_char,
    flags: c_uint,
) -> c_int {
    let rename = || system!(SYS_renameat2, from_folder, from, to_folder, to, flags);
    let Some(mut held) = Held::take() else {
        return rename();
    };
    // SAFETY: a path ends with NUL.
    let (from, to) = unsafe { (CStr::from_ptr(from), CStr::from_ptr(to)) };
    let places = (
        held.watch().place(from_folder, from),
        held.watch().place(to_folder, to),
    );
    let (Some(from), Some(to)) = places else {
        return held.call(rename);
    };
    if let Some(failed) = held.fault(Call::Rename) {
        return failed;
    }
    let done = held.call(rename);
    if done == 0 {
        held.watch().moved(from, to);
    }
    done
}

#[unsafe(no_mangle)]
unsafe extern "C" fn link(from: *const c_char, to: *const c_char) -> c_int {
    unsafe { linkat(libc::AT_FDCWD, from, libc::AT_FDCWD, to, 0) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn linkat(
    from_folder: c_int,
    from: *const c_char,
    to_folder: c_int,
    to: *const c_char,
    flags: c_int,
) -> c_int {
    let link = || system!(SYS_linkat, from_folder, from, to_folder, to, flags);
    let Some(mut held) = Held::take() else {
        return link();
    };
    // SAFETY: a path ends with NUL.
    let (from, to) = unsafe { (CStr::from_ptr(from), CStr::from_ptr(to)) };
    let places = (
        held.watch().place(from_folder, from),
        held.watch().place(to_folder, to),
    );
    let (Some(from), Some(to)) = places else {
        return held.call(link);
    };
    if let Some(failed) = held.fault(Call::Rename) {
        return failed;
    }
    let done = held.call(link);
    if done == 0 {
        let id = held
            .watch()
            .id_at(&from)
            .expect("what was linked was there");
        held.watch().name(to, id);
    }
    done
}

unsafe fn remove(folder: c_int, path: *const c_char, flags: c_int) -> c_int {
    let remove = || system!(SYS_unlinkat, folder, path, flags);
    let Some(mut held) = Held::take() else {
        return remove();
    };
    // SAFETY: a path ends with NUL.
    let place = unsafe { CStr::from_ptr(path) };
    let Some(place) = held.watch().place(folder, place) else {
        return held.call(remove);
    };
    if let Some(failed) = held.fault(Call::Remove) {
        return failed;
    }
    let done = held.call(remove);
    if done == 0 {
        held.watch().leave(place);
    }
    done
}

#[unsafe(no_mangle)]
unsafe extern "C" fn unlink(path: *const c_char) -> c_int {
    unsafe { remove(libc::AT_FDCWD, path, 0) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn unlinkat(folder: c_int, path: *const c_char, flags: c_int) -> c_int {
    unsafe { remove(folder, path, flags) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn rmdir(path: *const c_char) -> c_int {
    unsafe { remove(libc::AT_FDCWD, path, libc::AT_REMOVEDIR) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn mkdir(path: *const c_char, mode: c_uint) -> c_int {
    let make = || system!(SYS_mkdirat, libc::AT_FDCWD, path, mode);
    let Some(mut held) = Held::take() else {
        return make();
    };
    // SAFETY: a path ends with NUL.
    let name = unsafe { CStr::from_ptr(path) };
    let Some(place) = held.watch().place(libc::AT_FDCWD, name) else {
        return held.call(make);
    };
    if let Some(failed) = held.fault(Call::Make) {
        return failed;
    }
    let done = held.call(make);
    if done == 0 {
        let key = key(Path::new(OsStr::from_bytes(name.to_bytes())));
        held.watch().enter_folder(place, key);
    }
    done
}
