"""What an operator can do about a layer that is missing."""

from __future__ import annotations

from typing import Final

_CURES: Final = {
    "machine": "Run the judge on Linux on x86_64.",
    "mounts": "Run as root, or allow user namespaces; in a container, allow mounts and an unmasked /proc.",
    "pids": "Run as root, or allow user namespaces.",
    "network": "Run as root, or allow user namespaces.",
    "ipc": "Run as root, or allow user namespaces.",
    "uts": "Run as root, or allow user namespaces.",
    "identity": (
        "As an ordinary user: allow user namespaces (sysctl user.max_user_namespaces, and on Ubuntu "
        "kernel.apparmor_restrict_unprivileged_userns=0, or an AppArmor profile). Or run as root."
    ),
    "no_new_privs": "Use a kernel of 5.14 or later.",
    "rlimits": "Raise the limits of the user that runs the judge.",
    "landlock": "Use a kernel of 5.14 or later with Landlock in its list of security modules (lsm=landlock,...).",
    "seccomp": "Use a kernel with seccomp filters; in a container, don't forbid the call seccomp.",
    "watchdog": "Mount /proc without hidepid.",
    "descriptors": "Use a kernel of 5.14 or later.",
}


def cure_for(layer: str) -> str:
    """A sentence for the person who runs the machine."""
    return _CURES.get(layer, "Run `djudge doctor`.")
