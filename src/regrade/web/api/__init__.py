"""The API under /api/v1: what the pages do, as JSON. One group of routes a file; each calls one workflow step."""

from regrade.web.api.agreement import router as agreement_router
from regrade.web.api.classes import router as classes_router
from regrade.web.api.discussion import router as discussion_router
from regrade.web.api.disputes import router as disputes_router
from regrade.web.api.grades import router as grades_router
from regrade.web.api.items import router as items_router
from regrade.web.api.labels import router as labels_router
from regrade.web.api.me import router as me_router
from regrade.web.api.mistakes import router as mistakes_router
from regrade.web.api.proposals import router as proposals_router
from regrade.web.api.protocols import router as protocols_router
from regrade.web.api.review import router as review_router
from regrade.web.api.tokens import router as tokens_router
from regrade.web.api.users import router as users_router

API_ROUTERS = (
    me_router,
    review_router,
    classes_router,
    discussion_router,
    disputes_router,
    agreement_router,
    grades_router,
    mistakes_router,
    items_router,
    labels_router,
    proposals_router,
    protocols_router,
    users_router,
    tokens_router,
)
"""In the order in which the document lists them."""

__all__ = ["API_ROUTERS"]
