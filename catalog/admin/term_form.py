"""The form of a contract term: a percentage, or prices in dollars."""

from decimal import Decimal
from typing import Any

from django import forms

from catalog.fields import ungrouped
from catalog.models import Catalog, ContractTerm
from catalog.pricing.rates import COMPONENTS
from catalog.pricing.terms import HIGHEST_CHANGE, LOWEST_CHANGE, MOST_STARS
from catalog.pricing.units import PriceError, Unit, exact_text, pico_per_request, pico_per_token
from catalog.services.facets import stored_counts

PREFIX = "price_"
LABELS = {
    "input": "Input",
    "output": "Output",
    "cache_read": "Cache read",
    "cache_write": "Cache write",
    "blended": "One price for all tokens",
    "request": "Per request",
}
HELP = {
    "blended": "For offers that have one price for all tokens; the prices above are not for those.",
    "request": "US dollars for one request.",
}


class PriceField(forms.CharField):
    """A price in US dollars, per 1M tokens or per request; pico-dollars inside."""

    def __init__(self, component: str) -> None:
        """``component`` is one of COMPONENTS."""
        self.component = component
        widget = forms.TextInput(attrs={"class": "vIntegerField", "inputmode": "decimal"})
        help_text = HELP.get(component, "")
        super().__init__(label=LABELS[component], help_text=help_text, required=False, widget=widget, max_length=30)

    def clean(self, value: Any) -> Any:
        """Pico-dollars; None for nothing. Raises ValidationError."""
        text = ungrouped(super().clean(value))
        try:
            return pico_per_request(text) if self.component == "request" else pico_per_token(text, Unit.MILLION)
        except PriceError as error:
            raise forms.ValidationError(str(error)) from None

    def prepare_value(self, value: Any) -> Any:
        """What is stored, in dollars."""
        return value if value is None or isinstance(value, str) else exact_text(value, self.unit)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether other figures were entered."""
        return (self.prepare_value(initial) or "") != (data or "")

    @property
    def unit(self) -> Unit:
        """What the figures are for."""
        return Unit.TOKEN if self.component == "request" else Unit.MILLION


class TermForm(forms.ModelForm):
    """A contract term, of which the model's own columns of numbers are asked for as people think of them."""

    provider = forms.ChoiceField(required=False, help_text="One provider’s models alone.")
    mode = forms.ChoiceField(required=False, help_text="The prices of one mode alone.")
    percent = forms.DecimalField(
        label="Change in %",
        required=False,
        max_digits=5,
        decimal_places=2,
        min_value=Decimal(LOWEST_CHANGE) / 100,
        max_value=Decimal(HIGHEST_CHANGE) / 100,
        help_text="-20 is a discount of 20%, 5 a markup of 5%. It moves every price that the catalog names.",
    )

    price_input = PriceField("input")
    price_output = PriceField("output")
    price_cache_read = PriceField("cache_read")
    price_cache_write = PriceField("cache_write")
    price_blended = PriceField("blended")
    price_request = PriceField("request")

    class Meta:
        model = ContractTerm
        fields = ("catalog", "provider", "pattern", "mode", "reason", "first_day", "last_day")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        term = self.instance
        if term.change is not None:
            self.initial["percent"] = f"{(Decimal(term.change) / 100).normalize():f}"
        self.initial.update({f"{PREFIX}{name}": getattr(term, name) for name in COMPONENTS})
        counts = stored_counts(list(Catalog.objects.all()))
        modes = {mode: mode for mode in counts.values["mode"]}
        for name, known in (("provider", counts.provider_names), ("mode", modes)):
            stored = getattr(term, name)
            found = {stored: stored, **known} if stored else known
            named = [(value, label) for value, label in found.items() if value]
            field = self.fields.get(name)
            if isinstance(field, forms.ChoiceField):  # who may only look has none
                field.choices = [("", "any"), *sorted(named, key=lambda one: one[1].casefold())]

    def clean_pattern(self) -> str:
        """Refuse a pattern that a database would take long over."""
        pattern: str = self.cleaned_data["pattern"]
        if pattern.count("*") > MOST_STARS:
            raise forms.ValidationError(f"A pattern has {MOST_STARS} “*” at most.")
        return pattern

    def clean(self) -> None:
        """Either a percentage or prices; days in order."""
        percent = self.cleaned_data.get("percent")
        prices = {name: self.cleaned_data.get(f"{PREFIX}{name}") for name in COMPONENTS}
        fixed = any(price is not None for price in prices.values())
        wrong = {"percent", *(f"{PREFIX}{name}" for name in COMPONENTS)} & set(self.errors)
        if not wrong and (percent is None) != fixed:
            sentence = "Enter a change in % or prices, not both." if fixed else "Enter a change in %, or prices below."
            self.add_error("percent", sentence)
        first, last = self.cleaned_data.get("first_day"), self.cleaned_data.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", "It ends before it begins.")
        self.instance.change = None if percent is None else int(percent * 100)
        for name, price in prices.items():
            setattr(self.instance, name, price)
