"""The session cookie's name."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from regrade.web.sessions import cookie_name
from regrade.workflow.workspace import Workspace, open_workspace


def test_two_workspaces_on_one_host_do_not_share_a_cookie(still_ws: Workspace, template: Path, tmp_path: Path) -> None:
    folder = tmp_path / "other"
    shutil.copytree(template, folder)
    (folder / "secret").write_bytes(bytes(range(32)))
    with open_workspace(folder) as other:
        assert cookie_name(other) != cookie_name(still_ws)
    assert re.fullmatch(r"regrade_[0-9a-f]{8}", cookie_name(still_ws))
