"""Our own pages: their style, the page where a token is typed, and a page with one message."""

from html import escape

from hpsearch.report.figures.palette import style_sheet

STYLE = """
* { box-sizing: border-box; }
body { margin: 0; background: var(--raised); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 54rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { font-size: 1.4rem; margin: 0 0 .2rem; }
h2 { font-size: 1.15rem; margin: 0; overflow-wrap: anywhere; }
p { margin: .3rem 0; }
a { color: var(--accent); }
.note { color: var(--muted); font-size: .9rem; overflow-wrap: anywhere; }
.card { background: var(--surface); border: 1px solid var(--rule); border-radius: 10px;
  padding: 1rem 1.1rem; margin-top: 1rem; }
.card.alone { max-width: 26rem; margin: 12vh auto 0; }
.head { display: flex; flex-wrap: wrap; gap: .2rem 1rem; justify-content: space-between;
  align-items: baseline; }
.bar { display: flex; height: .55rem; border-radius: 999px; overflow: hidden; background: var(--wash);
  margin: .6rem 0 .5rem; }
.bar i { display: block; }
.complete { background: var(--accent); } .pruned { background: var(--quiet); }
.failed { background: var(--warning); } .running { background: var(--soft); }
.links { display: flex; flex-wrap: wrap; gap: .6rem; margin-top: .8rem; }
.button { display: inline-block; padding: .4rem .95rem; border-radius: 7px; border: 1px solid var(--rule);
  text-decoration: none; font: inherit; background: none; color: var(--accent); cursor: pointer; }
.button.first { background: var(--accent); border-color: var(--accent); color: var(--surface); }
.told { color: var(--warning); }
label { display: block; font-weight: 600; margin-top: .8rem; }
input[type=password] { width: 100%; font: inherit; padding: .5rem .6rem; margin: .3rem 0 .9rem;
  border: 1px solid var(--quiet); border-radius: 7px; background: var(--surface); color: var(--ink); }
footer { margin-top: 2rem; }
"""
"""In the colors of reports."""


def page(title: str, body: str, *, refresh_s: int | None = None) -> str:
    """Return a page of ours; ``title`` is text, ``body`` is HTML."""
    again = "" if refresh_s is None else f'<meta http-equiv="refresh" content="{refresh_s}">'
    return (
        '<!DOCTYPE html><html lang="en" class="hp"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">{again}'
        f'<link rel="icon" href="data:,"><title>{escape(title)}</title>'
        f"<style>{style_sheet()}{STYLE}</style></head><body><main>{body}</main></body></html>"
    )


def login_page(*, notice: str = "", to: str = "/") -> str:
    """Return the page where a token is typed.

    Args:
        notice: The result of the last try.
        to: The path to go on to.
    """
    alert = f'<p class="told" role="alert">{escape(notice)}</p>' if notice else ""
    return page(
        "Log in - hpsearch",
        '<div class="card alone"><h1>hpsearch</h1>'
        '<p class="note">This dashboard asks for the token that it was started with.</p>'
        f'{alert}<form method="post" action="/login"><input type="hidden" name="next" value="{escape(to)}">'
        '<label for="token">Token</label><input id="token" type="password" name="token" required autofocus '
        'autocomplete="current-password"><button class="button first">Log in</button></form></div>',
    )


def message_page(title: str, text: str) -> str:
    """Return a page with one message on it."""
    return page(
        f"{title} - hpsearch",
        f'<div class="card"><h1>{escape(title)}</h1><p>{escape(text)}</p>'
        '<div class="links"><a class="button" href="/">All studies</a></div></div>',
    )
