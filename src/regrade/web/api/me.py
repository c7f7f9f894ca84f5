"""Who asks, and the words that everybody needs."""

from __future__ import annotations

from regrade.panel import Action, may
from regrade.web.api.routing import declare, make_router
from regrade.web.deps import CurrentUser, CurrentWorkspace
from regrade.web.schemas.classes import TaxonomyOut
from regrade.web.schemas.users import MeOut

router = make_router("me")


@router.get("/me", responses=declare())
def show_me(ws: CurrentWorkspace, user: CurrentUser) -> MeOut:
    """Who you are, and what you may do."""
    protocol = ws.protocol
    actions = [str(action) for action in Action if may(user, action, protocol=protocol)]
    return MeOut(name=user.name, roles=list(user.roles), actions=actions)


@router.get("/taxonomy", responses=declare())
def show_taxonomy(ws: CurrentWorkspace) -> TaxonomyOut:
    """The categories and severities that the second pass asks for."""
    return TaxonomyOut.of(ws.settings.taxonomy)
