"""From what a user calls a variable to its group: names, aliases, and the names of the R package peacesciencer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from tripoint.errors import InputError, UnknownNameError, unknown
from tripoint.panels.variable import Group

if TYPE_CHECKING:
    import polars as pl

#: Names that the field uses for groups and variables -> the name here, and the options that they imply.
ALIASES: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "nmc": ("capability", {}),
    "capabilities": ("capability", {}),
    "gml_mids": ("disputes", {"source": "gml"}),
    "cow_mids": ("disputes", {"source": "cow"}),
    "gml": ("disputes", {"source": "gml"}),
    "mids": ("disputes", {}),
    "spells": ("peace_years", {}),
    "democracy": ("polyarchy", {}),
    "vdem": ("v2x_polyarchy", {}),
    "polity": ("polity2", {}),
    "alliances": ("atop", {}),
    "contig": ("contiguity", {}),
    "capital_distance": ("kmdist", {}),
    "minimum_distance": ("mindist", {}),
    "cow_trade": ("trade", {}),
    "igos": ("igo", {}),
    "sdp_gdp": ("gdp", {"source": "sdp"}),
    "sim_gdp_pop": ("gdp", {"source": "fariss"}),
    "strategic_rivalries": ("rivalry", {}),
    "cow_wars": ("wars", {}),
    "cow_majors": ("majors", {}),
    "ucdp": ("conflict", {}),
    "ucdp_acd": ("conflict", {}),
    "fpsim": ("similarity", {}),
    "archigos": ("leader_changes", {}),
    "creg": ("fractionalization", {}),
    "creg_fractionalization": ("fractionalization", {}),
    "latent_territorial_threat": ("territorial_threat", {}),
    "rugged_terrain": ("terrain", {}),
    "ccode_to_gw": ("codes", {}),
    "gwcode_to_cow": ("codes", {}),
    "tss_rivalries": ("rivalry", {"source": "tss"}),
    "td_rivalries": ("rivalry", {"source": "td"}),
    "icb": ("crises", {}),
    "mie": ("acts", {}),
}
#: What is asked for like a variable and is done in another way.
ELSEWHERE: Mapping[str, str] = {
    "prd": "politically relevant dyads are rows, not a variable: use panel.relevant()",
    "filter_prd": "politically relevant dyads are rows, not a variable: use panel.relevant()",
    "cow_alliance": "the maintainers of the Correlates of War's alliances ask that software not carry them; 'atop' has "
    "the obligations of ATOP, which is another list",
    "us": "the United States are state 2: use panel.filter(ccode1=2)",
    "lead": "leaders are not in panels yet",
    "lwuf": "leaders are not in panels yet",
}


def flat(names: Iterable[Any]) -> tuple[str, ...]:
    """Names as they were given, one by one or in lists.

    Raises
    ------
    InputError
        For what is neither a name nor a list of names.
    """
    return tuple(_flat(names))


def _flat(names: Iterable[Any]) -> Iterator[str]:
    for name in names:
        if isinstance(name, str):
            yield name
        elif isinstance(name, (list, tuple)):
            yield from _flat(name)
        else:
            raise InputError(f"{name!r} is no name of a variable; give names such as 'cinc', or a list of them")


def spoken(registry: Mapping[str, Group], name: str) -> tuple[str, Mapping[str, Any]]:
    """The name here of what the field calls ``name``, and the options that this implies."""
    if name in registry:
        return name, {}
    bare = name.removeprefix("add_")
    for form in (bare, bare.lower()):
        if form in ALIASES:
            return ALIASES[form]
        if form in registry and form != name:
            return form, {}
    return ALIASES.get("atop", ("atop", {})) if bare == "atop_alliance" and bare != name else (name, {})


def owner(registry: Mapping[str, Group], name: str) -> tuple[Group, str]:
    """The group that a name means, and the name without the suffix of a side.

    Raises
    ------
    InputError
        For a name that means several things, or one that is no variable.
    UnknownNameError
        For a name that is not known.
    """
    owners: dict[str, dict[str, Group]] = {}
    for group in registry.values():
        for variables in group.variants.values():
            for v in variables:
                for label in (v.name, *v.alias):
                    owners.setdefault(label, {})[group.name] = group
    for known in (name, name[:-1] if name.endswith(("1", "2", "3")) else name):
        meant = dict(owners.get(known, {}))
        if known in registry:
            meant = {known: registry[known], **meant}
        if len(meant) > 1:
            said = " and ".join(f"{g.title} ({', '.join(_variables(g)[:3])})" for g in meant.values())
            raise InputError(f"'{name}' means several things: {said}; name the variable that you want")
        if meant:
            return next(iter(meant.values())), known
    bare = name.lower().removeprefix("add_")
    if bare in ELSEWHERE:
        raise UnknownNameError(f"unknown variable '{name}': {ELSEWHERE[bare]}")
    raise unknown("variable", name, [*registry, *owners, *ALIASES])


def _variables(group: Group) -> list[str]:
    return [v.name for v in group.variants[group.default]]


def variables(registry: Mapping[str, Group]) -> pl.DataFrame:
    """What can be added, one row a variable and variant of its group."""
    import polars as pl

    names = {group: " ".join(k for k, (to, _) in ALIASES.items() if to == group) for group in registry}
    rows = [
        {
            "variable": v.name,
            "group": group.name,
            "meaning": v.meaning,
            "unit": v.unit,
            "about": v.level,
            "source": " ".join(v.sources),
            "variant": variant,
            "dated": v.finest,
            "missing": v.missing,
            "options": " ".join(group.accepts),
            "other_names": " ".join(v.alias),
            "group_also": names[group.name],
        }
        for group in registry.values()
        for variant, of in group.variants.items()
        for v in of
    ]
    return pl.DataFrame(rows)
