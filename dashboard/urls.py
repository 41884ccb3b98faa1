"""Addresses."""

from django.contrib import admin
from django.urls import path
from django.views.generic import RedirectView

from dashboard.views.accounts import admin_sign_in, password, password_changed, sign_in, sign_out
from dashboard.views.appearance import appearance
from dashboard.views.health import healthz, readyz
from dashboard.views.offer import offer
from dashboard.views.offers import offers

urlpatterns = [
    path("", offers, name="offers"),
    path("offers/<int:pk>/", offer, name="offer"),
    path("appearance/", appearance, name="appearance"),
    path("sign-in/", sign_in, name="sign-in"),
    path("sign-out/", sign_out, name="sign-out"),
    path("password/", password, name="password"),
    path("password/changed/", password_changed, name="password-changed"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    # The admin has no door of its own: it would not know of the lock against guessing, nor of the look.
    path("admin/login/", admin_sign_in),
    path("admin/logout/", sign_out),
    path("admin/password_change/", RedirectView.as_view(pattern_name="password")),
    path("admin/", admin.site.urls),
]
