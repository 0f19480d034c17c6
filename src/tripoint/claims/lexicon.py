"""Words that name states and relations in English prose.

States are found by name, by the word for their people, and by capital where a capital stands for its government.
Relations are found by patterns. Both are small tables that a person can read and extend.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from tripoint import states

#: Words for a people, by state id: adjective first, then nouns that differ from it.
DEMONYMS: Mapping[str, str] = {
    "AFG": "Afghan Afghans",
    "ALB": "Albanian Albanians",
    "ARE": "Emirati Emiratis",
    "ARG": "Argentine Argentinian Argentines",
    "ARM": "Armenian Armenians",
    "AUS": "Australian Australians",
    "AUT": "Austrian Austrians",
    "AZE": "Azerbaijani Azerbaijanis Azeri",
    "BEL": "Belgian Belgians",
    "BGD": "Bangladeshi Bangladeshis",
    "BGR": "Bulgarian Bulgarians",
    "BLR": "Belarusian Belarusians",
    "BRA": "Brazilian Brazilians",
    "BTN": "Bhutanese",
    "CAN": "Canadian Canadians",
    "CHE": "Swiss",
    "CHL": "Chilean Chileans",
    "CHN": "Chinese",
    "COL": "Colombian Colombians",
    "CUB": "Cuban Cubans",
    "CYP": "Cypriot Cypriots",
    "CZE": "Czech Czechs",
    "DEU": "German Germans",
    "DNK": "Danish Danes",
    "DZA": "Algerian Algerians",
    "EGY": "Egyptian Egyptians",
    "ESP": "Spanish Spaniards",
    "EST": "Estonian Estonians",
    "ETH": "Ethiopian Ethiopians",
    "FIN": "Finnish Finns",
    "FRA": "French",
    "GBR": "British Britons UK",
    "GEO": "Georgian Georgians",
    "GRC": "Greek Greeks",
    "HRV": "Croatian Croats",
    "HUN": "Hungarian Hungarians",
    "IDN": "Indonesian Indonesians",
    "IND": "Indian Indians",
    "IRL": "Irish",
    "IRN": "Iranian Iranians",
    "IRQ": "Iraqi Iraqis",
    "ISR": "Israeli Israelis",
    "ITA": "Italian Italians",
    "JOR": "Jordanian Jordanians",
    "JPN": "Japanese",
    "KAZ": "Kazakh Kazakhs Kazakhstani",
    "KEN": "Kenyan Kenyans",
    "KGZ": "Kyrgyz",
    "KHM": "Cambodian Cambodians",
    "KOS": "Kosovar Kosovars",
    "KWT": "Kuwaiti Kuwaitis",
    "LAO": "Laotian Laotians",
    "LBN": "Lebanese",
    "LBY": "Libyan Libyans",
    "LTU": "Lithuanian Lithuanians",
    "LVA": "Latvian Latvians",
    "MAR": "Moroccan Moroccans",
    "MDA": "Moldovan Moldovans",
    "MEX": "Mexican Mexicans",
    "MMR": "Burmese",
    "MNG": "Mongolian Mongolians",
    "MYS": "Malaysian Malaysians",
    "NGA": "Nigerian Nigerians",
    "NLD": "Dutch",
    "NOR": "Norwegian Norwegians",
    "NPL": "Nepali Nepalese",
    "NZL": "New Zealanders",
    "PAK": "Pakistani Pakistanis",
    "PHL": "Philippine Filipino Filipinos",
    "POL": "Polish Poles",
    "PRK": "North Korean North Koreans",
    "PRT": "Portuguese",
    "KOR": "South Korean South Koreans",
    "QAT": "Qatari Qataris",
    "ROU": "Romanian Romanians",
    "RUS": "Russian Russians",
    "SAU": "Saudi Saudis",
    "SRB": "Serbian Serbs",
    "SVK": "Slovak Slovaks",
    "SVN": "Slovenian Slovenes",
    "SWE": "Swedish Swedes",
    "SYR": "Syrian Syrians",
    "THA": "Thai Thais",
    "TJK": "Tajik Tajiks",
    "TKM": "Turkmen",
    "TUR": "Turkish Turks",
    "TWN": "Taiwanese",
    "UKR": "Ukrainian Ukrainians",
    "USA": "American Americans",
    "UZB": "Uzbek Uzbeks",
    "VEN": "Venezuelan Venezuelans",
    "VNM": "Vietnamese",
    "YEM": "Yemeni Yemenis",
    "ZAF": "South African South Africans",
}
_TWO_WORDS = ("North", "South", "New")

#: Other names of governments.
_METONYMS: Mapping[str, str] = {
    "the Kremlin": "RUS",
    "Kremlin": "RUS",
    "the White House": "USA",
    "the Pentagon": "USA",
    "Delhi": "IND",
    "Kiev": "UKR",
    "Peking": "CHN",
    "Zhongnanhai": "CHN",
    "Whitehall": "GBR",
    "Downing Street": "GBR",
    "the Elysee": "FRA",
    "Tel Aviv": "ISR",
}

#: Groups that are no state, and the members that stand in for them in a test.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "Central Asia": ("KAZ", "KGZ", "TJK", "TKM", "UZB"),
    "European Union": ("FRA", "DEU"),
    "the West": ("USA",),
}
_GROUP_WORDS: Mapping[str, str] = {
    "Central Asia": "Central Asia",
    "Central Asian": "Central Asia",
    "European Union": "European Union",
    "EU": "European Union",
    "Europe": "European Union",
    "Europeans": "European Union",
    "European": "European Union",
    "Brussels": "European Union",
    "the West": "the West",
    "Western": "the West",
}

#: Institutions whose members are on record.
INSTITUTIONS = ("NATO", "CSTO", "SCO", "BRICS", "QUAD", "Quad", "EAEU", "ASEAN", "AUKUS", "CIS", "AIIB", "SAARC", "G7")

#: Places whose names hold the name of a state, and names that are also words or towns elsewhere.
_NOT_STATES = (
    r"(?:South|East) China Seas?|Indian Ocean|Sea of Japan|Gulf of Mexico|American Samoa|New Mexico|Panama Canal"
    r"|Indian Americans?|China Daily|Moscow Times|Washington Post|Times of India|Japan Times"
    r"|Treaty of (?:Rome|Lisbon|Paris)|Paris Agreement|Vienna Convention|Budapest Memorandum|Helsinki Final Act"
    r"|Minsk (?:[Aa]greements?|[Aa]ccords?|[Pp]rocess|[Pp]rotocol|II)|Oslo [Aa]ccords?|Astana [Pp]rocess|Warsaw Pact"
)
_AMBIGUOUS = frozenset(
    (
        "Male",
        "Victoria",
        "Kingston",
        "Georgetown",
        "Santiago",
        "San Jose",
        "Panama City",
        "Salvador",
        "Trinidad",
        "England",
        "Wellington",
        "Lima",
        "Brussels",
        "Congo",
        "Guinea",
        "Papua",
        "New Guinea",
        "Tunis",
        "Persia",
        "Siam",
        "Macedonia",
        "Santo Domingo",
        "Sao Tome",
        "Korea",
        "America",
    )
)
_KEPT = {"America": "USA", "England": "GBR"}


@dataclass(frozen=True, slots=True)
class Mention:
    """A state or group named in the text: its ids, where, and the words."""

    ids: tuple[str, ...]
    start: int
    end: int
    words: str
    group: str = ""

    @property
    def is_place(self) -> bool:
        """Whether it names where something happens, not who does it."""
        return self.group == "Central Asia"


@cache
def _names() -> Mapping[str, str]:
    names: dict[str, str] = {}
    for state_id in states.members(date.today().year):
        state = states.find(state_id, system="id")
        for name in (state.name, state.capital, *state.aliases):
            if name and not re.search(r"[(),*/]", name) and name not in _AMBIGUOUS:
                names.setdefault(name, state_id)
    for state_id, words in DEMONYMS.items():
        parts = words.split()
        while parts:
            word = f"{parts.pop(0)} {parts.pop(0)}" if parts[0] in _TWO_WORDS else parts.pop(0)
            names[word] = state_id
    return {**names, **_METONYMS, **_KEPT}


@cache
def _pattern() -> re.Pattern[str]:
    words = sorted({*_names(), *_GROUP_WORDS}, key=lambda w: (-len(w), w))
    listing = "|".join(re.escape(w).replace(r"the\ ", r"[Tt]he\ ").replace(r"\ ", r"\s+") for w in words)
    return re.compile(rf"(?P<skip>{_NOT_STATES})|(?<![\w@/.])(?:anti-|pro-|non-)?(?P<name>{listing})(?![\w@/])")


def find_mentions(text: str) -> list[Mention]:
    """States and groups that a text names, in order; names within other names (South China Sea) are passed over."""
    found = []
    for match in _pattern().finditer(text):
        if match["skip"]:
            continue
        words = re.sub(r"\s+", " ", match["name"])
        words = words if words in _names() or words in _GROUP_WORDS else words[0].lower() + words[1:]
        group = _GROUP_WORDS.get(words, "")
        ids = GROUPS[group] if group else (_names()[words],)
        found.append(Mention(ids, match.start("name"), match.end("name"), words, group))
    return found


@dataclass(frozen=True, slots=True)
class Relation:
    """A kind of relation between states: the words that name it, and how many states it needs.

    Attributes
    ----------
    needs
        Another pattern that must be in the same sentence, or empty.
    opposite
        Words among these that assert the opposite of the relation, or None.
    general
        Named by words so general (ties, cooperation) that a closer one beside it takes their place.
    """

    name: str
    states: int
    words: re.Pattern[str]
    needs: re.Pattern[str] | None = None
    opposite: re.Pattern[str] | None = None
    general: bool = False


def _relation(
    name: str, count: int, words: str, *, needs: str = "", opposite: str = "", general: bool = False
) -> Relation:
    needed, turned = (re.compile(p, re.IGNORECASE) if p else None for p in (needs, opposite))
    return Relation(name, count, re.compile(words, re.IGNORECASE), needed, turned, general)


_HANDS_OVER = (
    r"\b(?:buys?|bought|buying|purchas\w+|sells?|sold|selling|suppl\w+|deliver\w*|sends?|sent|sending|provid\w+"
    r"|transfer\w*|export\w*|import\w*|plac\w+|pays? with|shipp\w+|arms sales|arms deals?|deals?)\b"
)
_INSTITUTION_WORDS = r"\b(?:" + "|".join(INSTITUTIONS) + r")\b"

#: Every relation that is looked for, by name.
RELATIONS: Mapping[str, Relation] = {
    r.name: r
    for r in (
        _relation(
            "mutual defense",
            2,
            r"\ballianc\w+|\ballies\b|\ballied\b|\bmutual[- ]defen[sc]e\b"
            r"|\bdefen[sc]e (?:pact|treaty|clause|guarantee|accord)\w*|\btreaty of (?:\w+ )?defen[sc]e\b"
            r"|\bdefend (?:each other|one another|the other)\b"
            r"|\bcollective defen[sc]e\b|\bhelp the other if attacked|\bcome to .{0,20}(?:defen[sc]e|aid)\b",
        ),
        _relation(
            "integration",
            2,
            r"\bintegrat\w+|\binteroperab\w+|\bjoint (?:command|headquarters|group of forces|planning)|\bunion state\b"
            r"|\bshares? (?:air defen[sc]e|command|early[- ]warning)|\bcommon defen[sc]e policy|\bplan together\b",
        ),
        _relation(
            "bases",
            2,
            r"\b(?:military |naval |air |foreign )?bases\b|\b(?:military|naval|air) base\b|\bgarrison\w*"
            r"|\btroops (?:remain|are stationed|stationed)",
        ),
        _relation(
            "joint exercise",
            2,
            r"\b(?:joint|military|naval|combined|large) (?:\w+ )?(?:exercis|drill|maneuver|manoeuvre|patrol)\w*"
            r"|\b(?:train|exercis|drill|patrol|sail|flew|fly|maneuver)\w* (?:\w+ ){0,3}?"
            r"(?:together|jointly|side by side)\b"
            r"|\b(?:drill|exercis|train)\w* with\b|\bwar[- ]?games?\b",
        ),
        _relation(
            "trade",
            2,
            r"\btrade\b(?! (?:friction|war|dispute|deficit))|\bcommerce\b|\b(?:exports?|imports?|sales|purchases) of "
            r"(?:oil|gas|coal|crude|energy|grain|goods)|\b(?:have|has) traded\b"
            r"|\btrading partners?\b|\b(?:buys?|sells?|bought|sold) (?:\w+ )?(?:oil|gas|coal|crude)",
        ),
        _relation(
            "arms",
            2,
            r"\bweapon\w*|\barms\b|\bmissiles?\b|\bmissile technology|\bfighter (?:jets?|aircraft)|\battack drones?"
            r"|\btanks\b|\bartillery\b|\bshells\b|\bammunition\b|\bsubmarines?\b",
            needs=_HANDS_OVER,
        ),
        _relation(
            "dual-use goods",
            2,
            r"\bdual[- ]use\b|\bmachine tools\b|\bmicro-?electronics\b|\bdrone (?:production|components|parts)",
        ),
        _relation(
            "military aid",
            2,
            r"\bmilitary (?:aid|assistance|support|help)\b|\b(?:sent|sends?|sending|neither) (?:[\w ]{0,25})?"
            r"(?:troops|soldiers)\b|\blethal aid\b|\bfight beside\b",
        ),
        _relation(
            "development finance",
            2,
            r"\blending\b|\bloans?\b|\binvest(?:s|ed|ment|ments)\b|\bdevelopment finance\b|\bBelt and Road\b",
        ),
        _relation(
            "dispute",
            2,
            r"\btensions?\b|\bdisputes?\b|\bclash\w*|\bskirmish\w*|\bstand-?offs?\b|\bquarrels?\b|\bfrictions?\b"
            r"|\bfought\b|\brivalr(?:y|ies)\b|\bhostilit\w+|\bstrains?\b|\bquarrel(?:s|ed|ling)\b|\bfeud\w*"
            r"|\bdisagree(?:s|d)?\b|\bat (?:odds|loggerheads|war)\b|\bwent to war\b|\bback (?:in)?to war\b"
            r"|\bexchanged? (?:fire|shots|blows|strikes|missiles|artillery)\b|\b(?:came|come) to blows\b|\bfell out\b"
            r"|\b(?:broke|severed|cut) (?:off )?(?:diplomatic )?(?:relations|ties)\b"
            r"|\bexpel\w+ (?:\w+['’]?s? ){0,4}diplomats\b"
            r"|\bbrink of war\b|\bconfrontation\b|\bspar(?:s|red|ring)\b"
            r"|\b(?:settled|resolved) (?:\w+ ){0,6}?(?:border|boundary|dispute|quarrel|feud)\b"
            r"|\b(?:put|buried) (?:\w+ ){0,3}?(?:quarrel|dispute|rivalry|feud)\b"
            r"|\bburied the hatchet\b",
            opposite=r"settled|resolved|put |buried",
        ),
        _relation(
            "territorial claim",
            2,
            r"\bterritorial claims?|\b(?:both |each |also )?claims? (?:on|over|sovereignty|all of)"
            r"|\b(?:both|each) claims? the\b"
            r"|\bclaims? [A-Z]\w+ (?:in full|as)",
        ),
        _relation(
            "competition", 2, r"\bcompet(?:e|es|ed|ing|ition|itors?)\b|\bvying\b|\bvie for\b|\bstruggle for influence"
        ),
        _relation(
            "autonomy",
            1,
            r"\b(?:strategic )?autonom\w+|\bnon-?align\w+|\bmulti-?align\w+|\bhedg(?:e|es|ed|ing)\b|\bequidistan\w+"
            r"|\bbalanc\w+ (?:act )?between|\bindependent foreign policy|\bmulti-?vector\b|\btightrope\b"
            r"|\bwalks? a (?:\w+ )?(?:line|path) between\b",
        ),
        _relation(
            "alignment",
            1,
            r"\brealign\w*|\balignment\b|\bpivot\w*|\bshift\w* (?:towards?|to|away)"
            r"|\bturn(?:s|ed|ing)? (?:against|away)|(?<!by )\bsid(?:e|es|ed|ing) with\b"
            r"|\bdrift\w* (?:towards?|away)|\banti-Western\b|\bpro-Western\b",
        ),
        _relation(
            "overture",
            2,
            r"\bovertures?\b|\bthaw\b|\brapprochement\b|\bd[eé]tente\b|\boutreach\b|\btalks\b|(?-i:\bsummits?\b)"
            r"|\bnormali[sz]\w+|\breset\b|\brestor\w+ (?:full |diplomatic )*(?:relations|ties)\b|\bre-?establish\w* "
            r"(?:full |diplomatic )*(?:relations|ties)\b|\bre-?open\w* (?:\w+ ){0,2}?(?:embass\w+|consulates?)\b"
            r"|\bexchanged ambassadors\b|\bpatched (?:\w+ )?up\b|\bmended (?:\w+ )?(?:fences|ties|relations)\b"
            r"|\breconcil\w+|\bmade (?:up|peace)\b|\bpeace (?:treaty|accord|agreement|deal)\b",
        ),
        _relation(
            "wedge",
            2,
            r"\bwedges?\b|\b(?:driv\w+|pull\w*|pry\w*|split\w*) [\w ]{0,20}apart\b|\bpeel\w* away\b"
            r"|\b(?:leverag|exploit)\w* [\w ]{0,20}(?:tensions?|differences|rifts?)",
        ),
        _relation(
            "demand",
            1,
            r"\bdemand(?:s|ed|ing)?\b|\binsist\w*|\bultimat\w+|\bmaximalist\b|\basks? (?:in|for)\b",
        ),
        _relation(
            "belief",
            1,
            r"\bbeliev\w+|\bconvinced\b|\bconfident that\b|\bthinks? (?:that|it)\b|\bassum\w+ that\b",
            needs=r"victor\w*|\bwins?\b|\bforce\b|\bwar\b|achiev\w*|prevail\w*|defeat\w*|threat\w*|\bthe other\b",
        ),
        _relation(
            "pressure",
            1,
            r"\bpressure\b(?! from)|\bconcessions\b|\bcoercion\b",
            opposite="concessions",
        ),
        _relation("sanction", 2, r"\bsanctions?\b|\bsanctioned\b|\bembargo\w*|\bexport controls?"),
        _relation(
            "self-determination",
            1,
            r"\bself-determination\b|\bdecide for themselves\b|\bimperial\w*|\bsphere of influence\b"
            r"|\bright to exist\b",
            opposite=r"imperial|sphere",
        ),
        _relation(
            "interest",
            2,
            r"\b(?:own|national|strategic|self)[- ]?(?:\w+ )?interests?\b|\bcarefully managed\b|\bconstrain\w+"
            r"|\barm'?s[- ]length\b|\bsafe distance\b|\bcalculated\b|\btransactional\b|\bunconditional\w*"
            r"|\bmarriage of convenience\b",
        ),
        _relation("recognition", 1, r"\brecogni[sz](?:e|es|ed|ing)\b(?! that)|\brecognition of\b"),
        _relation(
            "vote",
            1,
            r"\bvot(?:e|es|ed|ing)\b|\babstain\w*",
            needs=r"United Nations|Assembly|UN\b",
        ),
        _relation(
            "membership", 1, _INSTITUTION_WORDS, needs=r"\bmembers?\b|\bmembership\b|\bbelongs?\b|\bjoin(?:s|ed|ing)?\b"
        ),
        _relation(
            "partnership",
            2,
            r"\bpartner(?:s|ship|ships)?\b(?! for Peace)|\bco-?operat\w+|\bcollaborat\w+|\bties\b"
            r"|\brelationship\b|(?<!diplomatic )\brelations\b|\bfriend(?:ship|ly)\b|\bengagement\b",
            general=True,
        ),
    )
}
