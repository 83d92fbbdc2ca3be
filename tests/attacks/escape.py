"""Cases 1 to 13: submissions that reach out of their world, for files, networks, other processes and the host.
Read case.py first."""

import contextlib
import os

from case import Attack, Case, place

READ = """
import itertools, os
for start in ("@FOLDER@", "..", os.path.expanduser("~"), "/root", "/home", "/work", "/srv", "/mnt", "/tmp", "/proc/1/root/var", "/proc/self/cwd/../.."):
    for path, _, names in itertools.islice(os.walk(start), 300):
        for name in names:
            try:
                text = open(os.path.join(path, name), errors="replace").read(100_000)
            except OSError:
                continue
            if "SECRET" + "-" in text or "BEGIN HIDDEN" + " TESTS" in text:
                gained("read", os.path.join(path, name), text[:200])
for name in ("/etc/shadow", "/etc/passwd", "/proc/kcore", "/dev/mem", "/dev/sda", "/dev/loop0"):
    if os.access(name, os.R_OK):
        gained("may read", name)
"""

WRITE = """
import os, sqlite3, sys
def write(name):
    with open(name, "a") as file:
        file.write("x")
    gained("wrote", name)
for name in ("@FOLDER@/gradebook.db", "@FOLDER@/submitted/ben/03-descent/descent.ipynb", "@FOLDER@/new", os.__file__, sys.prefix + "/pyvenv.cfg",
             "/lesson/course/checks/sentences.py", "/lesson/course/new.py", "/etc/profile", "/proc/sys/kernel/core_pattern", "/new", "/dev/new"):
    try:
        if name.startswith("@FOLDER@") or os.getpid() == 1:  # only in a world of its own is a learner's code process 1
            write(name)
    except OSError:
        pass
try:
    sqlite3.connect("file:@FOLDER@/gradebook.db?mode=rw", uri=True).execute("update grade set score = 100").connection.commit()
    gained("wrote the gradebook")
except sqlite3.Error:
    pass
"""

NETWORK = """
import socket
for address in (("127.0.0.1", @PORT@), ("::1", @PORT@), ("169.254.169.254", 80), ("10.0.0.1", 53)):
    try:
        socket.create_connection(address, timeout=0.3)
        gained("connected to", address)
    except OSError:
        pass
try:
    asks = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    asks.sendto(b"?", ("127.0.0.53", 53))
    gained("sent a datagram")
except OSError:
    pass
try:
    gained("resolved", socket.gethostbyname("example.org"))
except OSError:
    pass
if len(socket.if_nameindex()) > 1:
    gained("sees", socket.if_nameindex())
"""

KERNELS = """
import glob, json, os
from jupyter_core.paths import jupyter_runtime_dir
for pattern in ("@FOLDER@/kernel-*.json", jupyter_runtime_dir() + "/kernel-*.json", "/tmp/*/kernel*.json", "/run/**/kernel*.json", "/tmp/**/*.sock"):
    for name in glob.glob(pattern, recursive=True):
        gained("found", name)
for line in open("/proc/net/unix").read().splitlines()[1:] if os.path.exists("/proc/net/unix") else []:
    if "/" in line or "@" in line:
        gained("sees", line)
"""

DAEMON = """
import os, time
for _ in range(2):
    if os.fork() == 0:
        os.setsid()
        if os.fork():
            os._exit(0)
        for descriptor in range(256):
            try:
                os.close(descriptor)
            except OSError:
                pass
        os.execv("/bin/sh", ["sh", "-c", "trap '' TERM HUP INT; sleep 120; : @MARK@"])
time.sleep(0.2)
"""

# Signal 0 asks whether a signal could be sent, and sends none. A parent of number 0 is one that cannot be seen from
# here.
PROCESSES = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
others = [int(name) for name in os.listdir("/proc") if name.isdigit() and int(name) != os.getpid()] + ([os.getppid()] if os.getppid() else [])
for number in sorted(set(others))[:400]:
    try:
        os.kill(number, 0)
        gained("may signal", number)
    except OSError:
        pass
    for what in ("environ", "mem", "fd/0", "root/etc/shadow"):
        try:
            open(f"/proc/{number}/{what}", "rb").read(0)
            gained("may read", what, "of", number)
        except OSError:
            pass
