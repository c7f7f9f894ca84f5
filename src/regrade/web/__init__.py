"""The web application: the pages of one workspace, and how they are served."""

from regrade.web.app import create_app
from regrade.web.serve import serve

__all__ = ["create_app", "serve"]
