"""What a program opened, made and asked of the network, as strace saw it."""

import re

# Whatever opens a file or changes a name, and all that has to do with sockets.
CALLS = (
    "?open,openat,?openat2,?creat,?mkdir,mkdirat,?mknod,mknodat,?rename,?renameat,renameat2,?link,linkat,?symlink,"
    "symlinkat,?memfd_create,?io_uring_setup,%network,fsync"
)
OPTIONS = ("-f", "-y", "-qq", "-e", f"trace={CALLS}", "-s", "0")
# Without a file of the vault and of the command itself: (what may be opened to be read, why).
SYSTEM = [
    (r"/etc/ld\.so\.cache|(/usr)?/lib(64)?/.*\.so[.0-9]*", "the loader"),
    (r"/etc/(localtime|timezone)|/usr/share/zoneinfo/.*", "time zones"),
    (r"/dev/(tty|null)", "the terminal"),
    (r"/dev/urandom", "SQLite's names of temporary files"),
    (r"/proc/self/maps", "where the stack ends: the C library"),
    (r"/proc/(uptime|sys/kernel/random/boot_id)", "whether the clock jumped"),
    (r"/proc/self/(cgroup|mountinfo)|/sys/fs/cgroup/.*", "how many processors there are"),
]
# What is already open; and what asks whether something is a socket, and is told that it is none.
HARMLESS = re.compile(r"ENOTSOCK|^(\d+ +)?fsync|^(\d+ +)?(\+\+\+|---|<\.\.\.)")
PATH = re.compile(r'(?:AT_FDCWD(?:<[^>]*>)?, |(\d+)<([^>]*)>, )?"((?:[^"\\]|\\.)*)"')


def strange(trace, cwd, own):
    """Calls that touched a file outside `own` (folders and files), or a socket; each as strace wrote it."""
    found = []
    for line in trace.read_text(errors="replace").splitlines():
        call = re.match(r"(?:\d+ +)?(\w+)\((.*)", line)
        if HARMLESS.search(line) or not call:
            continue
        paths = [place(match, cwd) for match in PATH.finditer(call[2])]
        reads = call[1].startswith("open") and not re.search("O_WRONLY|O_RDWR|O_CREAT", line)
        if not paths or not all(within(path, own) or (reads and of_system(path)) for path in paths):
            found.append(line)
    return found


def place(match, cwd):
    """The whole path that a call names."""
    return (match[2] or str(cwd)) + "/" + match[3] if match[3][:1] != "/" else match[3]


def within(path, own):
    parts = [part for part in path.split("/") if part not in ("", ".")]
    return ".." not in parts and any(
        parts[: len(top)] == top for top in (str(one).strip("/").split("/") for one in own)
    )


def of_system(path):
    return any(re.fullmatch(pattern, path) for pattern, _ in SYSTEM)
