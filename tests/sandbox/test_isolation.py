"""What a guest can reach: nothing of the judge, of other guests, of the machine. Refused with the right error."""

from __future__ import annotations

import os
import socket
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.sandbox.conftest import is_root, run_code, start_code

import djudge
from djudge.engine.sandbox.contract import Layer
from djudge.engine.sandbox.sandbox import Sandbox

CHECKOUT = Path(djudge.__file__).parents[2]
BARE_CALLS = (Layer.SECCOMP, Layer.LANDLOCK)

#: `attempt(action)` prints the name of the error, or what the action gave.
ATTEMPT = """
import ctypes, errno, os, signal, socket, sys
libc = ctypes.CDLL(None, use_errno=True)
def call(number, *arguments):
    result = libc.syscall(number, *arguments)
    if result == -1:
        raise OSError(ctypes.get_errno(), "refused")
    return result
def attempt(action):
    try:
        value = action()
    except OSError as error:
        print(errno.errorcode.get(error.errno, error))
    else:
        print("done", value if isinstance(value, (int, str)) else "")
"""


def attempts(sandbox: Sandbox, *actions: str) -> list[str]:
    """What each action came to."""
    lines = "\n".join(f"attempt(lambda: {action})" for action in actions)
    status, output = run_code(sandbox, f"{ATTEMPT}\n{lines}")
    assert status == 0, output
    return [line.strip() for line in output.splitlines()]


CALLS = {
    "ptrace": (101, 16, 1), "process_vm_readv": (310, 1, 0, 0, 0, 0, 0), "process_vm_writev": (311, 1, 0, 0,
    0, 0, 0), "pidfd_open": (434, 1, 0), "pidfd_getfd": (438, 3, 0, 0), "kcmp": (312, 1, 1, 0, 0, 0),
    "mount": (165, 0, 0, 0, 0, 0), "umount2": (166, 0, 0), "pivot_root": (155, 0, 0), "chroot": (161, 0),
    "unshare(user)": (272, 0x10000000), "unshare(mount)": (272, 0x20000), "setns": (308, 0, 0),
    "clone(user)": (56, 0x10000011, 0, 0, 0, 0), "clone(pid)": (56, 0x20000011, 0, 0, 0, 0), "open_tree":
    (428, 0, 0, 0), "fsopen": (430, 0, 0), "move_mount": (429, 0, 0, 0, 0, 0), "setuid": (105, 0), "setgid":
    (106, 0), "setgroups": (116, 0, 0), "setresuid": (117, 0, 0, 0), "capset": (126, 0, 0), "keyctl": (250,
    0, 0), "add_key": (248, 0, 0, 0, 0, 0), "request_key": (249, 0, 0, 0, 0), "io_uring_setup": (425, 1, 0),
    "bpf": (321, 0, 0, 0), "perf_event_open": (298, 0, 0, 0, 0, 0), "userfaultfd": (323, 0),
    "open_by_handle_at": (304, 0, 0, 0), "name_to_handle_at": (303, 0, 0, 0, 0, 0), "personality": (135,
    0x0040000), "iopl": (172, 3), "modify_ldt": (154, 1, 0, 0), "kexec_load": (246, 0, 0, 0, 0),
    "init_module": (175, 0, 0, 0), "reboot": (169, 0, 0, 0, 0), "swapon": (167, 0, 0), "sethostname": (170,
    0, 0), "syslog": (103, 10, 0, 0), "clock_settime": (227, 0, 0), "quotactl": (179, 0, 0, 0, 0), "acct":
    (163, 0), "execveat": (322, 0, 0, 0, 0, 0), "sync": (162,), "seccomp": (317, 0, 0, 0), "landlock": (444,
    0, 0, 1), "sched_setaffinity": (203, 0, 0, 0), "mknod": (133, 0, 0o010600, 0), "fanotify_init": (300, 0,
    0), "inotify_init1": (294, 0), "vmsplice": (278, 0, 0, 0, 0), "memfd_secret": (447, 0),
    "ioctl(TIOCSTI)": (16, 0, 0x5412, 0), "fcntl(F_SETPIPE_SZ)": (72, 1, 1031, 1 << 20), "prctl(PR_SET_MM)":
    (157, 35, 0, 0, 0, 0), "prctl(PR_SET_PDEATHSIG)": (157, 1, 0, 0, 0, 0),
}  # fmt: skip


