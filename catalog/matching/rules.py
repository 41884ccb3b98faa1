"""The rules by which names are read and offers linked, each with the sentence that explains it to a person."""

from enum import StrEnum


class Rule(StrEnum):
    """A rule; its value is what a link stores."""

    # What `names.parse` takes away.
    PATH = "path"
    BEDROCK = "bedrock"
    VERSION = "version"
    AT = "at"
    VARIANT = "variant"
    DATE = "date"
    ALIAS = "alias"
    # How a name was found to be a family.
    REVIEWED = "reviewed"
    NAME = "name"
    OTHER_VENDOR = "other vendor"
    PREFIX = "prefix"
    SUFFIX = "suffix"
    DIGITS = "digits"
    ACTIVE_SIZE = "active size"
    # Why it was not.
    PREVIEW = "preview"
    VENDORS = "vendors"
    COMMON = "common word"
    UNKNOWN = "unknown"
    # What the names of one offer say together.
    NEARLY = "nearly the same"
    IDS_DIFFER = "ids differ"

    @property
    def sentence(self) -> str:
        """The rule in a sentence."""
        return SENTENCES[self]


SENTENCES = {
    Rule.PATH: "What stands before the last slash is the vendor, the route or the region.",
    Rule.BEDROCK: "Region and vendor stand before the name, with dots.",
    Rule.VERSION: "The version of the deployment at the end says nothing of the model.",
    Rule.AT: "What follows the @ is a date, or the word for the newest one.",
    Rule.VARIANT: "What follows the colon is how the model is served.",
    Rule.DATE: "The date in the name is a snapshot of the model.",
    Rule.ALIAS: "The name moves from model to model, so it is kept apart from the model it names today.",
    Rule.REVIEWED: "A person decided what this name stands for.",
    Rule.NAME: "The name is the family's own, but for case and separators.",
    Rule.OTHER_VENDOR: "The name is a family's own, though another vendor is given beside it.",
    Rule.PREFIX: "Without the organisation in front, the name is a known family's.",
    Rule.SUFFIX: "Without how it is served at the end, the name is a known family's.",
    Rule.DIGITS: "With a dot between the digits of its version, the name is a known family's.",
    Rule.ACTIVE_SIZE: "Only one known family has this name and size; the part that is active at a time is left out.",
    Rule.PREVIEW: "The vendor lists this name only as a preview; the two may be different models.",
    Rule.VENDORS: "Several vendors have a model of this name.",
    Rule.COMMON: "The name is a common word, and nothing tells that this family's vendor is meant.",
    Rule.UNKNOWN: "No rule leads from its names to a family.",
    Rule.NEARLY: "Its ids are spelled differently, but only in words such as “instruct”.",
    Rule.IDS_DIFFER: "Its own ids name different models.",
}
