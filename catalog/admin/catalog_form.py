"""The form of a catalog: it asks what the catalog's kind needs and nothing else."""

from typing import Any

from django import forms
from django.contrib.auth.models import User

from catalog.models import Catalog, Visibility
from catalog.models.setup import groups_problem, slug_of
from catalog.sources.base import OptionValue
from catalog.sources.kind import Kind, Option, OptionError, Type, clean_options
from catalog.sources.kinds import KINDS

PREFIX = "option_"


class CatalogForm(forms.ModelForm):
    """A catalog of one ``kind``; `catalog_form` adds a field for each of the kind's options."""

    kind: Kind
    user: User

    class Meta:
        model = Catalog
        exclude = ["kind", "options"]  # noqa: DJ006 (the admin names the fields)
        widgets = {"groups": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk is None:
            self.instance.kind = self.kind.slug
            self.initial = {**self._defaults(), **self.initial}
        self.initial.update({f"{PREFIX}{name}": _shown(value) for name, value in self.instance.options.items()})
        self._explain()

    def _defaults(self) -> dict[str, Any]:
        return {
            "name": self.kind.label,
            "refresh_minutes": self.kind.refresh_minutes,
            "visibility": Visibility.MEMBERS if self.kind.schemes else Visibility.PUBLIC,
        }

    def _explain(self) -> None:
        """Say in each field's help what the kind wants; a person who may only look has no fields."""
        fields: dict[str, Any] = self.fields
        kind = self.kind
        if "slug" in fields:
            fields["slug"].required = False
            fields["slug"].help_text = "Its part of addresses. Left empty, it is made of the name."
        if "base_url" in fields:
            fields["base_url"].required = not kind.base_url
            fields["base_url"].widget.attrs |= {"placeholder": kind.base_url or "https://", "inputmode": "url"}
            fields["base_url"].help_text = f"Left empty: {kind.base_url}" if kind.base_url else "Of its API."
        if "organization" in fields:
            spared = [option.label for option in kind.options if option.spares_organization]
            fields["organization"].required = not spared
            if spared:
                fields["organization"].help_text = f"The organization's id. Not needed with “{spared[0]}”."
        if "credential" in fields:
            fields["credential"].required = kind.key_needed
            fields["credential"].queryset = fields["credential"].queryset.filter(scheme__in=kind.schemes)
            fields["credential"].help_text = f"A key that is sent as {', '.join(kind.schemes)}."
        if "refresh_minutes" in fields:
            fields["refresh_minutes"].min_value = kind.least_minutes
            fields["refresh_minutes"].help_text = f"Minutes between two syncs, at least {kind.least_minutes}."

    def add_error(self, field: str | None, error: Any) -> None:
        """Note an error, but one of the catalog as a whole only where its field has none; unasked, above the form."""
        if field is None and hasattr(error, "error_dict"):
            for name, found in error.error_dict.items():
                if name not in self.errors:
                    super().add_error(name if name in self.fields else None, found)
        else:
            super().add_error(field, error)

    def clean_slug(self) -> str:
        """The slug, or one made of the name."""
        given: str = self.cleaned_data["slug"]
        return given or slug_of(self.cleaned_data.get("name", ""))

    def clean(self) -> None:
        """Read the options, and see to it that a key goes only where those may send it who may change it."""
        options: dict[str, OptionValue] = {}
        for option in self.kind.options:
            given = self.cleaned_data.get(f"{PREFIX}{option.name}") or ""
            try:
                options |= clean_options(self.kind, {option.name: given})
            except OptionError as error:
                self.add_error(f"{PREFIX}{option.name}", str(error))
        self.instance.options = options
        if problem := groups_problem(self.cleaned_data.get("visibility", ""), self.cleaned_data.get("groups", ())):
            self.add_error("groups", problem)
        moved = {"credential", "base_url"} & set(self.changed_data)
        if moved and self.cleaned_data.get("credential") and not self.user.has_perm("catalog.change_credential"):
            sentence = "Where a key is sent is decided by those who may change credentials; ask one of them."
            self.add_error(min(moved), sentence)


def catalog_form(kind: Kind, user: User) -> type[CatalogForm]:
    """The form for ``kind``, filled in by ``user``."""
    fields = {f"{PREFIX}{option.name}": _field(option) for option in kind.options}
    return type("CatalogForm", (CatalogForm,), {"kind": kind, "user": user, **fields})


def kind_of(slug: str) -> Kind:
    """The kind with this slug; one that Ratecard does not know any more asks nothing."""
    return KINDS.get(slug) or Kind(slug=slug, label=f"{slug} (unknown)", source="", over_network=False)


def _field(option: Option) -> forms.Field:
    told: dict[str, Any] = {"label": option.label, "help_text": option.help, "required": False}
    if option.choices:
        return forms.ChoiceField(choices=[("", "—"), *((choice, choice) for choice in option.choices)], **told)
    if option.type is Type.FLAG:
        return forms.BooleanField(**told)
    if option.type is Type.NUMBER:
        return forms.IntegerField(min_value=1, widget=forms.NumberInput(attrs={"class": "vIntegerField"}), **told)
    if option.type is Type.LIST:
        told["help_text"] = f"{option.help} One a line, or with commas between them.".strip()
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}), **told)
    widget = forms.TextInput(attrs={"class": "vTextField"})
    if option.type is Type.MOMENT:
        widget.attrs["placeholder"] = "2025-06-01T00:00:00Z"
    return forms.CharField(widget=widget, **told)


def _shown(value: OptionValue) -> bool | int | str:
    return "\n".join(value) if isinstance(value, list) else value
