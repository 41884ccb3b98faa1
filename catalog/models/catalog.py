"""Catalog: a configured source of models, who may see it, and how its last syncs went."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, Group
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, ProhibitNullCharactersValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from catalog.models.credential import Credential
from catalog.models.setup import GROUPS, YEAR, setup_problems

MARKS = 12
"""So many catalogs look different: six colours, each with two shapes."""


class Visibility(models.TextChoices):
    """Who may see a catalog, besides staff."""

    PUBLIC = "public", "Everyone who may open the dashboard"
    MEMBERS = "members", "Everyone who is signed in"
    GROUPS = GROUPS, "Members of chosen groups"


class CatalogQuerySet(models.QuerySet["Catalog"]):
    """Catalogs by who asks."""

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """The enabled catalogs that ``user`` may see. Every page, export and API answer starts here.

        It follows from their ``pk`` and ``is_staff`` and one setting alone, as `services.catalogs` holds.
        """
        enabled = self.filter(enabled=True)
        if not user.is_authenticated:
            return enabled.filter(visibility=Visibility.PUBLIC) if settings.PUBLIC_DASHBOARD else enabled.none()
        if getattr(user, "is_staff", False):
            return enabled
        in_groups = Q(visibility=Visibility.GROUPS, groups__in=Group.objects.filter(user=user.pk))
        return enabled.filter(~Q(visibility=Visibility.GROUPS) | in_groups).distinct()

    def known_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """The catalogs whose upkeep ``user`` may look at: those of `visible_to` and, for staff, the disabled ones."""
        return self.all() if getattr(user, "is_staff", False) else self.visible_to(user)


class Catalog(models.Model):
    """A configured source of models.

    ``facets``, ``tier_floors`` and ``change_counts`` are counted with the rates of a sync, in its transaction, so that
    no page has to group 100,000 rows (12 to 22 ms). ``held_reasons`` is copied from the few offers that have one, as
    `Offer.held` is written, and ``terms`` from the `ContractTerm` rows that are not withdrawn, so that no page has to
    look for them.
    """

    name = models.CharField(max_length=80, unique=True, validators=[ProhibitNullCharactersValidator()])
    slug = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(max_length=40)
    base_url = models.CharField(
        "base URL",
        max_length=300,
        blank=True,
        help_text="Left empty: the kind's usual address.",
        validators=[ProhibitNullCharactersValidator()],
    )
    organization = models.CharField(max_length=100, blank=True, help_text="The organization's id at the catalog.")
    credential = models.ForeignKey(Credential, on_delete=models.PROTECT, null=True, blank=True, related_name="catalogs")
    options = models.JSONField(default=dict, blank=True, help_text="What else its kind lets one choose.")
    is_example = models.BooleanField(default=False, editable=False, help_text="Made of documented answers, not read.")
    enabled = models.BooleanField(default=True)
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.MEMBERS)
    groups = models.ManyToManyField(Group, blank=True, related_name="catalogs")
    refresh_minutes = models.PositiveIntegerField(
        default=60,
        help_text="Minutes between two syncs.",
        validators=[MaxValueValidator(YEAR, f"{YEAR:,} min, a year, are the most between two reads.")],
    )
    created_at = models.DateTimeField(auto_now_add=True)

    # Health, written by syncs alone
    read_at = models.DateTimeField(null=True, editable=False, help_text="When its offers were last read in full.")
    changed_at = models.DateTimeField(null=True, editable=False, help_text="When a sync last stored a change.")
    version = models.PositiveIntegerField(default=0, editable=False, help_text="Grows with each stored change.")
    links_version = models.PositiveIntegerField(
        default=0, editable=False, help_text="Grows when its offers are linked to other families."
    )
    tier_floors = models.JSONField(default=list, editable=False, help_text="Prompt sizes above which prices change.")
    facets = models.TextField(
        default="[]",
        editable=False,
        help_text="Current offers: [provider, state, lifecycle, mode, provider name, count], in JSON.",
    )  # no JSONField: who has read this text before need not parse it again
    held_reasons = models.JSONField(
        default=list, editable=False, help_text="Of each offer whose new price is held back: [id, why]."
    )
    change_counts = models.TextField(
        default="[]", editable=False, help_text="Changes: [kinds, provider, provider name, how many], in JSON."
    )  # no JSONField: other pages need not parse it
    terms = models.JSONField(default=list, editable=False, help_text="Its contract terms, past and future ones too.")
    last_error = models.TextField(blank=True, editable=False)
    held = models.PositiveIntegerField(default=0, editable=False, help_text="Offers whose new price awaits a person.")
    failures = models.PositiveIntegerField(default=0, editable=False, help_text="Failed syncs in a row.")
    next_sync_at = models.DateTimeField(null=True, editable=False)
    lease_holder = models.CharField(max_length=120, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)

    known_at: datetime | None = None
    """Not stored: up to when what this object tells is known, None for now. See `services/known.py`."""

    objects = CatalogQuerySet.as_manager()

    class Meta:
        ordering = [Lower("name")]
        constraints = [
            models.CheckConstraint(
                condition=Q(refresh_minutes__gte=1, refresh_minutes__lte=YEAR),
                name="catalog_refresh_a_minute_to_a_year",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Raise ValidationError by field if its kind cannot be read with this set-up."""
        if problems := setup_problems(self):
            raise ValidationError(problems)

    @property
    def mark(self) -> int:
        """Which of the MARKS colours and shapes stands for this catalog: given out in order of creation."""
        return (self.pk - 1) % MARKS + 1

    @property
    def is_stale(self) -> bool:
        """Whether its last full read, or its beginning where there is none, is over two refresh intervals ago."""
        return timezone.now() - (self.read_at or self.created_at) > timedelta(minutes=2 * self.refresh_minutes)
