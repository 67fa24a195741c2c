"""Which system calls a guest may make, on x86-64: what Python, Django, psycopg, threads and child processes need.

Left out on purpose, besides everything that only an administrator uses: `memfd_create`, System V and POSIX queues and
shared memory (memory that no process shows), `setuid` and its kin, `mknod`, `inotify`, `io_uring`, `ptrace`, keys,
`sync` (it stalls the whole machine), `seccomp`, `landlock`, `setxattr`, namespaces and mounts.
"""

from __future__ import annotations

from typing import Final

_FILES: Final = {
    "read": 0, "write": 1, "open": 2, "close": 3, "stat": 4, "fstat": 5, "lstat": 6, "lseek": 8, "pread64": 17,
    "pwrite64": 18, "readv": 19, "writev": 20, "access": 21, "pipe": 22, "dup": 32, "dup2": 33, "sendfile": 40,
    "flock": 73, "fsync": 74, "fdatasync": 75, "truncate": 76, "ftruncate": 77, "getdents": 78, "getcwd": 79,
    "chdir": 80, "fchdir": 81, "rename": 82, "mkdir": 83, "rmdir": 84, "creat": 85, "link": 86, "unlink": 87,
    "symlink": 88, "readlink": 89, "chmod": 90, "fchmod": 91, "chown": 92, "fchown": 93, "lchown": 94, "umask": 95,
    "utime": 132, "statfs": 137, "fstatfs": 138, "getxattr": 191, "lgetxattr": 192, "fgetxattr": 193,
    "listxattr": 194, "llistxattr": 195, "flistxattr": 196, "getdents64": 217, "fadvise64": 221, "utimes": 235,
    "openat": 257, "mkdirat": 258, "fchownat": 260, "futimesat": 261, "newfstatat": 262, "unlinkat": 263,
    "renameat": 264, "linkat": 265, "symlinkat": 266, "readlinkat": 267, "fchmodat": 268, "faccessat": 269,
    "splice": 275, "utimensat": 280, "fallocate": 285, "dup3": 292, "pipe2": 293, "preadv": 295, "pwritev": 296,
    "renameat2": 316, "copy_file_range": 326, "preadv2": 327, "pwritev2": 328, "statx": 332, "close_range": 436,
    "faccessat2": 439, "fchmodat2": 452,
}  # fmt: skip

_WAITING: Final = {
    "poll": 7, "select": 23, "epoll_create": 213, "epoll_wait": 232, "epoll_ctl": 233, "pselect6": 270, "ppoll": 271,
    "epoll_pwait": 281, "timerfd_create": 283, "eventfd": 284, "timerfd_settime": 286, "timerfd_gettime": 287,
    "signalfd4": 289, "eventfd2": 290, "epoll_create1": 291, "epoll_pwait2": 441,
}  # fmt: skip

_MEMORY: Final = {
    "mprotect": 10, "munmap": 11, "brk": 12, "mremap": 25, "msync": 26, "mincore": 27, "madvise": 28, "mlock": 149,
    "munlock": 150,
}  # fmt: skip

#: Which sockets there are is decided where they are made: `socket` and `socketpair` are looked at by their arguments.
_SOCKETS: Final = {
    "connect": 42, "accept": 43, "sendto": 44, "recvfrom": 45, "sendmsg": 46, "recvmsg": 47, "shutdown": 48,
    "bind": 49, "listen": 50, "getsockname": 51, "getpeername": 52, "getsockopt": 55,
    "accept4": 288, "recvmmsg": 299, "sendmmsg": 307,
}  # fmt: skip

_PROCESSES: Final = {
    "rt_sigaction": 13, "rt_sigprocmask": 14, "rt_sigreturn": 15, "sched_yield": 24, "pause": 34, "getpid": 39,
    "fork": 57, "vfork": 58, "execve": 59, "exit": 60, "wait4": 61, "kill": 62, "setpgid": 109, "getppid": 110,
    "getpgrp": 111, "setsid": 112, "getpgid": 121, "getsid": 124, "capget": 125, "rt_sigpending": 127,
    "rt_sigtimedwait": 128, "rt_sigqueueinfo": 129, "rt_sigsuspend": 130, "sigaltstack": 131, "getpriority": 140,
    "setpriority": 141, "sched_getparam": 143, "sched_getscheduler": 145, "sched_get_priority_max": 146,
    "sched_get_priority_min": 147, "gettid": 186, "tkill": 200, "futex": 202, "sched_getaffinity": 204,
    "set_tid_address": 218, "restart_syscall": 219, "exit_group": 231, "tgkill": 234, "waitid": 247,
    "set_robust_list": 273, "get_robust_list": 274, "rt_tgsigqueueinfo": 297, "prlimit64": 302, "membarrier": 324,
    "rseq": 334,
}  # fmt: skip

_FACTS_AND_CLOCKS: Final = {
    "nanosleep": 35, "getitimer": 36, "alarm": 37, "setitimer": 38, "uname": 63, "gettimeofday": 96, "getrlimit": 97,
    "getrusage": 98, "sysinfo": 99, "times": 100, "getuid": 102, "getgid": 104, "geteuid": 107, "getegid": 108,
    "getgroups": 115, "getresuid": 118, "getresgid": 120, "setrlimit": 160, "time": 201, "timer_create": 222,
    "timer_settime": 223, "timer_gettime": 224, "timer_getoverrun": 225, "timer_delete": 226, "clock_gettime": 228,
    "clock_getres": 229, "clock_nanosleep": 230, "getcpu": 309, "getrandom": 318,
}  # fmt: skip

ALLOWED: Final = frozenset(
    number
    for group in (_FILES, _WAITING, _MEMORY, _SOCKETS, _PROCESSES, _FACTS_AND_CLOCKS)
    for number in group.values()
)

#: Of local sockets only: guests with services over TCP may not.
LISTEN: Final = _SOCKETS["listen"]

#: Looked at by their arguments.
MMAP: Final = 9
IOCTL: Final = 16
SOCKET: Final = 41
SOCKETPAIR: Final = 53
SETSOCKOPT: Final = 54
CLONE: Final = 56
FCNTL: Final = 72
PRCTL: Final = 157
ARCH_PRCTL: Final = 158

#: Answered with "no such call", because the C library then falls back to an older one that can be looked at.
CLONE3: Final = 435
#: From here on calls are too new for the C library to rely on, and are "no such call" too.
FIRST_UNKNOWN: Final = 453
