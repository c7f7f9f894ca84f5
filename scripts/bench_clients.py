"""Reviewers and a reader of results as a browser would ask for them: the process that `bench_server` starts."""

from __future__ import annotations

import gzip
import json
import random
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse, RemoteDisconnected
from typing import Any
from urllib.parse import urlencode, urlsplit

N_GALLERY, N_THUMBS, N_CONNECTIONS = 40, 200, 6
PACES = {"": (2.0, 6.0), ", in a hurry": (0.5, 1.5)}
"""Seconds that a reviewer looks at a screen, drawn anew each time: as quick people do, and faster than anybody can."""
VERDICTS = ("correct", "wrong", "wrong", "unclear")
_FORM = re.compile(r'<form class="screen".*?</form>', re.DOTALL)
_NAMES = re.compile(r'name="(verdict-\d+)"')
_GZIP = b"\x1f\x8b"
_MEDIA = re.compile(r'(?:src|data-src)="(/media/[0-9a-f]+(?:/thumb)?)"')


@dataclass
class Seen:
    """What one client met: seconds by kind of request, and what was acknowledged."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    acknowledged: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    n_bytes: dict[str, int] = field(default_factory=dict)

    def add(self, other: Seen) -> None:
        for kind, seconds in other.seconds.items():
            self.seconds.setdefault(kind, []).extend(seconds)
        self.acknowledged += other.acknowledged
        self.errors += other.errors
        self.n_bytes.update(other.n_bytes)


class UnexpectedAnswerError(Exception):
    """The server did not say 200."""


class Client:
    """One connection that is kept open, a cookie, and a stop watch."""

    def __init__(self, url: str, seen: Seen) -> None:
        self.origin, self.seen = url, seen
        self.connection = HTTPConnection(urlsplit(url).netloc, timeout=30)
        self.headers: dict[str, str] = {}

    def log_in(self, name: str, password: str) -> None:
        answer, _ = self._ask("POST", "/login", {"name": name, "password": password}, "text/html")
        cookie = answer.headers.get("set-cookie", "")
        if answer.status != 303 or not cookie:
            raise SystemExit(f"{name} could not log in: {answer.status}.")
        self.headers["cookie"] = cookie.split(";")[0]

    def get(self, kind: str, path: str) -> str:
        return self._time(kind, "GET", path, None, "text/html").decode("utf-8", "replace")

    def get_bytes(self, kind: str, path: str) -> bytes:
        return self._time(kind, "GET", path, None, "*/*")

    def post(self, kind: str, path: str, fields: dict[str, str]) -> Any:
        return json.loads(self._time(kind, "POST", path, fields, "application/json"))

    def _time(self, kind: str, method: str, path: str, fields: dict[str, str] | None, accept: str) -> bytes:
        start = time.perf_counter()
        answer, body = self._ask(method, path, fields, accept)
        self.seen.seconds.setdefault(kind, []).append(time.perf_counter() - start)
        if answer.status != 200:
            self.seen.errors.append(f"{method} {path.partition('?')[0]}: {answer.status}")
            raise UnexpectedAnswerError(answer.status)
        return body

    def _ask(self, method: str, path: str, fields: dict[str, str] | None, accept: str) -> tuple[HTTPResponse, bytes]:
        headers = {**self.headers, "accept": accept}
        if method == "POST":
            headers |= {"origin": self.origin, "content-type": "application/x-www-form-urlencoded"}
        try:
            return self._send(method, path, fields, headers)
        except (RemoteDisconnected, ConnectionResetError, BrokenPipeError):  # it was not used for a while
            self.connection.close()
            return self._send(method, path, fields, headers)

    def _send(
        self, method: str, path: str, fields: dict[str, str] | None, headers: dict[str, str]
    ) -> tuple[HTTPResponse, bytes]:
        self.connection.request(method, path, urlencode(fields) if fields else None, headers)
        answer = self.connection.getresponse()
        return answer, answer.read()


def review(url: str, name: str, password: str, seconds: float, pace: str) -> Seen:
    """Answer screens until the time is over, asking for the next ones after each receipt as the page's script does."""
    seen, rng = Seen(), random.Random(name)  # noqa: S311 - the same answers in every run
    client = Client(url, seen)
    client.log_in(name, password)
    end = time.monotonic() + seconds
    waiting, kept = read_forms(client.get(f"first screens{pace}", "/review")), set[str]()
    try:
        while waiting and time.monotonic() < end:
            time.sleep(rng.uniform(*PACES[pace]))
            screen, form = waiting.popitem()
            verdicts = {name: rng.choice(VERDICTS) for name in dict.fromkeys(_NAMES.findall(form))}
            key = f"{name}-{screen}"
            client.post(f"saving a review{pace}", "/review", {"screen": screen, "key": key, "seconds": "1", **verdicts})
            seen.acknowledged.append(key)
            have = urlencode({"have": " ".join(waiting)})
            fresh = client.get(f"next item{pace}", f"/review?{have}")
            for path in sorted({*_MEDIA.findall(fresh)} - kept):  # a browser keeps images for an hour
                client.get_bytes(f"image{pace}", path)
                kept.add(path)
            waiting = read_forms(fresh) | waiting
    except UnexpectedAnswerError:
        pass  # it is counted
    return seen


