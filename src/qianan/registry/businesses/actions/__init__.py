"""Everything that changes the registry, by act: registering, sites, claims, oversight, tenancies, imports."""

from qianan.registry.businesses.actions.changing import change_business, change_businesses
from qianan.registry.businesses.actions.claims import ask_claim, decide_claim
from qianan.registry.businesses.actions.imports import forget_previews
from qianan.registry.businesses.actions.oversight import assign_oversight, end_oversight, set_tier
from qianan.registry.businesses.actions.registering import (
    open_site,
    open_sites,
    register_business,
    register_businesses,
)
from qianan.registry.businesses.actions.sites import change_due_sites, change_site, describe_site, describe_sites
from qianan.registry.businesses.actions.tenancies import NewTenancy, end_tenancy, record_tenancies, record_tenancy
from qianan.registry.businesses.newcomers import NewBusiness, NewSite

__all__ = [
    "NewBusiness",
    "NewSite",
    "NewTenancy",
    "ask_claim",
    "assign_oversight",
    "change_business",
    "change_businesses",
    "change_due_sites",
    "change_site",
    "decide_claim",
    "describe_site",
    "describe_sites",
    "end_oversight",
    "end_tenancy",
    "forget_previews",
    "open_site",
    "open_sites",
    "record_tenancies",
    "record_tenancy",
    "register_business",
    "register_businesses",
    "set_tier",
]
