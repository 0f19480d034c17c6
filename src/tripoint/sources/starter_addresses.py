"""Does an address name a document, or only the place where its publisher keeps many?

A home page or a list page proves nothing: what it shows tomorrow is not what a row rests on. The rule is by
construction of the address, so that it needs no network: the path is not empty, is more than a language, and is
neither of a list's form nor a list page on record.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import urlsplit

_LANGUAGE = re.compile(
    r"/?(en|eng|english|ru|fr|de|default\.\w+\.\w+|index\.\w+|main|home)?(/index\.\w+)?", re.IGNORECASE
)
#: What lists share: a label, a numbered category, a year or month of a web log.
_LIST = re.compile(r"/tag/|/category/\d+(\?|$)|/20\d\d(/\d\d)?/?(\?|$)")
#: Hosts that show the same documents: the main one of each.
_HOSTS = {
    "undocs.org": "docs.un.org/en",
    "en.kremlin.ru": "kremlin.ru",
    "special.kremlin.ru": "kremlin.ru",
    "en.special.kremlin.ru": "kremlin.ru",
}


def plain_address(url: str) -> str:
    """An address without what does not tell documents apart: scheme, ``www``, language host, port, last slash.

    >>> plain_address("http://www.kremlin.ru:80/acts/bank/38809/")
    'kremlin.ru/acts/bank/38809'
    """
    parts = urlsplit(url.strip())
    host = re.sub(r":(80|443)$", "", parts.netloc.lower()).removeprefix("www.")
    host = _HOSTS.get(host, host)
    query = f"?{parts.query}" if parts.query else ""
    return f"{host}{parts.path.rstrip('/')}{query}"


def names_document(url: str | None, lists: Collection[str] = ()) -> bool:
    """Whether an address leads to one document.

    Parameters
    ----------
    url
        The address.
    lists
        Addresses of list pages as :func:`plain_address` writes them.

    Examples
    --------
    >>> names_document("https://www.pib.gov.in/")
    False
    >>> names_document("http://en.kremlin.ru/events/president/news", {"kremlin.ru/events/president/news"})
    False
    >>> names_document("https://example.org/tag/malabar-2017/")
    False
    >>> names_document("http://en.kremlin.ru/events/president/news/37696")
    True
    """
    if not url or not re.match(r"https?://[^\s/]+\.[^\s/]+", url):
        return False
    parts = urlsplit(url)
    if (not parts.query and _LANGUAGE.fullmatch(parts.path.rstrip("/"))) or _LIST.search(url):
        return False
    return plain_address(url) not in lists