def read_forms(page: str) -> dict[str, str]:
    """Screens in the page, the current one last."""
    forms = _FORM.findall(page)
    return {form.partition('data-screen="')[2].partition('"')[0]: form for form in reversed(forms)}


def look_at_results(url: str, name: str, password: str) -> Seen:
    """The gallery again and again, and its thumbnails over as many connections as a browser opens."""
    seen = Seen()
    client = Client(url, seen)
    client.log_in(name, password)
    page = client.get("first gallery page", "/mistakes")
    thumbs = list(dict.fromkeys(path for path in _MEDIA.findall(page) if path.endswith("/thumb")))
    if len(thumbs) < N_THUMBS * 0.9:  # an item may stand there with two classes
        raise SystemExit(f"The gallery shows {len(thumbs)} thumbnails.")
    clients = [Client(url, Seen()) for _ in range(N_CONNECTIONS)]
    for own in clients:
        own.headers = client.headers
    with ThreadPoolExecutor(N_CONNECTIONS) as pool:
        for turn in range(N_GALLERY + 1):
            start = time.perf_counter()
            page = client.get("gallery page" if turn else "second gallery page", "/mistakes")
            list(pool.map(fetch_all, clients, (thumbs[first::N_CONNECTIONS] for first in range(N_CONNECTIONS))))
            kind = f"gallery page and its {N_THUMBS} thumbnails" if turn else "gallery with cold thumbnails"
            seen.seconds.setdefault(kind, []).append(time.perf_counter() - start)
    return seen


def fetch_all(client: Client, paths: list[str]) -> None:
    for path in paths:
        client.get_bytes("thumbnail", path)


def weigh_first_load(url: str, name: str, password: str) -> int:
    """Bytes of the review page with its styles and scripts, images left out."""
    client = Client(url, Seen())
    client.log_in(name, password)
    client.headers["accept-encoding"] = "gzip"
    todo, sizes = ["/review"], {}
    while todo:
        path = todo.pop()
        body = client.get_bytes("part", path)
        sizes[path] = len(body)
        body = gzip.decompress(body) if body.startswith(_GZIP) else body
        text = body.decode("utf-8", "replace")
        found = re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"', text) if path == "/review" else []
        base = path.rpartition("/")[0]
        found += [f"{base}/{name}" for name in re.findall(r'from "\./([\w.]+)"', text)] if path.endswith(".js") else []
        todo += [path for path in dict.fromkeys(found) if path not in sizes and path not in todo]
    return sum(sizes.values())


def main() -> None:
    sys.setswitchinterval(0.0005)  # the clients wait for each other as little as can be
    given = json.loads(sys.argv[1])
    url, password, names = given["url"], given["password"], given["reviewers"]
    n_bytes = weigh_first_load(url, names[0], password)
    seen = Seen()
    for pace in PACES:
        with ThreadPoolExecutor(len(names)) as pool:
            for own in pool.map(lambda name, pace=pace: review(url, name, password, given["seconds"], pace), names):
                seen.add(own)
    seen.add(look_at_results(url, given["admin"], password))
    out = {"seconds": seen.seconds, "acknowledged": seen.acknowledged, "errors": seen.errors, "first_load": n_bytes}
    print(json.dumps(out))


if __name__ == "__main__":
    main()
