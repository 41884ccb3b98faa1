"""Which model an offer is: from its names to a family such as ``anthropic/claude-opus-4-6``. Pure, no database.

Once per sync, over the current offers of all catalogs::

    from catalog.matching import Names, match_all

    matches = match_all(all_names, kept=kept_slugs, aliases=reviewed)     # one Match per Names, in order

* ``Names`` is all that one offer is called: key, upstream ids, ref, title, provider.
* ``kept`` are slugs of families that exist already and shall stay as they are, spelling included: those with a reviewed
  alias or a manual link at the least. The other families are found in the names, whatever their order.
* ``aliases`` are a person's decisions: `normalised` name to the family's slug, or None for "no model we know". An alias
  stands for that name wherever an offer has it, and beats every rule; an offer whose other ids name something else is
  still a conflict. What a person decided for one offer alone is the caller's: a manual link is not to be overwritten.

A ``Match`` says family (None unless `certain`, `probable` or `manual`), state, rule (`rules.Rule`, whose ``sentence``
explains it to a person), evidence (each name and what it says), candidates (what a person may choose from in a
conflict or where it is ambiguous), suggestions (weaker still: from titles, from names without any separators, for a
moving name the model it is named after), and what sets this offer apart within its family: variant, region, snapshot,
and whether its name is a moving alias (``-latest``).
``Match.name`` is the normalised name to file an alias under when a person decides.

To match a few offers against families already known, keep a ``Known``: ``known = find(all_names, kept=…, aliases=…)``,
then ``match(names, known)``.
"""

from catalog.matching.claims import Names
from catalog.matching.families import Family, Known, family_called, find
from catalog.matching.match import Evidence, Match, State, match, match_all, snapshots_fit
from catalog.matching.merges import trail
from catalog.matching.names import Name, normalised, parse
from catalog.matching.rules import Rule

__all__ = [
    "Evidence",
    "Family",
    "Known",
    "Match",
    "Name",
    "Names",
    "Rule",
    "State",
    "family_called",
    "find",
    "match",
    "match_all",
    "normalised",
    "parse",
    "snapshots_fit",
    "trail",
]
