"""The file system under a database: its permissions, and whether it is on a network."""

import os
from pathlib import Path

NETWORK = frozenset(
    (
        "9p",
        "afs",
        "beegfs",
        "ceph",
        "cifs",
        "davfs",
        "fuse.ceph",
        "fuse.davfs",
        "fuse.gcsfuse",
        "fuse.glusterfs",
        "fuse.rclone",
        "fuse.s3fs",
        "fuse.sshfs",
        "gfs2",
        "glusterfs",
        "gpfs",
        "lustre",
        "ncpfs",
        "nfs",
        "nfs4",
        "ocfs2",
        "orangefs",
        "smb3",
        "smbfs",
        "virtiofs",
    )
)
"""File systems whose files other machines may open, under the names that Linux gives them."""

MOUNTS = Path("/proc/self/mountinfo")


def may_read(path: Path) -> bool:
    """Return whether this process may read a file or folder."""
    return os.access(path, os.R_OK)


def may_write(path: Path) -> bool:
    """Return whether this process may write a file or folder: permissions, and how it is mounted."""
    return os.access(path, os.W_OK)


def network_file_system(path: Path, *, mounts: Path = MOUNTS) -> str | None:
    """Return the kind of the network file system that holds a path, or ``None``.

    Args:
        path: A file that need not exist.
        mounts: The kernel's list of what is mounted; without one the answer is ``None``.
    """
    try:
        lines = mounts.read_text(errors="surrogateescape").splitlines()
    except OSError:
        return None
    real = path.resolve()
    found = [(point, kind) for point, kind in map(_mount, lines) if real.is_relative_to(point)]
    # The longest mount point holds the path; of two at one place the later one hides the earlier.
    kind = max(enumerate(found), key=lambda item: (len(item[1][0].parts), item[0]), default=(0, (real, "")))[
        1
    ][1]
    return kind if kind in NETWORK else None


def _mount(line: str) -> tuple[Path, str]:
    """Return mount point and kind of a line: ``36 35 98:0 /root /point options ... - kind source ...``."""
    left, _, right = line.partition(" - ")
    point = left.split(" ")[4]
    for code, character in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        point = point.replace(code, character)
    return Path(point), right.split(" ")[0]
