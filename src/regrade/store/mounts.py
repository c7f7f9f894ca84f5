"""Keeps SQLite off network file systems, where the shared memory of its log does not work."""

from __future__ import annotations

from pathlib import Path, PurePath

from regrade.errors import StoreError

MOUNT_TABLE = Path("/proc/mounts")
NETWORK_TYPES = frozenset(
    {"9p", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "glusterfs", "gpfs", "lustre", "ncpfs", "nfs", "nfs4"}
    | {"orangefs", "smb3", "smbfs", "fuse.beegfs", "fuse.cephfs", "fuse.glusterfs", "fuse.juicefs", "fuse.rclone"}
    | {"fuse.s3fs", "fuse.sshfs"}
)


def refuse_network(folder: Path, *, mount_table: Path = MOUNT_TABLE) -> None:
    """Refuse a folder on a network file system; where there is no mount table (no Linux), it cannot be told.

    Raises:
        StoreError: The folder is on one.
    """
    try:
        table = mount_table.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return
    kind = mounted_type(folder.resolve(), table)
    if kind in NETWORK_TYPES:
        raise StoreError(
            f"{folder} lies on a network file system ({kind}), where SQLite can lose or damage data.",
            remedy="Choose a folder on a local disk, or use PostgreSQL (REGRADE_DATABASE_URL).",
        )


def mounted_type(folder: PurePath, table: str) -> str | None:
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
        place = PurePath(_unescaped(fields[1]))
        if folder.is_relative_to(place) and len(place.parts) >= best:
            best, found = len(place.parts), fields[2]
    return found


def _unescaped(text: str) -> str:
    for escape, char in ((r"\040", " "), (r"\011", "\t"), (r"\012", "\n"), (r"\134", "\\")):
        text = text.replace(escape, char)
    return text
