"""What holds for every page before its view runs."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import add_never_cache_headers

from dashboard.access import to_sign_in
from dashboard.parts import Request

View = Callable[..., HttpResponseBase]


class HeadersAlone:
    """Answers HEAD with the headers of a GET and no body: gunicorn would warn of one in the log, each time."""

    def __init__(self, get_response: Callable[[Request], HttpResponseBase]) -> None:
        """Django's contract of a middleware."""
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponseBase:
        """The response without what HEAD does not ask for."""
        response = self.get_response(request)
        if request.method != "HEAD":
            return response
        if isinstance(response, StreamingHttpResponse):
            response.streaming_content = iter(())
        elif isinstance(response, HttpResponse):
            response.content = b""
        return response


class SignInFirst:
    """Sends visitors who are not signed in to the sign-in page, where the dashboard is not public.

    All views but those marked `login_not_required` are behind it, so that a new one cannot forget to ask.
    """

    def __init__(self, get_response: Callable[[Request], HttpResponseBase]) -> None:
        """Django's contract of a middleware."""
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponseBase:
        """Leave it to `process_view`, which knows the view."""
        return self.get_response(request)

    def process_view(
        self, request: Request, view: View, arguments: Sequence[Any], named: Mapping[str, Any]
    ) -> HttpResponseBase | None:
        """None where the view may run, else the way to the sign-in page and from there back to the page left."""
        if settings.PUBLIC_DASHBOARD or not getattr(view, "login_required", True) or request.user.is_authenticated:
            return None
        response = to_sign_in(request)
        add_never_cache_headers(response)
        return response