def test_calls_outside_the_list_are_refused_each_with_the_same_error(sandbox: Sandbox) -> None:  # B03, B04
    told = attempts(sandbox, *(f"call{numbers}" for numbers in CALLS.values()))
    assert dict(zip(CALLS, told, strict=True)) == dict.fromkeys(CALLS, "EPERM")


def test_calls_that_the_c_library_can_do_without_are_unknown(sandbox: Sandbox) -> None:
    assert attempts(sandbox, "call(435, 0, 0)", "call(453, 0)", "call(9999, 0)") == ["ENOSYS"] * 3


def test_without_seccomp_the_same_calls_reach_the_kernel(bare: Callable[..., Sandbox]) -> None:
    told = attempts(bare(Layer.SECCOMP), "os.memfd_create('x') > 0", "call(294, 0) > 0", "call(162)")
    assert told == ["done True", "done True", "done 0"]


FOREIGN = """
import ctypes, mmap
code = mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=7)
code.write(bytes.fromhex({code!r}))
address = ctypes.addressof(ctypes.c_char.from_buffer(code))
print("called", ctypes.CFUNCTYPE(ctypes.c_int)(address)())
"""
#: getpid in the table of 32-bit calls by `int 0x80`, and in the x32 table by `syscall`; then `ret`.
FOREIGN_CALLS = {"32 bit": "b814000000cd80c3", "x32": "b8270000400f05c3"}


@pytest.mark.parametrize("code", FOREIGN_CALLS.values(), ids=FOREIGN_CALLS.keys())
def test_calls_of_another_table_end_the_process(
    sandbox: Sandbox, bare: Callable[..., Sandbox], code: str
) -> None:  # B05
    child = f"""
import os
if os.fork() == 0:
    {textwrap.indent(FOREIGN.format(code=code), "    ").strip()}
    os._exit(0)
print("signal", os.WTERMSIG(os.wait()[1]))
"""
    assert run_code(sandbox, child) == (0, "signal 31\n")
    status, output = run_code(bare(Layer.SECCOMP), FOREIGN.format(code=code))
    assert status == 0
    assert "called" in output


def test_signals_reach_nobody_outside(sandbox: Sandbox) -> None:  # B03
    told = attempts(sandbox, f"os.kill({os.getpid()}, 9)", "os.kill(2, 9)", "os.getppid()", "os.killpg(0, 0)")
    assert told == ["ESRCH", "ESRCH", "done 0", "done"]


def test_without_a_process_namespace_the_judge_can_at_least_be_seen(bare: Callable[..., Sandbox]) -> None:
    told = attempts(bare(Layer.PIDS, Layer.LANDLOCK), "os.getppid() > 0", "os.getpid() > 1")
    assert told == ["done True", "done True"]


NETWORK = {
    "TCP": "socket.socket()",
    "UDP, DNS": "socket.socket(type=socket.SOCK_DGRAM)",
    "IPv6": "socket.socket(socket.AF_INET6)",
    "packet": "socket.socket(socket.AF_PACKET, socket.SOCK_RAW)",
    "raw": "socket.socket(type=socket.SOCK_RAW)",
    "netlink": "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
    "vsock": "socket.socket(socket.AF_VSOCK)",
    "metadata": "socket.create_connection(('169.254.169.254', 80), 1)",
}


def test_only_unix_sockets_can_be_made(sandbox: Sandbox) -> None:  # C01
    told = attempts(sandbox, *NETWORK.values(), "socket.socket(socket.AF_UNIX).close()")
    assert dict(zip(NETWORK, told, strict=False)) == dict.fromkeys(NETWORK, "EPERM")
    assert told[-1] == "done"


@pytest.fixture
def server() -> Iterator[int]:
    """A server of the judge's machine."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def test_each_network_layer_holds_alone(bare: Callable[..., Sandbox], server: int) -> None:
    connect = f"socket.create_connection(('127.0.0.1', {server}), 2).close()"
    assert attempts(bare(*BARE_CALLS), connect) == ["ENETUNREACH"]
    assert attempts(bare(Layer.SECCOMP, Layer.NETWORK), connect) == ["EACCES"]
    assert attempts(bare(Layer.LANDLOCK, Layer.NETWORK), connect) == ["EPERM"]
    assert attempts(bare(*BARE_CALLS, Layer.NETWORK), connect) == ["done"]


def test_abstract_sockets_of_others_do_not_answer(sandbox: Sandbox, bare: Callable[..., Sandbox]) -> None:  # C03
    connect = "socket.socket(socket.AF_UNIX).connect('\\0djudge-test')"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("\0djudge-test")
        listening.listen()
        assert attempts(sandbox, connect) == ["ECONNREFUSED"]
        assert attempts(bare(Layer.NETWORK, Layer.LANDLOCK), connect) == ["done"]


WALK = """
import os, sys
words = [word.replace("-", "").encode() for word in {words!r}]
found, files, size = [], 0, 0
for folder, folders, names in os.walk("/"):
    for name in folders + names:
        path = os.path.join(folder, name)
        if any(word in os.fsencode(path) for word in words):
            found.append(path)
    for name in names:
        path = os.path.join(folder, name)
        files += 1
        if os.path.islink(path) or not os.path.isfile(path) or not path.startswith({searched!r}):
            continue
        try:
            content = open(path, "rb").read()
        except OSError:
            continue
        size += len(content)
        found += [path for word in words if word in content]
