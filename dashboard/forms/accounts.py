"""The sign-in form."""

from django.contrib.auth.forms import AuthenticationForm


class SignInForm(AuthenticationForm):
    """Django's, with an error that does not tell which of the two is wrong."""

    error_messages = {
        "invalid_login": "That user name and password do not match an account.",
        "inactive": "That user name and password do not match an account.",
    }
