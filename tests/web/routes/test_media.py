"""Images: raster only, made anew, named by an opaque token."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from PIL import Image

from regrade.workflow.media import item_token
from regrade.workflow.workspace import Workspace

Enter = Callable[[str], httpx.Client]


def media_file(ws: Workspace, item: int) -> Path:
    return ws.folder / "media" / f"img_{item}.png"


def as_bytes(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def png_that_says(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header claims a size."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def test_an_image_comes_with_its_headers(visitors: dict[str, httpx.Client], still_ws: Workspace) -> None:
    answer = visitors["quillon"].get(f"/media/{item_token(still_ws, 'main', 0)}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["cache-control"] == "private, max-age=3600"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert Image.open(io.BytesIO(answer.content)).size == (160, 120)


def test_an_image_that_the_browser_has_is_not_sent_again(
    visitors: dict[str, httpx.Client], still_ws: Workspace
) -> None:
    client, path = visitors["quillon"], f"/media/{item_token(still_ws, 'main', 0)}/thumb"
    etag = client.get(path).headers["etag"]
    answer = client.get(path, headers={"if-none-match": etag})
    assert (answer.status_code, answer.content) == (304, b"")
    assert client.get(path, headers={"if-none-match": '"other"'}).status_code == 200


def test_the_tag_tells_nothing_of_the_item(visitors: dict[str, httpx.Client], still_ws: Workspace) -> None:
    answer = visitors["quillon"].get(f"/media/{item_token(still_ws, 'main', 3)}")
    assert "img_3" not in str(answer.headers)
    assert "content-disposition" not in answer.headers
    assert "last-modified" not in answer.headers


@pytest.mark.parametrize(
    "token",
    [
        "..%2f..%2fregrade.toml",
        "%2e%2e%2f%2e%2e%2fsecret",
        "img_0.png",
        "0",
        "-1",
        "0000000000000000",
        "g" * 16,
        "0x00000000000000",
        " 00000000000000 ",
        "1_00000000000000",
        "%00",
        "١٢٣٤٥٦٧٨٩٠١٢٣٤٥٦",
        "a" * 4000,
    ],
)
@pytest.mark.parametrize("page", ["/media/{}", "/media/{}/thumb", "/items/{}", "/adjudicate/verdict/{}"])
def test_a_made_up_token_finds_nothing(token: str, page: str, visitors: dict[str, httpx.Client]) -> None:
    assert visitors["ursula"].get(page.format(token)).status_code == 404


HARMFUL = {
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "html": b"<!doctype html><script>alert(1)</script>",
    "pdf": b"%PDF-1.7\n1 0 obj<<>>endobj",
    "empty": b"",
    "truncated png": as_bytes(Image.effect_noise((200, 200), 90), "PNG")[:3000],
    "pixel flood": png_that_says(60_000, 60_000),
    "claims more than it has": png_that_says(4_000, 4_000),
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\nshowpage",
}


@pytest.mark.parametrize("kind", HARMFUL)
def test_what_is_no_sound_raster_image_is_refused(kind: str, enter: Enter, ws: Workspace) -> None:
    media_file(ws, 0).write_bytes(HARMFUL[kind])
    client, token = enter("ursula"), item_token(ws, "main", 0)
    for path in (f"/media/{token}", f"/media/{token}/thumb"):
        answer = client.get(path, headers={"accept": "image/*"})
        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/json"
        assert b"script" not in answer.content
    page = client.get(f"/items/{token}")
    assert page.status_code == 200
    assert "This image cannot be read." in page.text


def test_a_missing_file_is_refused(enter: Enter, ws: Workspace) -> None:
    media_file(ws, 0).unlink()
    assert enter("quillon").get(f"/media/{item_token(ws, 'main', 0)}").status_code == 422


def test_a_link_out_of_the_folder_is_refused(enter: Enter, ws: Workspace, tmp_path: Path) -> None:
    Image.new("RGB", (10, 10)).save(tmp_path / "private.png")
    media_file(ws, 0).unlink()
    media_file(ws, 0).symlink_to(tmp_path / "private.png")
    answer = enter("quillon").get(f"/media/{item_token(ws, 'main', 0)}", headers={"accept": "image/*"})
    assert answer.status_code == 422
    assert str(tmp_path) not in answer.text


ODD = {
    "cmyk": as_bytes(Image.new("CMYK", (100, 80), (10, 200, 30, 0)), "JPEG"),
    "16 bit": as_bytes(Image.new("I;16", (100, 80), 40_000), "PNG"),
    "animated": as_bytes(
        Image.new("P", (100, 80)), "GIF", save_all=True, append_images=[Image.new("P", (100, 80), 3)], duration=50
    ),
    "transparent": as_bytes(Image.new("RGBA", (100, 80), (0, 0, 0, 0)), "PNG"),
    "bilevel": as_bytes(Image.new("1", (100, 80)), "TIFF"),
}


@pytest.mark.parametrize("kind", ODD)
def test_an_odd_image_gives_a_tile(kind: str, enter: Enter, ws: Workspace) -> None:
    media_file(ws, 0).write_bytes(ODD[kind])
    answer = enter("quillon").get(f"/media/{item_token(ws, 'main', 0)}/thumb")
    assert answer.status_code == 200
    assert Image.open(io.BytesIO(answer.content)).size == (100, 80)


def test_a_rotated_photo_stands_upright(enter: Enter, ws: Workspace) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned by 90 degrees
    media_file(ws, 0).write_bytes(as_bytes(Image.new("RGB", (100, 80)), "JPEG", exif=exif.tobytes()))
    client, token = enter("quillon"), item_token(ws, "main", 0)
    assert Image.open(io.BytesIO(client.get(f"/media/{token}").content)).size == (80, 100)


@pytest.mark.parametrize("harm", ["damaged", "missing", "leads away"])
def test_only_those_who_see_results_are_told_the_name_of_a_file_that_cannot_be_read(
    harm: str, enter: Enter, ws: Workspace
) -> None:
    """Many a benchmark keeps its images in a folder for each class."""
    token, file = item_token(ws, "main", 0), media_file(ws, 0)
    file.unlink()
    if harm == "damaged":
        file.write_bytes(b"no image")
    elif harm == "leads away":
        file.symlink_to(ws.folder / "regrade.toml")
    for address in (f"/media/{token}", f"/media/{token}/thumb", f"/api/v1/media/{token}"):
        for name, told in (("ursula", True), ("quillon", False), ("percival", False)):
            answer = enter(name).get(address, headers={"accept": "application/json"})
            assert answer.status_code == 422
            assert ("img_0" in answer.text) is told, (name, address)
            assert "expected a raster image" in answer.text