sys.stdout.write(f"{{files > 500}} {{size > 1000000}} {{sorted(set(found))}}")
"""


def test_the_guests_root_holds_no_engine_no_pack_and_no_path_of_ours(bare: Callable[..., Sandbox]) -> None:  # B01
    """Seen without Landlock, so that the mounts alone are judged. The words are split, to not find themselves."""
    searched = ("/app", "/env", "/run", "/tmp", "/dev", "/opt", "/home", "/proc", "/sys", "/etc", "/var", "/work")
    code = WALK.format(words=["dju-dge", f"{str(CHECKOUT)[:3]}-{str(CHECKOUT)[3:]}/"], searched=searched)
    status, output = run_code(bare(Layer.LANDLOCK), code)
    assert (status, output) == (0, "True True []")


def test_without_mounts_the_walk_would_find_us(bare: Callable[..., Sandbox]) -> None:
    code = f"import os; print(os.path.exists('/host{CHECKOUT}/pyproject.toml'))"
    assert run_code(bare(Layer.MOUNTS, Layer.LANDLOCK), code) == (0, "True\n")
    assert run_code(bare(Layer.LANDLOCK), code) == (0, "False\n")


def test_landlock_holds_where_a_mount_was_forgotten(bare: Callable[..., Sandbox]) -> None:
    reading, listing = "open('/host/etc/passwd').close()", "len(os.listdir('/host')) > 3"
    assert attempts(bare(Layer.MOUNTS), reading, listing, "os.mkdir('/new')") == ["EACCES"] * 3
    assert attempts(bare(Layer.MOUNTS, Layer.LANDLOCK), reading, listing) == ["done", "done True"]


def test_the_root_is_what_it_should_be(bare: Callable[..., Sandbox]) -> None:
    status, output = run_code(bare(Layer.LANDLOCK), """
        import os
        print(sorted(os.listdir("/")))
        print(sorted(os.listdir("/dev")), os.listdir("/run"), os.getcwd(), os.listdir("."))
    """)  # fmt: skip
    assert status == 0
    top = set(eval(output.splitlines()[0]))
    assert {"app", "dev", "env", "lib", "run", "tmp", "usr"} <= top
    assert not top & {"proc", "sys", "etc", "home", "host", "opt", "var", "work"}
    assert "['null', 'random', 'shm', 'urandom'] ['postgresql'] /app ['attempt.py']" in output


def test_packages_of_the_judges_interpreter_are_covered(sandbox: Sandbox) -> None:
    told = attempts(sandbox, "len(os.listdir(os.path.dirname(os.__file__) + '/site-packages'))")
    assert told == ["done 0"]


def test_nothing_but_the_temporary_folders_can_be_written(
    sandbox: Sandbox, bare: Callable[..., Sandbox]
) -> None:  # B02, D02
    interpreter = "os.path.dirname(os.__file__)"
    places = ("'/'", "'/app'", "'/env'", "'/env/django'", interpreter, "'/usr/lib'", "'/run/postgresql'", "'/dev'")
    writing = [f"open({place} + '/new', 'w')" for place in places]
    removing = ["os.unlink('/env/django/__init__.py')", "os.unlink('/app/attempt.py')", "os.rename('/app', '/x')"]
    assert set(attempts(sandbox, *writing, *removing)) <= {"EROFS", "EBUSY", "EACCES", "EPERM"}
    assert set(attempts(bare(Layer.LANDLOCK), *writing, *removing)) <= {"EROFS", "EBUSY", "EACCES"}
    allowed = ("open('/tmp/new', 'w').close()", "open('/dev/shm/new', 'w').close()")
    assert attempts(sandbox, *allowed) == ["done"] * 2


def test_what_is_brought_along_can_not_be_run_or_loaded(sandbox: Sandbox) -> None:  # B07
    told = attempts(
        sandbox,
        "__import__('shutil').copy(sys.executable, '/tmp/python') and os.chmod('/tmp/python', 0o755)",
        "os.execv('/tmp/python', ['python', '-V'])",
        "__import__('shutil').copy(__import__('_ctypes').__file__, '/tmp/brought.so') and None",
        "ctypes.CDLL('/tmp/brought.so')",
    )
    assert told[1] == "EACCES"
    assert "done" not in told[3]


def test_each_layer_of_rights_holds_alone(bare: Callable[..., Sandbox]) -> None:
    mount = "call(165, b'none', b'/tmp', b'tmpfs', 0, 0)"
    assert attempts(bare(*BARE_CALLS), mount) == ["EPERM"]
    assert attempts(bare(*BARE_CALLS, Layer.IDENTITY), mount) == ["done 0"]


def test_the_name_of_the_machine_is_hidden(sandbox: Sandbox) -> None:
    assert attempts(sandbox, "os.uname().nodename", "__import__('platform').node()") == ["done guest"] * 2


NAMESPACES = {Layer.NETWORK: "net", Layer.IPC: "ipc", Layer.UTS: "uts", Layer.PIDS: "pid"}


@pytest.mark.parametrize(("layer", "name"), NAMESPACES.items())
def test_guests_of_one_zygote_share_no_namespace(bare: Callable[..., Sandbox], layer: Layer, name: str) -> None:
    """Read where the root is the zygote's, which has a list of processes."""
    apart = _of_two_guests(bare(Layer.MOUNTS, Layer.LANDLOCK), name)
    assert len({*apart, os.readlink(f"/proc/self/ns/{name}")}) == 3
    together = _of_two_guests(bare(Layer.MOUNTS, Layer.LANDLOCK, layer), name)
    assert len({*together}) == 1


