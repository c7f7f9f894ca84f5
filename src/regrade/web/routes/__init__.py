"""The routes, one group a file."""

from regrade.web.routes.account import router as account_router
from regrade.web.routes.adjudicate import router as adjudicate_router
from regrade.web.routes.agreement import router as agreement_router
from regrade.web.routes.discuss import router as discuss_router
from regrade.web.routes.guide import router as guide_router
from regrade.web.routes.invitation import router as invitation_router
from regrade.web.routes.items import router as items_router
from regrade.web.routes.labels import router as labels_router
from regrade.web.routes.login import router as login_router
from regrade.web.routes.media import MEDIA_ROUTES
from regrade.web.routes.mistakes import router as mistakes_router
from regrade.web.routes.outcomes import router as outcomes_router
from regrade.web.routes.overview import router as overview_router
from regrade.web.routes.propose import router as propose_router
from regrade.web.routes.protocol import router as protocol_router
from regrade.web.routes.publish import router as publish_router
from regrade.web.routes.review import router as review_router
from regrade.web.routes.users import router as users_router

ROUTERS = (
    review_router,
    account_router,
    adjudicate_router,
    agreement_router,
    discuss_router,
    guide_router,
    invitation_router,
    items_router,
    labels_router,
    login_router,
    mistakes_router,
    outcomes_router,
    overview_router,
    propose_router,
    protocol_router,
    publish_router,
    users_router,
)
"""The review pages first: they are asked for most, and routes are tried one after the other."""

__all__ = ["MEDIA_ROUTES", "ROUTERS"]
