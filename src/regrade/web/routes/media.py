"""Images, by an opaque token."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from regrade.web.deps import CurrentWorkspace
from regrade.workflow.media import ImageSize, render_media
from regrade.workflow.workspace import Workspace

router = APIRouter()


@router.get("/media/{token}")
def send_image(request: Request, ws: CurrentWorkspace, token: str) -> Response:
    """An item's image."""
    return answer_with_image(request, ws, token, "full")


@router.get("/media/{token}/thumb")
def send_thumbnail(request: Request, ws: CurrentWorkspace, token: str) -> Response:
    """The same, small."""
    return answer_with_image(request, ws, token, "thumb")


def answer_with_image(request: Request, ws: Workspace, token: str, size: ImageSize) -> Response:
    """The image, or that it is as the browser has it. What comes out of a cache tells no more than the image."""
    image = render_media(ws, token, size=size)
    etag = f'"{image.etag}"'
    headers = {
        "cache-control": "private, max-age=3600",
        "content-security-policy": "default-src 'none'; sandbox",
        "etag": etag,
    }
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(image.data, media_type=image.media_type, headers=headers)
