"""What the public record is made of: five tables, their columns, and the kinds of row each may hold.

A row says one thing about states. Its identity is its address: the source, the vintage of that source, and
the locator of the record in the original. ``fact_id`` is those three joined, ``atop@5.1#4980/RUS-CHN/defense``,
so that an id can be read by a person and looked up without an index.

Dates are days. ``precision`` says how much of a date the source knows (``day``, ``month`` or ``year``); a
period known by year runs from 1 January to 31 December. A null ``end`` means still in force where the
source's coverage ends. Undirected ties have ``state_a < state_b``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    import polars as pl

Table = Literal["positions", "commitments", "flows", "events", "attributes"]
Precision = Literal["day", "month", "year"]
Tone = Literal["cooperative", "hostile", "neutral"]
#: What it means that a source has no row: there was none; none was recorded, which proves no zero; nothing at all.
Silence = Literal["none", "unproven", "nothing"]
SILENCES: tuple[Silence, ...] = get_args(Silence)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: its name, type, whether a value is required, and what it means."""

    name: str
    dtype: Literal["str", "date", "float", "int", "bool"]
    required: bool
    meaning: str


_ADDRESS = (
    Column("source_id", "str", True, "catalog id of the source"),
    Column("vintage", "str", True, "edition of the source, as its producer names it"),
    Column("locator", "str", True, "key, line or record in the original; unique within source, vintage and table"),
)
_ORIGIN = Column("origin", "str", False, "document that the row rests on, where the source cites one for each row")
_PASSAGE = (
    Column("where", "str", False, "article, page or paragraph of the document that carries the row"),
    Column("says", "str", False, "what that passage says, in the compiler's own words"),
)
_END_ORIGIN = Column("end_origin", "str", False, "document that shows the end, where the source cites one")
_NOTE = Column("note", "str", False, "what the source adds, or a correction applied")
_CLASSES = Column("classes", "str", False, "classes that the producer puts it in, joined with |")
_PRECISION = Column("precision", "str", True, "how much of the date is known: day, month or year")
_START = Column("start", "date", False, "first day (null: unknown)")
_END = Column("end", "date", False, "last day (null: still in force where coverage ends)")
_EVENT = Column("event", "str", False, "key of the event that the row is a part of; rows of one event share it")

