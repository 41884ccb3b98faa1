"""Families: the same model across catalogs, how each offer is linked to one, and what people decided about that.

Links are derived: from the names of all current offers, by the rules of `catalog.matching`, and from the decisions of
people, which beat the rules. `sync/links.py` alone writes them.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from catalog.matching import Rule, State
from catalog.models.offer import Offer

LONGEST = 750
"""Characters of a normalised name after its vendor: one of 300 may be twice as long in lower case."""
LONGEST_VENDOR = 100
LONGEST_TITLE = 300
LINKED = (State.CERTAIN, State.PROBABLE, State.MANUAL)
"""States in which a link can lead to a family; a manual one may also say that there is none."""


class Family(models.Model):
    """One model, whoever sells it, such as ``anthropic/claude-opus-4-6``.

    ``name`` is the vendor's own spelling, ``title`` what most offers call it. A family that people merged into another
    one stays, so that its address and its history still lead somewhere.
    """

    slug = models.CharField(max_length=LONGEST, unique=True)
    vendor = models.CharField(max_length=LONGEST_VENDOR)
    name = models.CharField(max_length=LONGEST)
    title = models.CharField(max_length=LONGEST_TITLE)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["slug"]
        verbose_name_plural = "families"
        constraints = [
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")), name="family_is_not_merged_into_itself"
            )
        ]

    def __str__(self) -> str:
        return self.slug


class Link(models.Model):
    """Which family an offer belonged to over ``[valid_from, valid_to)``; current while ``valid_to`` is NULL.

    ``family`` is None unless the state is one of LINKED. ``rule`` made the link, ``name`` is the normalised name that
    decided it and ``evidence`` what each name of the offer says: [role, name, family or None, rule]. ``variant``,
    ``region`` and ``snapshot`` (YYYYMMDD) set the offer apart within its family; ``moving`` tells that its name is an
    alias such as ``…-latest``, which stands for another model tomorrow.
    """

    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="links")
    family = models.ForeignKey(Family, on_delete=models.PROTECT, null=True, related_name="links")
    state = models.CharField(max_length=10, choices=[(state.value, state.value) for state in State])
    rule = models.CharField(max_length=20)
    name = models.CharField(max_length=LONGEST, blank=True)
    evidence = models.JSONField(default=list)
    candidates = models.JSONField(default=list, help_text="Slugs of families to choose from.")
    suggestions = models.JSONField(default=list, help_text="Slugs of families that titles or digits hint at.")
    variant = models.CharField(max_length=LONGEST, blank=True)
    region = models.CharField(max_length=LONGEST, blank=True)
    snapshot = models.CharField(max_length=8, blank=True)
    moving = models.BooleanField(default=False)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-valid_from"]
        verbose_name_plural = "links to review"
        constraints = [
            models.UniqueConstraint(fields=["offer"], condition=Q(valid_to=None), name="link_one_current"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from__lt=F("valid_to")), name="link_starts_before_it_ends"
            ),
            models.CheckConstraint(
                condition=Q(state=State.MANUAL.value)
                | Q(state__in=[State.CERTAIN.value, State.PROBABLE.value], family__isnull=False)
                | Q(
                    state__in=[State.CONFLICT.value, State.AMBIGUOUS.value, State.UNMATCHED.value],
                    family__isnull=True,
                ),
                name="link_family_by_state",
            ),
        ]
        indexes = [
            models.Index(fields=["family", "offer"], condition=Q(valid_to=None), name="link_of_family"),
            models.Index(fields=["state", "offer"], condition=Q(valid_to=None), name="link_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.offer_id} {self.state} {self.family_id or '—'}"

    @property
    def apart(self) -> int:
        """How far the offer is set apart within its family."""
        return apart(self.variant, self.region, self.snapshot, self.moving)

    @property
    def sentence(self) -> str:
        """The rule that made the link, in a sentence."""
        return Rule(self.rule).sentence


DATED = 1
"""What a date in its id adds to how far an offer is set apart."""


def apart(variant: str, region: str, snapshot: str, moving: bool) -> int:
    """How far these set an offer apart within its family: 0 for a plain one, so that a plain one can come first."""
    return 8 * moving + 4 * bool(variant) + 2 * bool(region) + DATED * bool(snapshot)


class Alias(models.Model):
    """A reviewed link from a normalised name to a family, or None for "no model that we compare"."""

    name = models.CharField(max_length=LONGEST, unique=True)
    family = models.ForeignKey(Family, on_delete=models.PROTECT, null=True, related_name="aliases")

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "aliases"

    def __str__(self) -> str:
        return f"{self.name} → {self.family or 'no model'}"


class Assignment(models.Model):
    """What a person decided for one offer alone, whatever it is called: its family, or None for "none"."""

    offer = models.OneToOneField(Offer, on_delete=models.CASCADE, related_name="assignment")
    family = models.ForeignKey(Family, on_delete=models.PROTECT, null=True, related_name="assignments")

    class Meta:
        ordering = ["offer"]

    def __str__(self) -> str:
        return f"{self.offer} → {self.family or 'no model'}"


class Review(models.Model):
    """One decision of a person, and what stood before it, so that it can be undone.

    ``before`` and ``after`` hold, by kind (``aliases`` by name, ``assignments`` by offer id, ``merges`` by slug), what
    it touched: a list of the family's slug (or None), empty where there is no decision.
    """

    action = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = "decision"
        verbose_name_plural = "review history"

    def __str__(self) -> str:
        return self.action
