"""Credentials in the admin: the secret goes in and never comes out."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.debug import sensitive_post_parameters

from catalog.models import Credential
from catalog.sources.kind import Scheme
from catalog.sources.kinds import KINDS

SENT_AS = {
    Scheme.BEARER: "bearer (Authorization: Bearer …)",
    Scheme.X_API_KEY: "x-api-key (X-API-Key: …)",
    Scheme.API_KEY: "api-key (api-key: …)",
}
KEEPS = "Stored encrypted and never shown again. Left empty, the stored one stays."
UNOPENED = (
    "None of CREDENTIAL_KEYS opens the stored secret, so its catalogs are not read. Bring the old key back, or enter "
    "the secret again."
)


class CredentialForm(forms.ModelForm):
    """The secret is a field of the form alone: what is stored never reaches it."""

    scheme = forms.ChoiceField(label="Sent as", choices=[(scheme.value, SENT_AS[scheme]) for scheme in Scheme])
    secret = forms.CharField(
        label="Secret",
        help_text="The API key or token. Stored encrypted and never shown again.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "class": "vTextField"}),
    )

    class Meta:
        model = Credential
        exclude = ["secret"]  # noqa: DJ006 (the admin names the fields)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk and "secret" in self.fields:
            self.fields["secret"].required = False
            self.fields["secret"].help_text = KEEPS if self.instance.opens else UNOPENED

    def clean_scheme(self) -> str:
        """Refuse a way of sending that a catalog which uses the credential does not take."""
        scheme: str = self.cleaned_data["scheme"]
        for catalog in self.instance.catalogs.all() if self.instance.pk else ():
            kind = KINDS.get(catalog.kind)
            if kind and scheme not in kind.schemes:
                taken = f"a key sent as {', '.join(kind.schemes)} alone" if kind.schemes else "no key"
                raise forms.ValidationError(f"{catalog.name} uses it, and takes {taken}.")
        return scheme

    def clean(self) -> None:
        """Take over a secret that was entered."""
        if secret := self.cleaned_data.get("secret"):
            self.instance.secret = secret


@admin.register(Credential)
class CredentialAdmin(admin.ModelAdmin):
    """Label, scheme and the last four characters; who changed it and when; which catalogs use it."""

    form = CredentialForm
    exclude = ("secret",)
    list_display = ("label", "scheme", "ending", "opened", "used_by", "changed_at", "changed_by")
    list_select_related = ("changed_by",)
    search_fields = ("label",)
    actions = None
    readonly_fields = ("ending", "used_by", "created_by", "created_at", "changed_by", "changed_at")
    fieldsets = (
        (None, {"fields": ("label", "scheme", "secret")}),
        ("What is known of it", {"fields": readonly_fields}),
    )

    class Media:
        css = {"all": ["admin-catalogs.css"]}

    def get_fieldsets(self, request: HttpRequest, obj: Credential | None = None) -> Any:
        """Of a new one nothing is known."""
        shown = self.fieldsets if obj else self.fieldsets[:1]
        if self.has_change_permission(request, obj) or obj is None:
            return shown
        return ((None, {"fields": ("label", "scheme")}), *shown[1:])  # there is no secret to look at

    def get_queryset(self, request: HttpRequest) -> Any:
        """With the catalogs that use each."""
        return super().get_queryset(request).prefetch_related("catalogs")

    @admin.display(description="ends in")
    def ending(self, credential: Credential) -> str:
        """The last four characters, of a secret long enough not to be told by them."""
        return f"…{credential.last_four}" if credential.last_four else "—"

    @admin.display(description="can be read", boolean=True)
    def opened(self, credential: Credential) -> bool:
        """Whether one of CREDENTIAL_KEYS opens it."""
        return credential.opens

    @admin.display(description="used by")
    def used_by(self, credential: Credential) -> str | SafeString:
        """Links to the catalogs that use it."""
        rows = [
            (reverse("admin:catalog_catalog_change", args=[catalog.pk]), catalog.name)
            for catalog in credential.catalogs.all()
        ]
        return format_html_join(", ", '<a href="{}">{}</a>', rows) or "no catalog"

    @method_decorator(sensitive_post_parameters("secret"))
    def changeform_view(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        """The form, whose secret no report of an error shows."""
        response: HttpResponse = super().changeform_view(request, *args, **options)
        return response

    def save_model(self, request: HttpRequest, obj: Credential, form: Any, change: bool) -> None:
        """Note who changed it."""
        obj.changed_by_id = request.user.pk
        if not change:
            obj.created_by_id = request.user.pk
        super().save_model(request, obj, form, change)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Refuse while catalogs use it, and say which."""
        credential = self.get_object(request, object_id)
        if credential and self.has_delete_permission(request, credential) and credential.catalogs.exists():
            names = ", ".join(catalog.name for catalog in credential.catalogs.all())
            sentence = f"{credential.label} cannot be deleted while catalogs use it. Choose another one for: {names}."
            messages.error(request, sentence)
            return HttpResponseRedirect(reverse("admin:catalog_credential_change", args=[credential.pk]))
        return super().delete_view(request, object_id, extra_context)
