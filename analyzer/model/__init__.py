"""The one shape for everything: CloudFormation-like resources, from a template or an account."""

from analyzer.model.inventory import Gap, Inventory, references_in
from analyzer.model.location import Location, PropertyPath, Written
from analyzer.model.resource import Live, Props, Resource

__all__ = [
    "Gap",
    "Inventory",
    "Live",
    "Location",
    "PropertyPath",
    "Props",
    "Resource",
    "Written",
    "references_in",
]