if os.getpid() == 1:
    for number in range(2, 40):
        if libc.ptrace(16, number, 0, 0) == 0:
            gained("traces", number)
"""

CHANNEL_IN = """
import ctypes, fcntl, os, socket
for folder in ("/tmp", "/var/tmp", "/dev/shm", os.path.expanduser("~"), "/lesson", "/environment"):
    try:
        open(folder + "/@MARK@", "w").write("for you")
    except OSError:
        pass
libc = ctypes.CDLL(None)
libc.shmget(0x5EC2, 4096, 0o1666)
libc.msgget(0x5EC2, 0o1666)
libc.syscall(248, b"user", b"@MARK@", b"for you", 7, -5)
name = socket.socket(socket.AF_UNIX)
try:
    name.bind("\\0@MARK@")
    name.listen()
except OSError:
    pass
"""

CHANNEL_OUT = """
import ctypes, os, socket
for folder in ("/tmp", "/var/tmp", "/dev/shm", os.path.expanduser("~"), "/lesson", "/environment"):
    if os.path.exists(folder + "/@MARK@"):
        gained("found a file in", folder)
libc = ctypes.CDLL(None)
if libc.shmget(0x5EC2, 4096, 0o666) >= 0 or libc.msgget(0x5EC2, 0o666) >= 0:
    gained("found a queue or shared memory")
if libc.syscall(250, 10, -5, b"user", b"@MARK@", 0) >= 0:
    gained("found a key")
try:
    socket.socket(socket.AF_UNIX).connect("\\0@MARK@")
    gained("called the other one")
except OSError:
    pass
"""

TRIGGER = """
import os, pickle, torch
class Trigger:
    def __reduce__(self):
        return (os.mkdir, ("@FOLDER@/owned",))
"""

DOORS = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
def door(name, result):
    if result >= 0:
        gained(name, result)
for name, flag in (("user", 0x10000000), ("mount", 0x20000), ("process", 0x20000000), ("network", 0x40000000)):
    door(f"a {name} namespace", libc.unshare(flag))
space = ctypes.create_string_buffer(b"\\1\\0\\0\\0p\\0\\0\\0", 200)
for name, number, arguments in (("io_uring", 425, (4, ctypes.create_string_buffer(200))), ("bpf", 321, (0, ctypes.create_string_buffer(200), 72)),
                                ("userfaultfd", 323, (0,)), ("perf", 298, (space, 0, -1, -1, 0))):
    door(name, libc.syscall(number, *arguments))
if os.getpid() == 1:
    door("mount", libc.mount(b"none", b"/tmp", b"tmpfs", 0, None))
if libc.prctl(39, 0, 0, 0, 0) != 1:
    gained("a setuid program would be obeyed")
for path in ("/var/run/docker.sock", "/run/docker.sock", "/run/containerd/containerd.sock", "/run/podman/podman.sock", "/run/dbus/system_bus_socket"):
    if os.path.exists(path):
        gained("found", path)
for path, _, names in os.walk("/usr/bin"):
    for name in names:
        mode = os.lstat(os.path.join(path, name)).st_mode
        if mode & 0o4000 and libc.prctl(39, 0, 0, 0, 0) != 1:
            gained("setuid", name)
"""

GPU = """
import glob, torch
for pattern in ("/dev/nvidia*", "/dev/dri/*", "/dev/kfd", "/dev/accel*", "/proc/driver/nvidia/*"):
    for name in glob.glob(pattern):
        gained("sees", name)
if torch.cuda.is_available():
    left = torch.empty(2**20, device="cuda")
    gained("holds a GPU with", int((left != 0).sum()), "values of somebody's in its memory")
"""


def _linked(folder, right, wrong):
    place(folder, "zoe.ipynb", right)
    os.symlink("zoe.ipynb", folder / "eve.ipynb")
    os.symlink(".", folder / "mallory")
    place(folder, "oscar/notes.txt", b"see the other one")
    os.symlink("../zoe.ipynb", folder / "oscar" / "descent.ipynb")


