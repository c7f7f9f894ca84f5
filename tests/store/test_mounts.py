"""Which file system a folder is on."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from regrade.errors import StoreError
from regrade.store.mounts import mounted_type, refuse_network

TABLE = """\
/dev/vda / ext4 rw,relatime 0 0
server:/export /data nfs4 rw 0 0
/dev/vdb /data/local xfs rw 0 0
user@host: /home/me/far\\040away fuse.sshfs rw 0 0
//host/share /srv cifs rw 0 0
tmpfs /srv tmpfs rw 0 0
broken line
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/elsewhere", "ext4"),
        ("/data", "nfs4"),
        ("/data/sets/a", "nfs4"),
        ("/database", "ext4"),
        ("/data/local/a", "xfs"),
        ("/home/me/far away/w", "fuse.sshfs"),
        # Two mounts at one place: the later one hides the earlier.
        ("/srv/w", "tmpfs"),
    ],
)
def test_the_nearest_mount_counts(folder: str, kind: str) -> None:
    assert mounted_type(PurePosixPath(folder), TABLE) == kind


def test_no_mount_at_all_is_unknown() -> None:
    assert mounted_type(PurePosixPath("/elsewhere"), "") is None


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "ceph"])
def test_a_network_file_system_is_refused(tmp_path: Path, kind: str) -> None:
    table = tmp_path / "mounts"
    table.write_text(f"somewhere / {kind} rw 0 0\n", encoding="utf-8")
    with pytest.raises(StoreError, match=rf"network file system \({kind}\).*Choose a folder on a local disk"):
        refuse_network(tmp_path, mount_table=table)


def test_a_local_one_and_an_unknown_one_are_accepted(tmp_path: Path) -> None:
    table = tmp_path / "mounts"
    table.write_text("/dev/vda / ext4 rw 0 0\n", encoding="utf-8")
    refuse_network(tmp_path, mount_table=table)
    refuse_network(tmp_path, mount_table=tmp_path / "no such file")
