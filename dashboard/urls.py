"""Addresses."""

from django.contrib import admin
from django.urls import path

from dashboard.views.appearance import appearance
from dashboard.views.health import healthz, readyz
from dashboard.views.offer import offer
from dashboard.views.offers import offers

urlpatterns = [
    path("", offers, name="offers"),
    path("offers/<int:pk>/", offer, name="offer"),
    path("appearance/", appearance, name="appearance"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("admin/", admin.site.urls),
]