TABLES: Mapping[Table, tuple[Column, ...]] = {
    "positions": (
        *_ADDRESS,
        Column("state", "str", True, "state id"),
        Column("kind", "str", True, "kind of position"),
        Column("item", "str", True, "what the position is on: a resolution's symbol, a war-aim item"),
        Column("date", "date", True, "day it was taken"),
        _PRECISION,
        Column("choice", "str", True, "the choice, in the item's own words: yes, abstain, no, absent, ..."),
        Column("value", "float", False, "the choice on the item's scale (votes: 1 yes, 2 abstain, 3 no)"),
        Column("title", "str", False, "the item's title"),
        Column("topics", "str", False, "issue codes or flags, joined with |"),
        Column("session", "str", False, "session or meeting"),
        _ORIGIN,
        *_PASSAGE,
        _NOTE,
    ),
    "commitments": (
        *_ADDRESS,
        Column("state_a", "str", True, "state id; the one bound, claiming or imposing where directed"),
        Column("state_b", "str", False, "state id (null where the tie is to an institution)"),
        Column("kind", "str", True, "kind of tie"),
        Column("directed", "bool", True, "whether a and b have different parts"),
        _START,
        _END,
        _PRECISION,
        Column("instrument", "str", False, "treaty, institution, claim or regime that the tie rests on"),
        Column("level", "float", False, "strength on the kind's own scale"),
        _CLASSES,
        Column("members", "int", False, "states that the instrument binds (null: not known)"),
        Column("term", "int", False, "agreed length [months] (null: none agreed, or not known)"),
        Column("renewed", "bool", False, "whether it is renewed by itself when its term is over"),
        Column("seen", "date", False, "last day on which it was observed (null: as far as its source covers the kind)"),
        _ORIGIN,
        *_PASSAGE,
        _END_ORIGIN,
        _NOTE,
    ),
    "flows": (
        *_ADDRESS,
        Column("state_a", "str", True, "state id; where it comes from"),
        Column("state_b", "str", True, "state id; where it goes"),
        Column("kind", "str", True, "kind of flow"),
        Column("start", "date", True, "first day of the period"),
        Column("end", "date", True, "last day of the period"),
        _PRECISION,
        Column("value", "float", True, "amount"),
        Column("unit", "str", True, "unit of the amount"),
        Column("reporter", "str", False, "who reported it: a state id or the producer"),
        Column("item", "str", False, "what flowed, where the source names it"),
        _ORIGIN,
        *_PASSAGE,
        _NOTE,
    ),
    "events": (
        *_ADDRESS,
        Column("state_a", "str", True, "state id; the one acting where directed"),
        Column("state_b", "str", False, "state id (null: a state alone or against a non-state)"),
        Column("kind", "str", True, "kind of event"),
        Column("directed", "bool", True, "whether a acts on b"),
        Column("start", "date", True, "first day"),
        Column("end", "date", False, "last day (null: unknown or ongoing)"),
        _PRECISION,
        Column("intensity", "float", False, "intensity on the kind's own scale"),
        Column("count", "int", False, "how many reports or episodes the row stands for"),
        Column("title", "str", False, "name of the event"),
        _CLASSES,
        _EVENT,
        Column("participants", "int", False, "states that took part in the whole event"),
        Column("initiator", "str", False, "ids of the states of the row that moved first, joined with a space"),
        Column(
            "first_side", "str", False, "ids of the states of the row on side A, of a dispute the one that moved first"
        ),
        Column("originators", "str", False, "ids of the states of the row that took part from the first day"),
        Column("hostility_a", "int", False, "highest hostility of state_a in the whole event [1-5]"),
        Column("hostility_b", "int", False, "highest hostility of state_b in the whole event [1-5]"),
        Column("fatality_a", "int", False, "fatality level of state_a in the whole event [0-6]"),
        Column("fatality_b", "int", False, "fatality level of state_b in the whole event [0-6]"),
        Column("deaths_a", "int", False, "deaths of state_a in the whole event, where counted"),
        Column("deaths_b", "int", False, "deaths of state_b in the whole event, where counted"),
        Column("act_a", "int", False, "highest act of state_a in the whole event, in the producer's code [0-21]"),
        Column("act_b", "int", False, "highest act of state_b in the whole event, in the producer's code [0-21]"),
        Column("onset", "bool", False, "whether it is the pair's first year in the event"),
        Column("hostility", "int", False, "highest hostility of the whole event [1-5]"),
        Column("fatality", "int", False, "fatality level of the whole event [0 none ... 6 over 999 deaths]"),
        Column("reciprocated", "bool", False, "whether the other side answered"),
        Column("start_month", "int", False, "month in which the whole event began [1-12]"),
        Column("shortest", "int", False, "shortest length of the whole event that the record allows [days]"),
        Column("longest", "int", False, "longest length of the whole event that the record allows [days]"),
        Column("main", "bool", False, "whether the producer keeps it as the pair's main event of the year"),
        _ORIGIN,
        *_PASSAGE,
        _NOTE,
    ),
    "attributes": (
        *_ADDRESS,
        Column("state", "str", True, "state id"),
        Column("kind", "str", True, "what is measured"),
        Column("start", "date", True, "first day of the period"),
        Column("end", "date", True, "last day of the period"),
        _PRECISION,
        Column("value", "float", True, "amount"),
        Column("unit", "str", True, "unit of the amount"),
        Column("place", "str", False, "part of a state that the value is about, such as a region held"),
        _ORIGIN,
        *_PASSAGE,
        _NOTE,
    ),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of row: the table it lives in, its scale, and whether it speaks for or against a tie."""

    name: str
    table: Table
    tone: Tone
    scale: str
    meaning: str


def _kinds(table: Table, *rows: tuple[str, Tone, str, str]) -> dict[str, Kind]:
    return {name: Kind(name, table, tone, scale, meaning) for name, tone, scale, meaning in rows}


KINDS: Mapping[str, Kind] = {
    **_kinds(
        "positions",
        ("assembly vote", "neutral", "1 yes, 2 abstain, 3 no", "a roll-call vote in the UN General Assembly"),
        ("council veto", "neutral", "3 no", "a veto cast in the UN Security Council"),
        ("war aim", "neutral", "the item's own words", "what a belligerent said it demands, offers or refuses"),
    ),
    **_kinds(
        "commitments",
        ("defense pact", "cooperative", "[1]", "obligation to aid an attacked ally by force"),
        ("offense pact", "cooperative", "[1]", "obligation to join an attack"),
        ("neutrality pact", "cooperative", "[1]", "obligation to stay out of a partner's war"),
        ("nonaggression pact", "cooperative", "[1]", "obligation not to use force against the partner"),
        ("consultation pact", "cooperative", "[1]", "obligation to consult in a crisis"),
        ("military contact", "cooperative", "[0-3] ATOP milcon", "peacetime contact of the militaries by treaty"),
        ("integrated command", "cooperative", "[0-1] ATOP intcom", "integrated command by treaty"),
        ("common defense policy", "cooperative", "[0-1] ATOP milcon = 3", "treaty-bound common defense policy"),
        ("base rights", "cooperative", "[0-3] ATOP base", "bases in or troops on a partner's soil by treaty"),
        ("military aid pledge", "cooperative", "[0-4] ATOP milaid", "military aid or training by treaty"),
        ("treaty organization", "cooperative", "[0-3] ATOP organ1", "organization set up by an alliance treaty"),
        ("military institutions", "cooperative", "[0-2] ATOP milinst", "military institutionalization of an alliance"),
        ("membership", "cooperative", "[1]", "membership of an intergovernmental organization or grouping"),
        ("partial membership", "neutral", "[1]", "associate membership of, or observation at, an organization"),
        ("partnership", "cooperative", "[1]", "declared partnership short of alliance obligations"),
        ("recognition", "cooperative", "[1]", "recognition of a state, annexation or claim"),
        ("recognition of a part", "hostile", "[1]", "recognition by a of a state or rule carved out of b"),
        ("swap line", "cooperative", "[1]", "central-bank currency swap in force"),
        ("relationship level", "neutral", "[0-1] peace scale", "0 severe rivalry, 1 security community"),
        ("contiguity", "neutral", "[1-5] COW", "1 land border; 2-5 water, 12 to 400 miles"),
        ("capital distance", "neutral", "[km]", "great-circle distance between capitals"),
        ("minimum distance", "neutral", "[km]", "shortest distance between territories"),
        ("rivalry", "hostile", "[1]", "rivalry as coded by a rivalry data set"),
        ("territorial claim", "hostile", "[1]", "explicit claim by a on land held by b"),
        ("river claim", "hostile", "[1]", "explicit claim by a on the use of a river shared with b"),
        ("maritime claim", "hostile", "[1]", "explicit claim by a on waters claimed or used by b"),
        ("sanction", "hostile", "[1]", "sanctions, listings or export controls by a on b"),
        ("trade restriction", "hostile", "[1]", "duty, quota or ban by a on trade with b"),
        ("closure", "hostile", "[1]", "border, airspace, port, transit or visas closed by a to b"),
        ("trade deal", "cooperative", "[1]", "agreement on trade in force or concluded"),
        ("energy deal", "cooperative", "[1]", "agreement on the supply or transit of energy"),
        ("defense cooperation agreement", "cooperative", "[1]", "agreement on military or security cooperation"),
        ("access agreement", "cooperative", "[1]", "agreement on access, logistics or visiting forces"),
        ("boundary agreement", "cooperative", "[1]", "agreement that settles a boundary, on land or at sea"),
    ),
    **_kinds(
        "flows",
        ("goods trade", "cooperative", "[unit of row, million]", "goods sold by a to b"),
        ("arms deliveries", "cooperative", "[SIPRI TIV million]", "major arms delivered by a to b"),
        ("energy trade", "cooperative", "[unit of row]", "oil, gas or coal sold by a to b"),
        ("development finance", "cooperative", "[unit of row]", "official finance from a to b"),
        ("military aid", "cooperative", "[unit of row]", "military aid allocated by a to b"),
        ("financial aid", "cooperative", "[unit of row]", "budget support allocated by a to b"),
        ("humanitarian aid", "cooperative", "[unit of row]", "humanitarian aid allocated by a to b"),
        ("dual-use goods", "cooperative", "[unit of row]", "goods with military use sold by a to b"),
        ("troops stationed", "cooperative", "[persons]", "military personnel of a in b"),
        ("direct investment", "cooperative", "[USD million]", "foreign direct investment by a in b"),
    ),
    **_kinds(
        "events",
        ("joint exercise", "cooperative", "[1]", "joint military exercise"),
        ("visit", "cooperative", "[1]", "visit of a's leader or senior official to b, or a meeting"),
        ("leaders' meeting", "cooperative", "[1]", "meeting of leaders, of two or several states"),
        ("leaders' call", "cooperative", "[1]", "talk of leaders by telephone or video"),
        ("ministers' meeting", "cooperative", "[1]", "meeting of ministers"),
        ("support signal", "cooperative", "[1]", "a public signal of support from a for b"),
        ("mission opened", "cooperative", "[1]", "embassy or consulate opened or reopened by a in b"),
        ("relations restored", "cooperative", "[1]", "diplomatic relations or ambassadors established or restored"),
        ("contacts eased", "cooperative", "[1]", "flights, visas, trade or exchange of prisoners eased"),
        ("sanction eased", "cooperative", "[1]", "sanctions or restrictions lifted, waived or suspended by a for b"),
        ("ceasefire", "cooperative", "[1]", "agreement or order to stop the use of force"),
        ("troop deployment", "cooperative", "[persons]", "troops sent by a to b, which agreed"),
        ("arms agreement", "cooperative", "[1]", "agreement on arms or military technology"),
        ("troop support", "cooperative", "[persons]", "troops of a fighting beside b"),
        ("dispute", "hostile", "[1-5] hostility", "militarized interstate dispute"),
        ("clash", "hostile", "[deaths]", "use of force between the two short of war"),
        ("war", "hostile", "[deaths]", "interstate war"),
        ("civil war", "hostile", "[deaths]", "war within a state, by state that took part"),
        ("armed conflict", "hostile", "[1-2] UCDP intensity", "state-based armed conflict-year"),
        ("crisis", "hostile", "[1]", "international crisis between the two"),
        ("militarized act", "hostile", "[1-5] hostility", "threat, display or use of force by a against b"),
        ("cyber incident", "hostile", "[0-10] severity", "cyber operation by a against b"),
        ("territorial transfer", "neutral", "[km2]", "land of b that passed to a"),
        ("strike", "hostile", "[deaths]", "air, missile or drone strike or raid by a on b"),
        ("covert action", "hostile", "[1]", "sabotage, cyberattack, spying, killing or seizure laid to a by b"),
        ("aid to adversary", "hostile", "[1]", "arms, money or troops from a to an enemy of b"),
        ("ambassador recalled", "hostile", "[1]", "ambassador recalled by a from b, or sent home by a to b"),
        ("diplomats expelled", "hostile", "[persons]", "diplomats of b expelled by a"),
        ("mission closed", "hostile", "[1]", "embassy or consulate of either closed by a"),
        ("relations cut", "hostile", "[1]", "diplomatic relations cut by a with b"),
        ("relations downgraded", "hostile", "[1]", "diplomatic relations or contacts lowered by a"),
        ("treaty suspended", "hostile", "[1]", "obligations to b suspended by a"),
        ("treaty ended", "hostile", "[1]", "treaty with b denounced, left or let lapse by a"),
        ("energy cut", "hostile", "[1]", "sale or purchase of energy stopped by a toward b"),
        ("arms refused", "hostile", "[1]", "delivery of arms to b stopped or refused by a"),
        ("protest", "hostile", "[1]", "formal protest or accusation by a against b"),
        ("court case", "hostile", "[1]", "case or ruling of a court sought by a against b"),
        ("talks", "neutral", "[1]", "negotiation between the two"),
        ("mediation", "neutral", "[1]", "mediation by a in a quarrel of b"),
        ("statement", "neutral", "[1]", "position stated by a about b"),
        ("troop withdrawal", "neutral", "[persons]", "troops withdrawn by a from b"),
        ("settlement attempt", "neutral", "[1]", "attempt to settle a claim: talks, a third party or force"),
        ("disengagement", "cooperative", "[1]", "agreement or act of pulling forces apart"),
        ("verbal cooperation news", "cooperative", "[mean score of the source]", "machine-coded news, quad class 1"),
        ("material cooperation news", "cooperative", "[mean score of the source]", "machine-coded news, quad class 2"),
        ("verbal conflict news", "hostile", "[mean score of the source]", "machine-coded news, quad class 3"),
        ("material conflict news", "hostile", "[mean score of the source]", "machine-coded news, quad class 4"),
    ),
    **_kinds(
        "attributes",
        ("capability index", "neutral", "[0-1] CINC", "composite index of national capability"),
        ("military spending", "neutral", "[unit of row]", "military expenditure"),
        ("military personnel", "neutral", "[persons]", "armed forces"),
        ("iron and steel", "neutral", "[thousand tons]", "iron and steel production"),
        ("energy consumption", "neutral", "[thousand coal-ton equivalents]", "primary energy consumption"),
        ("population", "neutral", "[persons]", "total population"),
        ("urban population", "neutral", "[persons]", "population of large cities"),
        ("gdp", "neutral", "[unit of row]", "gross domestic product"),
        ("gdp per capita", "neutral", "[unit of row]", "gross domestic product per person"),
        ("surplus domestic product", "neutral", "[unit of row]", "GDP beyond subsistence"),
        ("polyarchy", "neutral", "[0-1] V-Dem", "electoral democracy"),
        ("polity", "neutral", "[-10..+10]", "Polity score"),
        ("democracy", "neutral", "[unit of row]", "another index of democracy"),
        ("ideal point", "neutral", "[unit of row]", "position estimated from votes in the UN General Assembly"),
        ("standard deviation", "neutral", "[unit of row]", "uncertainty of an estimate, which the unit names"),
        ("composition", "neutral", "[0-1] unit of row", "ethnic and religious groups within a state"),
        ("territorial threat", "neutral", "[unit of row]", "latent external threat to a state's land"),
        ("leaders", "neutral", "[unit of row]", "leaders of a state in a year, and changes of them"),
        ("terrain", "neutral", "[unit of row]", "how rugged or mountainous a state is"),
        ("major power", "neutral", "[1]", "counted as a major power"),
        ("area held", "neutral", "[km2]", "area held of another state's territory, by place"),
        ("total imports", "neutral", "[USD million]", "imports from the world"),
        ("total exports", "neutral", "[USD million]", "exports to the world"),
    ),
}

#: Columns of the coverage table: what a source would have recorded.
COVERAGE: tuple[Column, ...] = (
    Column("source_id", "str", True, "catalog id of the source"),
    Column("vintage", "str", True, "edition of the source"),
    Column("kind", "str", True, "kind of row that the source would have recorded"),
    Column("states", "str", True, "ids of the states covered, joined with a space, or * for all in the system"),
    Column("partners", "str", True, "ids of the other side, joined with a space; * for all; empty for attributes"),
    Column("start", "date", True, "first day covered"),
    Column("end", "date", True, "last day covered"),
    Column(
        "silence", "str", True, "what the lack of a row means: none, unproven (a register), nothing (a list by hand)"
    ),
    Column("complete", "bool", True, "whether silence is none: the lack of a row means that there was none"),
    Column("note", "str", False, "what the coverage leaves out"),
)

#: Columns of the table of documents that rows may name as their origin.
DOCUMENTS: tuple[Column, ...] = (
    Column("id", "str", True, "key of the document"),
    Column("title", "str", True, "title"),
    Column("publisher", "str", True, "who issued it"),
    Column("date", "str", False, "date of issue, as much as is known"),
    Column("url", "str", False, "address"),
    Column("opens", "bool", False, "whether the address names the document, not a home or list page"),
    Column("archived", "str", False, "address of an archived copy, with its time stamp"),
    Column("kind", "str", True, "treaty, un document, official statement, dataset, report or press"),
    Column("language", "str", False, "language of the text relied on"),
    Column("seen", "str", False, "day on which a compiler read the document at that address"),
    Column("grade", "str", False, "A issuer, B agency or court record, C press on a named speaker, D anonymous"),
)

#: Columns of the table of records set aside: nothing is dropped silently.
SET_ASIDE: tuple[Column, ...] = (
    Column("source_id", "str", True, "catalog id of the source"),
    Column("vintage", "str", True, "edition of the source"),
    Column("locator", "str", True, "line, key or record in the original"),
    Column("reason", "str", True, "why it carries no fact"),
    Column("record", "str", False, "the record as found, shortened"),
)


def fact_id(source_id: str, vintage: str, locator: str) -> str:
    """Join the three parts of a fact's address: ``source@vintage#locator``."""
    return f"{source_id}@{vintage}#{locator}"


def split_fact_id(text: str) -> tuple[str, str, str]:
    """Split ``source@vintage#locator``; raises ``ValueError`` when a part is missing."""
    head, hash_, locator = text.partition("#")
    source_id, at, vintage = head.partition("@")
    if not (hash_ and at and source_id and vintage and locator):
        raise ValueError(f"'{text}' is not a fact id; a fact id looks like atop@5.1#4980/CHN-RUS/consultation")
    return source_id, vintage, locator


def schema(columns: tuple[Column, ...]) -> dict[str, pl.DataType]:
    """Polars schema of a tuple of columns."""
    import polars as pl

    types = {"str": pl.String(), "date": pl.Date(), "float": pl.Float64(), "int": pl.Int64(), "bool": pl.Boolean()}
    return {c.name: types[c.dtype] for c in columns}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader returns: tables of facts, coverage, and every record accounted for.

    ``rows_in == rows_kept + rows_aside``, exactly, counted in records of the original. One record may carry
    several facts, and several records one.
    """

    source_id: str
    vintage: str
    tables: Mapping[Table, pl.DataFrame]
    coverage: pl.DataFrame
    set_aside: pl.DataFrame
    rows_in: int
    remarks: tuple[str, ...] = ()
    documents: pl.DataFrame | None = None

    @property
    def rows_aside(self) -> int:
        """Records set aside with a reason."""
        return int(self.set_aside.height)

    @property
    def rows_kept(self) -> int:
        """Records that carry at least one fact."""
        return self.rows_in - self.rows_aside

    @property
    def facts(self) -> int:
        """Number of facts in all five tables."""
        return sum(frame.height for frame in self.tables.values())
