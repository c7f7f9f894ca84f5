"""Whether a folder lies on a network file system, where SQLite's shared memory does not work."""

from __future__ import annotations

from pathlib import Path

MOUNT_TABLE = Path("/proc/mounts")
NETWORK_TYPES = frozenset(
    {"9p", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "glusterfs", "gpfs", "lustre", "ncpfs", "nfs", "nfs4"}
    | {"orangefs", "smb3", "smbfs", "fuse.beegfs", "fuse.cephfs", "fuse.glusterfs", "fuse.juicefs", "fuse.rclone"}
    | {"fuse.s3fs", "fuse.sshfs"}
)


def network_type(folder: Path) -> str | None:
    """The type of the network file system that holds a folder; None for a local one, or where it cannot be told."""
    try:
        table = MOUNT_TABLE.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:  # no Linux
        return None
    found = mounted_type(folder.resolve(), table)
    return found if found in NETWORK_TYPES else None


def mounted_type(folder: Path, table: str) -> str | None:
    r"""The type of the file system that is mounted nearest above a folder; of two at one place the later counts.

    Args:
        folder: An absolute path.
        table: Lines of `device place type options ...`, blanks in them written as octal escapes.

    >>> from pathlib import PurePosixPath
    >>> mounted_type(PurePosixPath("/data/my set/w"), "/dev/sda / ext4 rw 0 0\nhost:/d /data/my\\040set nfs4 rw 0 0")
    'nfs4'
    """
    best, found = -1, None
    for line in table.splitlines():
        fields = line.split()
        if len(fields) < 3:
            continue
        place = Path(_unescaped(fields[1]))
        if folder.is_relative_to(place) and len(place.parts) >= best:
            best, found = len(place.parts), fields[2]
    return found


def _unescaped(text: str) -> str:
    for escape, char in ((r"\040", " "), (r"\011", "\t"), (r"\012", "\n"), (r"\134", "\\")):
        text = text.replace(escape, char)
    return text
