"""The few pages that are not Dash's: errors and the entrance, in Bahasa Indonesia and English."""

from __future__ import annotations

from html import escape

from flask import Response, jsonify, request

# status -> title and what to do, in Bahasa Indonesia, then the same in English
TEXTS: dict[int, tuple[str, str, str]] = {
    400: (
        "Permintaan tidak dapat dibaca",
        "Periksa alamat halaman, lalu coba lagi.",
        "The request could not be read; check the address and try again.",
    ),
    401: (
        "Layar ini belum terdaftar",
        "Masukkan token layar dari administrator, atau buka alamat masuk yang diberikannya.",
        "This screen is not known; enter the token that the administrator gave you.",
    ),
    403: (
        "Akses tidak diizinkan",
        "Hubungi administrator dasbor.",
        "Access is not allowed; ask the dashboard's administrator.",
    ),
    404: (
        "Halaman tidak ditemukan",
        "Dinding pemantauan ada di /wall.",
        "There is no such page; the wall is at /wall.",
    ),
    405: (
        "Cara permintaan tidak didukung",
        "Alamat ini hanya dapat dibaca.",
        "This address does not take that kind of request.",
    ),
    413: (
        "Permintaan terlalu besar",
        "Kurangi ukuran permintaan.",
        "The request is too large.",
    ),
    500: (
        "Terjadi kesalahan di server",
        "Kesalahan sudah dicatat. Muat ulang halaman ini sebentar lagi.",
        "Something went wrong on the server and was logged; reload in a moment.",
    ),
    503: (
        "Data belum tersedia",
        "Coba lagi sebentar lagi.",
        "The data is not available yet; try again in a moment.",
    ),
}

_PAGE = """<!doctype html>
<html lang="id"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">{again}
<style>
:root {{ color-scheme: dark light; }}
body {{ margin: 0; min-height: 100vh; display: grid; place-content: center; padding: 6vmin;
  box-sizing: border-box; background: #12161c; color: #f2f4f7; font: 400 max(18px, 2.6vmin)/1.5
  "Plus Jakarta Sans", system-ui, sans-serif; }}
main {{ max-width: 34em; border-left: .35em solid #7aa5d6; padding-left: 1.4em; }}
h1 {{ font-size: 2em; line-height: 1.2; margin: 0 0 .4em; }}
p {{ margin: .4em 0; }}
.quiet {{ color: #b9c2ce; }}
a {{ color: inherit; }}
form {{ margin-top: 1.2em; display: flex; gap: .6em; flex-wrap: wrap; }}
input, button {{ font: inherit; padding: .5em .8em; border-radius: .3em; border: 1px solid #5a6675;
  background: #1c222b; color: inherit; }}
button {{ background: #f2f4f7; color: #12161c; font-weight: 600; cursor: pointer; }}
:focus-visible {{ outline: 3px solid #7aa5d6; outline-offset: 2px; }}
</style></head>
<body><main><h1>{title}</h1><p>{advice}</p>{detail}<p class="quiet" lang="en">{english}</p>{form}
</main></body></html>
"""
# A wall that nobody touches comes back by itself once what is wrong has been put right.
_AGAIN = '<meta http-equiv="refresh" content="60">'
_FORM = """<form method="post" action="/enter"><label>Token
<input name="token" type="password" autocomplete="off" autofocus required></label>
<button>Masuk</button></form>"""


def wants_json() -> bool:
    """Whether the one who asks is a program."""
    if request.path.startswith(("/api/", "/_dash", "/healthz", "/readyz", "/live", "/map/")):
        return True
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) != "text/html"


def problem(status: int, sentence: str | None = None, *, entrance: bool = False) -> Response:
    """An answer that says in words what is wrong; ``sentence`` adds what is particular (English).

    ``entrance``: with a field for the screen's token.
    """
    title, advice, english = TEXTS.get(status, TEXTS[500])
    if wants_json():
        response = jsonify({"error": sentence or english})
    else:
        detail = f'<p class="quiet" lang="en">{escape(sentence)}</p>' if sentence else ""
        form = _FORM if entrance else ""
        again = _AGAIN if request.path != "/enter" else ""
        parts = {"title": title, "advice": advice, "english": english}
        response = Response(
            _PAGE.format(**parts, detail=detail, form=form, again=again), mimetype="text/html"
        )
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response