def _special(folder, right, wrong):
    place(folder, "zoe.ipynb", right)
    os.link(place(folder.parent, "somebody-elses", right), folder / "eve.ipynb")
    os.mkfifo(folder / "fifo.ipynb")
    os.makedirs(folder / "nina" / "descent.ipynb")
    with contextlib.suppress(PermissionError):
        os.mknod(folder / "device.ipynb", 0o60644, os.makedev(7, 0))


def _checkpoint(folder, right, wrong):
    place(folder, "zoe.ipynb", right)
    place(folder, "eve/descent.ipynb", wrong)
    place(folder, "eve/model.pt", b"\x80\x04")


CASES = [
    Case(
        1,
        "read outside its folder",
        "Escape",
        "mount namespace, nothing of the host but the system: sandbox.command",
        "plain",
        (Attack(READ),),
    ),
    Case(
        2,
        "write outside it, the gradebook say",
        "Escape",
        "mount namespace, read-only binds: sandbox.command",
        "plain",
        (Attack(WRITE),),
    ),
    Case(
        3,
        "symlink in the submission",
        "Escape",
        "O_NOFOLLOW and no linked folder: intake.read_file, exchange.collect_from",
        "test",
        folder=_linked,
        left="link",
    ),
    Case(
        4,
        "hard link, FIFO or device in it",
        "Escape",
        "one name, a plain file, opened without waiting: intake.read_file",
        "test",
        folder=_special,
        left="plain file",
    ),
    Case(
        5,
        "network: TCP, DNS, metadata address",
        "Escape",
        "network namespace without any interface up: sandbox.command, inside._private_world",
        "plain",
        (Attack(NETWORK),),
    ),
    Case(
        6,
        "another kernel's connection file",
        "Escape",
        "a socket pair handed over instead of a file: sandbox.Sandbox.fork",
        "plain",
        (Attack(KERNELS),),
    ),
    Case(
        7,
        "a daemon (setsid) that outlives grading",
        "Escape",
        "process namespace that ends with its process 1: inside._private_world",
        "test",
        (Attack(DAEMON),),
        status=("graded", "partly graded"),
    ),
    Case(
        8,
        "/proc of the parent, ptrace, killing the grader",
        "Escape",
        "process namespace, no capabilities: inside._private_world",
        "plain",
        (Attack(PROCESSES),),
    ),
    Case(
        9,
        "/tmp, /dev/shm, keyring, file locks as a channel between runs",
        "Escape",
        "fresh folders, IPC and network namespaces and keyring a submission: inside._private_world",
        "test",
        (Attack(CHANNEL_OUT),),
        before=(Attack(CHANNEL_IN),),
    ),
    Case(
        10,
        "a pickle handed to the host",
        "Escape",
        "typed values, never unpickled: wire.decode",
        "test",
        (
            Attack(TRIGGER, "return Trigger()"),
            Attack(TRIGGER, "return pickle.dumps(Trigger())"),
            Attack(TRIGGER, "return {'state': [Trigger()]}"),
            Attack(
                TRIGGER + "import struct, socket\nfor number in range(3, 64):\n    try:\n        frame = "
                "pickle.dumps(Trigger())\n"
                "        os.write(number, struct.pack('<I', len(frame)) + frame)\n    except OSError:\n        pass"
            ),
        ),
        status=("graded", "partly graded"),
    ),
    Case(
        11,
        "a checkpoint loaded by a trusted process",
        "Escape",
        "one notebook is taken, nothing beside it, and nothing of it is loaded: exchange.collect_from",
        "test",
        (
            Attack(
                TRIGGER + "torch.save({'weights': Trigger()}, 'model.pt')",
                "torch.save(Trigger(), 'model.pt')\nreturn 'model.pt'",
            ),
        ),
        folder=_checkpoint,
    ),
    Case(
        12,
        "user namespaces, io_uring, setuid, a Docker socket",
        "Escape",
        "no namespaces, capabilities, privileges or unusual calls: inside._drop_privileges",
        "plain",
        (Attack(DOORS),),
    ),
    Case(
        13,
        "leftover GPU memory",
        "Escape",
        "no device but null, zero, full, random and tty: sandbox.command",
        "not seen: there was no machine with a GPU; that no device is in reach is what is tested",
        (Attack(GPU),),
    ),
]
