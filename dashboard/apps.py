"""The dashboard app: what people see."""

from django.apps import AppConfig


class DashboardConfig(AppConfig):
    """Pages, the API and the commands that serve them."""

    name = "dashboard"
