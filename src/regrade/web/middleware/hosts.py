"""Refuse requests whose Host header names another host: a page that rebinds its DNS name to us gets nothing."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from regrade.web.errors import Refusal, refuse

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})


class HostMiddleware:
    """Lets through only requests for a known host, on any port (an SSH tunnel may use another).

    Attributes:
        names: Lower-case host names that are ours.
        addresses: Whether any IP address is: right where the server listens on a network, since an address cannot be
            rebound as a name can.
    """

    def __init__(self, app: ASGIApp, *, names: Iterable[str], addresses: bool = False) -> None:
        self.app = app
        self.names = frozenset(name.lower() for name in names)
        self.addresses = addresses

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 400 unless the one Host header names us."""
        if scope["type"] == "http" and not self._is_ours(Headers(scope=scope).getlist("host")):
            error = Refusal(400, "unknown_host", "This server does not answer to that host name.")
            await refuse(error, scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _is_ours(self, hosts: list[str]) -> bool:
        target = split_host(hosts[0]) if len(hosts) == 1 else None
        if target is None:
            return False
        name = (target.hostname or "").rstrip(".")
        return name in self.names or (self.addresses and _is_address(name))


def split_host(host: str) -> SplitResult | None:
    """A Host header's parts; None if it is anything but a host and perhaps a port."""
    try:
        target = urlsplit(f"//{host}")  # raises for brackets that hold no address
        _ = target.port  # and this for a port that is none
    except ValueError:
        return None
    is_bare = target.netloc == host and "@" not in host and not any(sign.isspace() for sign in host)
    return target if is_bare and target.hostname else None


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
