"""Addresses."""

from django.contrib import admin
from django.urls import path

from dashboard.views import upkeep
from dashboard.views.appearance import appearance
from dashboard.views.catalog import catalog
from dashboard.views.catalogs import catalogs
from dashboard.views.health import healthz, readyz
from dashboard.views.offer import offer
from dashboard.views.offers import offers
from dashboard.views.sync import sync

urlpatterns = [
    path("", offers, name="offers"),
    path("offers/<int:pk>/", offer, name="offer"),
    path("catalogs/", catalogs, name="catalogs"),
    path("catalogs/<slug:slug>/", catalog, name="catalog"),
    path("catalogs/<slug:slug>/sync/", upkeep.sync_now, name="sync_now"),
    path("catalogs/<slug:slug>/remove/", upkeep.remove, name="remove_example"),
    path("catalogs/<slug:slug>/syncs/<int:pk>/", sync, name="sync"),
    path("catalogs/<slug:slug>/syncs/<int:pk>/<slug:decision>/", upkeep.decide_sync, name="decide_sync"),
    path("catalogs/<slug:slug>/offers/<int:pk>/<slug:decision>/", upkeep.decide_offer, name="decide_offer"),
    path("syncs/", upkeep.sync_all, name="sync_all"),
    path("appearance/", appearance, name="appearance"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("admin/", admin.site.urls),
]
