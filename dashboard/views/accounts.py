"""Signing in and out and changing one's password: Django's own views in our look."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.password_validation import password_validators_help_texts
from django.contrib.auth.views import (
    LoginView,
    LogoutView,
    PasswordChangeDoneView,
    PasswordChangeView,
    redirect_to_login,
)
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dashboard.address import back
from dashboard.forms.accounts import SignInForm
from dashboard.pages import theme_of


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """The form, and its check. Whoever is signed in already is sent on."""
    if request.user.is_authenticated:
        there = back(request.GET.get("next", ""), request)
        return HttpResponseRedirect("/" if there.startswith(request.path) else there)
    view = LoginView.as_view(template_name="accounts/sign_in.html", form_class=SignInForm, extra_context=_look(request))
    return view(request)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """End the session and say so; whoever only comes here is asked first, for a link must not sign anybody out."""
    if request.method != "POST":
        name = "sign_out" if request.user.is_authenticated else "signed_out"
        return render(request, f"accounts/{name}.html", _look(request))
    return LogoutView.as_view(template_name="accounts/signed_out.html", extra_context=_look(request))(request)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponseBase:
    """The form to change one's password. This session goes on; the person's other ones end."""
    view = PasswordChangeView.as_view(
        template_name="accounts/password.html",
        success_url=reverse("password-changed"),
        extra_context={"rules": password_validators_help_texts(), **_look(request)},
    )
    return view(request)


@never_cache
@require_safe
def password_changed(request: HttpRequest) -> HttpResponseBase:
    """Say that it is done."""
    view = PasswordChangeDoneView.as_view(template_name="accounts/password_changed.html", extra_context=_look(request))
    return view(request)


@login_not_required
@never_cache
@require_safe
def admin_sign_in(request: HttpRequest) -> HttpResponse:
    """The admin's way to the sign-in page. Someone who is signed in and sent here is not staff, and is told so."""
    there = back(request.GET.get("next", ""), request, reverse("admin:index"))
    if not request.user.is_authenticated:
        return redirect_to_login(there)
    if not request.user.is_staff:
        raise PermissionDenied
    return HttpResponseRedirect(reverse("admin:index") if there.startswith(request.path) else there)


def locked_out(request: HttpRequest, response: HttpResponseBase, credentials: dict[str, Any]) -> HttpResponse:
    """What django-axes answers, instead of the sign-in form, after too many failures."""
    wait = settings.AXES_COOLOFF_TIME
    locked = render(
        request, "accounts/locked.html", {"minutes": int(wait.total_seconds() // 60), **_look(request)}, status=429
    )
    locked.headers["Retry-After"] = str(int(wait.total_seconds()))
    return locked


def _look(request: HttpRequest) -> dict[str, str]:
    return {"theme": theme_of(request)}
