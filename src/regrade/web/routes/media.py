"""Images, by an opaque token."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from regrade.panel import Action, may
from regrade.workflow.decoding import ImageSize
from regrade.workflow.kept_images import RenderedImage
from regrade.workflow.media import MediaError, recall_media, render_media
from regrade.workflow.workspace import Workspace


async def send_image(request: Request) -> Response:
    """An item's image."""
    return await answer_with_image(request, request.app.state.workspace, request.path_params["token"], "full")


async def send_thumbnail(request: Request) -> Response:
    """The same, small."""
    return await answer_with_image(request, request.app.state.workspace, request.path_params["token"], "thumb")


MEDIA_ROUTES = (Route("/media/{token}/thumb", send_thumbnail), Route("/media/{token}", send_image))
"""Plain routes: what reads parameters and writes answers for the others takes longer than an image does."""


async def answer_with_image(request: Request, ws: Workspace, token: str, size: ImageSize) -> Response:
    """The image, or that it is as the browser has it. What comes out of a cache tells no more than the image.

    Only what is not in memory takes a thread, since handing over to one takes longer than to send a thumbnail.

    Raises:
        MediaError: It cannot be read. Only those who see results are told which file it is: its name, or its folder's,
            may tell a label.
    """
    image = recall_media(ws, token, size=size)
    if image is None:
        image = await run_in_threadpool(_render, request, ws, token, size)
    etag = f'"{image.etag}"'
    headers = {
        "cache-control": "private, max-age=3600",
        "content-security-policy": "default-src 'none'; sandbox",
        "etag": etag,
    }
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(image.data, media_type=image.media_type, headers=headers)


def _render(request: Request, ws: Workspace, token: str, size: ImageSize) -> RenderedImage:
    try:
        return render_media(ws, token, size=size)
    except MediaError as error:
        if may(request.state.user, Action.VIEW_RESULTS, protocol=ws.protocol):
            raise
        raise MediaError(error.expected, got=error.got, remedy="Skip the item, and tell an admin.") from None
