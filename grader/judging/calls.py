"""The system calls that a submission has no use for, refused by the kernel itself (seccomp) from the moment its world
begins. No lesson teaches it; grader/judging/inside.py applies it as the last thing before the learner's first cell.
Read grader/judging/inside.py first. Isolation does not rest on it: it closes side doors and keeps the kernel's rarely
used parts out of reach."""

from __future__ import annotations

import ctypes
import errno
import platform

SET_SECCOMP, FILTER = 22, 2
ALLOW, REFUSE = 0x7FFF0000, 0x00050000
LOAD, JUMP_IF_EQUAL, JUMP_IF_AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06
NUMBER, ARCHITECTURE, SECOND_ARGUMENT = 0, 4, 24
X32 = 0x40000000  # the third way to call an x86_64 kernel, under other numbers

# What each could be used for: new namespaces and mounts; looking into or steering other processes; keys and locks and
# watches as mailboxes between two submissions that share a read-only file; parts of the kernel that escapes were made
# of.
NUMBERS = {
    "x86_64": (
        0xC000003E,
        {
            "mount": 165,
            "umount2": 166,
            "pivot_root": 155,
            "chroot": 161,
            "unshare": 272,
            "setns": 308,
            "open_tree": 428,
            "move_mount": 429,
            "fsopen": 430,
            "fsconfig": 431,
            "fsmount": 432,
            "fspick": 433,
            "mount_setattr": 442,
            "open_by_handle_at": 304,
            "name_to_handle_at": 303,
            "ptrace": 101,
            "process_vm_readv": 310,
            "process_vm_writev": 311,
            "kcmp": 312,
            "pidfd_getfd": 438,
            "process_madvise": 440,
            "add_key": 248,
            "request_key": 249,
            "keyctl": 250,
            "flock": 73,
            "inotify_init": 253,
            "inotify_init1": 294,
            "fanotify_init": 300,
            "mq_open": 240,
            "shmget": 29,
            "semget": 64,
            "msgget": 68,
            "io_uring_setup": 425,
            "io_uring_enter": 426,
            "io_uring_register": 427,
            "bpf": 321,
            "perf_event_open": 298,
            "userfaultfd": 323,
            "kexec_load": 246,
            "kexec_file_load": 320,
            "init_module": 175,
            "finit_module": 313,
            "delete_module": 176,
            "acct": 163,
            "swapon": 167,
            "swapoff": 168,
            "reboot": 169,
            "quotactl": 179,
            "syslog": 103,
            "vhangup": 153,
            "personality": 135,
            "iopl": 172,
            "ioperm": 173,
            "settimeofday": 164,
            "clock_settime": 227,
            "adjtimex": 159,
            "clock_adjtime": 305,
            "lookup_dcookie": 212,
            "nfsservctl": 180,
        },
        72,
    ),
    "aarch64": (
        0xC00000B7,
        {
            "mount": 40,
            "umount2": 39,
            "pivot_root": 41,
            "chroot": 51,
            "unshare": 97,
            "setns": 268,
            "open_tree": 428,
            "move_mount": 429,
            "fsopen": 430,
            "fsconfig": 431,
            "fsmount": 432,
            "fspick": 433,
            "mount_setattr": 442,
            "open_by_handle_at": 265,
            "name_to_handle_at": 264,
            "ptrace": 117,
            "process_vm_readv": 270,
            "process_vm_writev": 271,
            "kcmp": 272,
            "pidfd_getfd": 438,
            "process_madvise": 440,
            "add_key": 217,
            "request_key": 218,
            "keyctl": 219,
            "flock": 32,
            "inotify_init1": 26,
            "fanotify_init": 262,
            "mq_open": 180,
            "shmget": 194,
            "semget": 190,
            "msgget": 186,
            "io_uring_setup": 425,
            "io_uring_enter": 426,
            "io_uring_register": 427,
            "bpf": 280,
            "perf_event_open": 241,
            "userfaultfd": 282,
            "kexec_load": 104,
            "kexec_file_load": 294,
            "init_module": 105,
            "finit_module": 273,
            "delete_module": 106,
            "acct": 89,
            "swapon": 224,
            "swapoff": 225,
            "reboot": 142,
            "quotactl": 60,
            "syslog": 116,
            "vhangup": 58,
            "personality": 92,
            "settimeofday": 170,
            "clock_settime": 112,
            "adjtimex": 171,
            "clock_adjtime": 266,
            "lookup_dcookie": 18,
            "nfsservctl": 42,
        },
        25,
    ),
}
# fcntl with one of these locks, leases or watches a file that another submission can see: F_SETLK, F_SETLKW,
# F_OFD_SETLK, F_OFD_SETLKW, F_SETLEASE, F_NOTIFY
FILE_LOCKS = (6, 7, 37, 38, 1024, 1026)


class _Instruction(ctypes.Structure):
    _fields_ = [
        ("code", ctypes.c_uint16),
        ("if_true", ctypes.c_uint8),
        ("if_false", ctypes.c_uint8),
        ("value", ctypes.c_uint32),
    ]


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_uint16), ("instructions", ctypes.POINTER(_Instruction))]


def program(machine: str) -> list[tuple[int, int, int, int]]:
    """The filter for a machine as (code, jump if true, jump if false, value): refused calls fail with EPERM, a foreign
    architecture too."""
    architecture, refused, fcntl = NUMBERS[machine]
    refuse = (RETURN, 0, 0, REFUSE | errno.EPERM)
    steps = [
        (LOAD, 0, 0, ARCHITECTURE),
        (JUMP_IF_EQUAL, 1, 0, architecture),
        refuse,
        (LOAD, 0, 0, NUMBER),
        (JUMP_IF_AT_LEAST, 0, 1, X32),
        refuse,
    ]
    for number in sorted(refused.values()):
        steps += [(JUMP_IF_EQUAL, 0, 1, number), refuse]
    steps += [(JUMP_IF_EQUAL, 0, 2 * len(FILE_LOCKS) + 1, fcntl), (LOAD, 0, 0, SECOND_ARGUMENT)]
    for command in FILE_LOCKS:
        steps += [(JUMP_IF_EQUAL, 0, 1, command), refuse]
    return [*steps, (RETURN, 0, 0, ALLOW)]


def refuse() -> bool:
    """Apply the filter to this process and all that it starts, for good. Gives False on a machine whose numbers are not
    known here."""
    if platform.machine() not in NUMBERS:
        return False
    steps = program(platform.machine())
    instructions = (_Instruction * len(steps))(*(_Instruction(*step) for step in steps))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(SET_SECCOMP, FILTER, ctypes.byref(_Program(len(steps), instructions)), 0, 0):
        raise OSError(ctypes.get_errno(), "the filter of system calls was not taken")
    return True