def _of_two_guests(sandbox: Sandbox, name: str) -> list[str]:
    code = f"import os, time; print(os.readlink('/proc/self/ns/{name}')); time.sleep(0.2)"
    with start_code(sandbox, code) as one, start_code(sandbox, code) as other:
        return [guest.wait().output.decode().strip() for guest in (one, other)]


def test_nothing_is_open_but_four(sandbox: Sandbox, bare: Callable[..., Sandbox]) -> None:  # B06
    count = """
        import os
        found = []
        for number in range(200):
            try:
                os.fstat(number)
                found.append(number)
            except OSError:
                pass
        print(found)
    """
    assert run_code(sandbox, count) == (0, "[0, 1, 2, 3]\n")
    status, output = run_code(bare(Layer.DESCRIPTORS), count)
    assert status == 0
    assert len(eval(output)) > 6


def test_the_database_socket_can_be_reached_and_not_removed(sandbox: Sandbox, tmp_path: Path) -> None:  # B02
    folder = tmp_path / "sockets"
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(folder / ".s.PGSQL.5432"))
        (folder / ".s.PGSQL.5432").chmod(0o777)
        listening.listen()
        code = ATTEMPT + textwrap.dedent("""
            place = "/run/postgresql/.s.PGSQL.5432"
            attempt(lambda: socket.socket(socket.AF_UNIX).connect(place))
            attempt(lambda: os.unlink(place))
            attempt(lambda: os.rename(place, place + "x"))
            attempt(lambda: open("/run/postgresql/new", "w"))
        """)
        status, output = run_code(sandbox, code, socket_folder=folder)
    assert (status, output.split()) == (0, ["done", "EROFS", "EROFS", "EROFS"])
    assert (folder / ".s.PGSQL.5432").exists()


def test_nothing_stays_for_the_next_guest(sandbox: Sandbox) -> None:  # D01
    leave = """
        import multiprocessing.shared_memory as shared, os
        open("/tmp/left", "w").close()
        open("/dev/shm/left", "w").close()
        print("left")
    """
    assert run_code(sandbox, leave) == (0, "left\n")
    assert run_code(sandbox, "import os; print(os.listdir('/tmp'), os.listdir('/dev/shm'))") == (0, "[] []\n")


def test_root_is_nobody_inside(sandbox: Sandbox) -> None:
    told = attempts(sandbox, "os.getuid()", "len(os.getgroups())")
    assert told[0] == ("done 1869990001" if is_root() else "done 1000")
    assert told[1] == ("done 0" if is_root() else told[1])
