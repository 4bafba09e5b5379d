"""The inbox as a page: no script, nothing loaded from elsewhere, every text escaped."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from local.mail import Message

Headers = list[tuple[str, str]]
_LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")
_STYLE = """
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { max-width: 48rem; margin: 0 auto; padding: 1rem; }
form { display: flex; flex-wrap: wrap; gap: .5rem; align-items: end; margin-bottom: 1.5rem; }
label { display: block; font-weight: 600; }
input, button { font: inherit; padding: .3rem .6rem; }
article { border: 1px solid #8889; border-radius: .5rem; padding: 0 1rem; margin: 0 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin: .8rem 0 .2rem; }
.about { margin: 0; opacity: .8; font-size: .9rem; }
pre { font: inherit; white-space: pre-wrap; overflow-wrap: anywhere; }
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


def render(messages: list[Message], to: str) -> tuple[bytes, Headers]:
    """Return the page and its headers; the newest mail comes first."""
    found = "".join(_article(message) for message in reversed(messages))
    count = len(messages)
    heading = "No mail yet" if count == 0 else f"{count} mail{'' if count == 1 else 's'}"
    page = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Inbox - embedded AWS</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
<h1>Inbox of the embedded AWS</h1>
<form action="/_local/mail/" method="get">
<div><label for="to">Mail to</label>
<input id="to" name="to" type="email" value="{html.escape(to)}"></div>
<button type="submit">Show</button>
</form>
<p role="status">{heading}</p>
{found}
</main>
</body>
</html>
"""
    headers = [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Security-Policy", _POLICY),
        ("Referrer-Policy", "no-referrer"),
    ]
    return page.encode("utf-8", "replace"), headers


def _article(message: Message) -> str:
    heading = f"mail-{message.id}"
    return f"""<article aria-labelledby="{heading}">
<h2 id="{heading}">{html.escape(message.subject)}</h2>
<p class="about">To {html.escape(message.to)}, <time datetime="{html.escape(message.at)}">\
{html.escape(message.at)}</time>, from {html.escape(message.source)}</p>
<pre>{_with_links(message.body)}</pre>
</article>
"""


def _with_links(text: str) -> str:
    parts, end = [], 0
    for found in _LINK.finditer(text):
        address = html.escape(found.group())
        parts.append(html.escape(text[end : found.start()]))
        parts.append(f'<a href="{address}" rel="noopener noreferrer">{address}</a>')
        end = found.end()
    return "".join(parts) + html.escape(text[end:])
