"""Addresses."""

from django.contrib import admin
from django.urls import path, register_converter
from django.views.generic import RedirectView

from dashboard.paths import FamilyPath
from dashboard.views import export, saved, saved_views, shared, shares, upkeep
from dashboard.views.accounts import admin_sign_in, password, password_changed, sign_in, sign_out
from dashboard.views.appearance import appearance
from dashboard.views.audit import audit, dismiss, undo
from dashboard.views.catalog import catalog
from dashboard.views.catalogs import catalogs
from dashboard.views.changes import changes
from dashboard.views.compare import compare
from dashboard.views.costs import costs
from dashboard.views.feed import feed
from dashboard.views.feed_address import feed_address
from dashboard.views.health import healthz, readyz
from dashboard.views.icon import icon
from dashboard.views.matrix import catalog_matrix
from dashboard.views.model import model
from dashboard.views.offer import offer, offer_model
from dashboard.views.offers import offers
from dashboard.views.sync import sync
from dashboard.views.usage import usage

register_converter(FamilyPath, "family")

urlpatterns = [
    path("", offers, name="offers"),
    path("offers/<int:pk>/", offer, name="offer"),
    path("offers/<int:pk>/model/", offer_model, name="offer-model"),
    path("models/<family:slug>/", model, name="model"),
    path("compare/", compare, name="compare"),
    path("costs/", costs, name="costs"),
    path("costs/usage/", usage, name="usage"),
    path("costs/saved/", saved.saved_workloads, name="saved-workloads"),
    path("costs/saved/save/", saved.save, name="save-workload"),
    path("costs/saved/<int:pk>/<slug:change>/", saved.change, name="change-workload"),
    path("export/offers.<slug:ending>", export.export_offers, name="export_offers"),
    path("export/costs.<slug:ending>", export.export_costs, name="export_costs"),
    path("export/matrix.<slug:ending>", export.export_matrix, name="export_matrix"),
    path("export/compare.<slug:ending>", export.export_compare, name="export_compare"),
    path("export/changes.<slug:ending>", export.export_changes, name="export_changes"),
    path("export/models/<family:slug>/offers.<slug:ending>", export.export_model, name="export_model"),
    path("export/audit.<slug:ending>", export.export_audit, name="export_audit"),
    path("compare/catalogs/", catalog_matrix, name="catalog-matrix"),
    path("changes/", changes, name="changes"),
    path("changes/feed/", feed, name="feed"),
    path("changes/feed/address/", feed_address, name="feed-address"),
    path("audit/", audit, name="audit"),
    path("audit/dismiss/", dismiss, name="dismiss-finding"),
    path("audit/<int:pk>/undo/", undo, name="undo-dismissal"),
    path("views/", saved_views.saved_views, name="saved-views"),
    path("views/save/", saved_views.save, name="save-view"),
    path("views/<int:pk>/", saved_views.open_view, name="saved-view"),
    path("views/<int:pk>/<slug:change>/", saved_views.change, name="change-view"),
    path("shares/", shares.shares, name="shares"),
    path("shares/new/", shares.share, name="share"),
    path("shares/<int:pk>/<slug:change>/", shares.change, name="change-share"),
    path("s/<str:token>/", shared.shared_page, name="shared"),
    path("s/<str:token>/export.<slug:ending>", shared.shared_file, name="shared-file"),
    path("s/<str:token>/picture.png", shared.shared_picture, name="shared-picture"),
    path("catalogs/", catalogs, name="catalogs"),
    path("catalogs/<slug:slug>/", catalog, name="catalog"),
    path("catalogs/<slug:slug>/sync/", upkeep.sync_now, name="sync_now"),
    path("catalogs/<slug:slug>/remove/", upkeep.remove, name="remove_example"),
    path("catalogs/<slug:slug>/syncs/<int:pk>/", sync, name="sync"),
    path("catalogs/<slug:slug>/syncs/<int:pk>/stop/", upkeep.stop_sync, name="stop_sync"),
    path("catalogs/<slug:slug>/syncs/<int:pk>/<slug:decision>/", upkeep.decide_sync, name="decide_sync"),
    path("catalogs/<slug:slug>/offers/<int:pk>/<slug:decision>/", upkeep.decide_offer, name="decide_offer"),
    path("syncs/", upkeep.sync_all, name="sync_all"),
    path("appearance/", appearance, name="appearance"),
    path("sign-in/", sign_in, name="sign-in"),
    path("sign-out/", sign_out, name="sign-out"),
    path("password/", password, name="password"),
    path("password/changed/", password_changed, name="password-changed"),
    path("favicon.ico", icon, name="icon"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    # The admin has no door of its own: it would not know of the lock against guessing, nor of the look.
    path("admin/login/", admin_sign_in),
    path("admin/logout/", sign_out),
    path("admin/password_change/", RedirectView.as_view(pattern_name="password")),
    path("admin/", admin.site.urls),
]
