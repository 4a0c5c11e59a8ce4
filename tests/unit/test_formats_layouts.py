import gzip
import io
import json
from pathlib import Path

import pytest
import zstandard

from data.errors import InputError
from data.formats import LAYOUTS, Layout, Rejection, Row, read_rows, to_comment
from data.formats.html_text import MOST_TAGS, html_to_text
from data.formats.threads import Threads
from data.record import Comment

DISQUS = """<?xml version="1.0" encoding="utf-8"?>
<disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals">
<category dsq:id="1"><title>Une</title></category>
<thread dsq:id="7"><id>wp-1</id><link>https://site.example/a</link><title>La réforme</title></thread>
<post dsq:id="70"><id/><message><![CDATA[<p>Bien dit &amp; merci<br>Paul</p>]]></message>
<createdAt>2026-01-02T03:04:05Z</createdAt><isSpam>false</isSpam>
<author><name>Paul</name><username>paul_1</username></author><thread dsq:id="7"/></post>
<post dsq:id="71"><message><![CDATA[<blockquote>Bien dit</blockquote>Non]]></message>
<author><name>Zoé</name></author><thread dsq:id="8"/><parent dsq:id="70"/></post>
</disqus>"""

WORDPRESS = """<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>Blog</title>
<item><title><![CDATA[L&rsquo;école]]></title><link>https://blog.example/ecole</link>
<content:encoded><![CDATA[<p>long article</p>]]></content:encoded><wp:post_id>12</wp:post_id>
<wp:comment><wp:comment_id>5</wp:comment_id><wp:comment_author><![CDATA[Ana]]></wp:comment_author>
<wp:comment_date_gmt>2025-05-06 07:08:09</wp:comment_date_gmt>
<wp:comment_content><![CDATA[Deux\nlignes, <em>dont</em> une\x0b.]]></wp:comment_content>
<wp:comment_approved>1</wp:comment_approved><wp:comment_parent>0</wp:comment_parent>
<wp:commentmeta><wp:meta_key>a</wp:meta_key></wp:commentmeta>
<wp:commentmeta><wp:meta_key>b</wp:meta_key></wp:commentmeta></wp:comment>
<wp:comment><wp:comment_id>6</wp:comment_id><wp:comment_type>pingback</wp:comment_type>
<wp:comment_content>lien</wp:comment_content></wp:comment>
<wp:comment><wp:comment_id>7</wp:comment_id><wp:comment_content>Si.</wp:comment_content>
<wp:comment_parent>5</wp:comment_parent></wp:comment></item>
<item><title>Autre</title><wp:post_id>13</wp:post_id>
<wp:comment><wp:comment_id>8</wp:comment_id><wp:comment_content>Ici.</wp:comment_content></wp:comment></item>
</channel></rss>"""


def put(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read(layout: str, *paths: Path) -> list[Row | Rejection]:
    reading = Layout(layout)
    return [row for path in paths for row in read_rows(path, layout=reading)]


def comments(rows: list[Row | Rejection]) -> list[Comment]:
    found = [to_comment(row, labels=False) for row in rows if isinstance(row, Row)]
    assert all(isinstance(comment, Comment) for comment in found)
    return [comment for comment in found if isinstance(comment, Comment)]


def test_disqus(tmp_path: Path) -> None:
    rows = read("disqus", put(tmp_path, "d.xml", DISQUS))
    first, second = comments(rows)
    assert (first.id, first.text, first.thread_id) == ("70", "Bien dit & merci\nPaul", "7")
    assert (first.article_title, first.url) == ("La réforme", "https://site.example/a")
    assert (first.author, first.created_at) == ("paul_1", "2026-01-02T03:04:05Z")
    assert first.extra == {"isSpam": "false", "author_name": "Paul", "author_username": "paul_1"}
    assert (second.text, second.parent_id, second.author) == ("> Bien dit\nNon", "70", "Zoé")
    assert second.article_title is None
    assert [(row.number, row.line) for row in rows] == [(0, 5), (1, 8)]


def test_wordpress(tmp_path: Path) -> None:
    rows = read("wordpress", put(tmp_path, "w.xml.gz", gzip.compress(WORDPRESS.encode())))
    first, third, other = comments(rows)
    assert (first.id, first.text) == ("5", "Deux\nlignes, dont une .")
    assert (first.thread_id, first.parent_id, first.article_title) == ("12", None, "L’école")
    assert (first.author, first.created_at) == ("Ana", "2025-05-06T07:08:09Z")
    assert first.extra["comment_approved"] == "1"
    assert first.extra["commentmeta_meta_key"] == ["a", "b"]
    assert (third.parent_id, third.url) == ("5", "https://blog.example/ecole")
    assert (other.thread_id, other.article_title, other.url) == ("13", "Autre", None)
    (aside,) = [row for row in rows if isinstance(row, Rejection)]
    assert (aside.number, aside.reason) == (1, "a pingback or trackback, not a comment")
    assert aside.cells["comment_content"] == "lien"


@pytest.mark.parametrize("name", ["c.json", "c.jsonl"])
def test_coral_stories_then_comments(tmp_path: Path, name: str) -> None:
    stories = put(tmp_path, "s.json", json.dumps([{"id": "s", "url": "/a", "metadata": {"title": "Titre"}}]))
    records = [
        {
            "_id": {"$oid": "x"},
            "id": "c",
            "storyID": "s",
            "parentID": None,
            "authorID": "u",
            "createdAt": {"$date": "2026-01-01T00:00:00Z"},
            "status": "REJECTED",
            "revisions": [
                {"body": "<div>vieux</div>", "metadata": {}},
                {"body": "<div>neuf</div>", "metadata": {"perspective": {"score": 0.75}}},
            ],
        },
        {
            "id": "d",
            "body": "<b>Non</b> !",
            "parentID": "c",
            "story": {"id": "t", "metadata": {"title": "T"}},
        },
        {"id": "e", "body": "simple", "author": {"username": "moi"}},
    ]
    body = json.dumps(records, indent=1) if name == "c.json" else "\n".join(map(json.dumps, records))
    first, second, third = comments(read("coral", stories, put(tmp_path, name, body)))
    assert (first.text, first.author, first.created_at) == ("neuf", "u", "2026-01-01T00:00:00Z")
    assert (first.article_title, first.url) == ("Titre", "/a")
    assert (first.extra["perspective_score"], first.extra["status"]) == (0.75, "REJECTED")
    assert len(first.extra["revisions"]) == 2
    assert (second.text, second.parent_id, second.article_title) == ("Non !", "c", "T")
    assert second.extra["body"] == "<b>Non</b> !"
    assert (third.text, third.author, "body" in third.extra) == ("simple", "moi", False)


def test_reddit_with_its_long_window(tmp_path: Path) -> None:
    parameters = zstandard.ZstdCompressionParameters(window_log=31)
    submissions = '{"id": "x", "title": "A &amp; B", "permalink": "/r/x", "selftext": ""}\n'
    rows = [
        {"id": "1", "body": "&gt; ah\n\noui", "link_id": "t3_x", "parent_id": "t3_x", "created_utc": "0"},
        {"id": "2", "body": "[deleted]", "link_id": "t3_x", "parent_id": "t1_1"},
        {"id": "3", "body": "non", "link_id": "t3_y", "parent_id": "t1_1", "score": -4},
    ]
    body = "\n".join(map(json.dumps, rows)).encode()
    packed = io.BytesIO()
    with zstandard.ZstdCompressor(compression_params=parameters).stream_writer(packed, closefd=False) as into:
        into.write(body)
    rs, rc = put(tmp_path, "RS.jsonl", submissions), put(tmp_path, "RC_2026-01.zst", packed.getvalue())
    found = read("reddit", rs, rc)
    first, third = comments(found)
    assert (first.text, first.parent_id, first.article_title) == ("> ah\n\noui", None, "A & B")
    assert first.created_at == "1970-01-01T00:00:00+00:00"
    assert (third.id, third.parent_id, third.article_title, third.extra["score"]) == ("3", "1", None, -4)
    assert [r.reason for r in found if isinstance(r, Rejection)] == ["deleted by its author or removed"]
    with pytest.raises(InputError, match="zstd window beyond 128 MiB; use --layout reddit"):
        list(read_rows(rc))


@pytest.mark.parametrize(
    ("layout", "name", "content", "message"),
    [
        ("disqus", "a.xml", DISQUS[:-40], r"a.xml:\d+: XML is cut short or not well formed"),
        ("disqus", "a.xml", WORDPRESS, "no <disqus> export"),
        ("wordpress", "a.xml", DISQUS, "no <rss> export"),
        (
            "disqus",
            "a.xml",
            '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><disqus>&b;</disqus>',
            "declares entities or a document type",
        ),
        (
            "disqus",
            "a.xml",
            '<!DOCTYPE d SYSTEM "file:///etc/passwd"><disqus/>',
            "declares entities or a document type",
        ),
        ("disqus", "a.xml", "<disqus>" + "<a>" * 100 + "</a>" * 100 + "</disqus>", "nested too deeply"),
        ("disqus", "a.xml", "<disqus></disqus>", "no comments of a disqus export; check --layout"),
        ("coral", "a.xml", DISQUS, "a coral export is jsonl or json, not xml"),
        ("reddit", "a.csv", "id,body\n1,secret\n", "not csv"),
        ("reddit", "a.jsonl", "not json secret\n", ""),
    ],
)
def test_what_is_no_such_export_is_one_line(
    tmp_path: Path, layout: str, name: str, content: str, message: str
) -> None:
    path = put(tmp_path, name, content)
    if not message:
        assert [type(row) for row in read(layout, path)] == [Rejection]
        return
    with pytest.raises(InputError, match=message) as caught:
        read(layout, path)
    assert "secret" not in str(caught.value)


def test_a_layout_has_a_name() -> None:
    with pytest.raises(InputError, match=f"no layout 'spip'; use one of {', '.join(LAYOUTS)}"):
        Layout("spip")


def test_xml_needs_a_layout(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="an XML export needs its layout; use --layout disqus or wordpress"):
        list(read_rows(put(tmp_path, "a.xml", DISQUS)))


def test_bytes_that_are_no_utf_8_cost_one_post(tmp_path: Path) -> None:
    rows = read("disqus", put(tmp_path, "d.xml", DISQUS.encode().replace(b"Non]]", b"N\xe9on]]")))
    assert [type(row) for row in rows] == [Row, Rejection]
    assert rows[1].reason == "not valid UTF-8"  # type: ignore[union-attr]
    latin = DISQUS.replace('"utf-8"', '"iso-8859-1"').encode("latin-1")
    assert comments(read("disqus", put(tmp_path, "l.xml", latin)))[0].article_title == "La réforme"
    wide = DISQUS.replace('"utf-8"', '"utf-16"').encode("utf-16")
    assert comments(read("disqus", put(tmp_path, "u.xml", wide)))[0].article_title == "La réforme"


def test_threads_are_bounded_and_say_what_they_miss() -> None:
    threads = Threads(size=2)
    for key in "abc":
        threads.add(key, f"titre {key}", None)
    assert [threads.get(key).title for key in "abc"] == [None, "titre b", "titre c"]
    assert (threads.forgotten, threads.missed, len(threads)) == (1, 1, 2)
    assert threads.get(None) == (None, None)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("a < b", "a < b"),
        ("<ul><li>1<li>2</ul>fin", "1\n2\nfin"),
        ("<blockquote>x<blockquote>y</blockquote>z</blockquote> w", "> x\n> > y\n> z\nw"),
        ("<p>a <style>b{}</style><!-- c --><img alt='😀'></p>\n<p></p>d", "a 😀\nd"),
        ("<script>alert(1)</script>", ""),
        ("<p>non fermé <b>gras", "non fermé gras"),
    ],
)
def test_html_bodies(html: str, text: str) -> None:
    assert html_to_text(html) == text


def test_hostile_html_is_refused_or_read_in_time() -> None:
    assert html_to_text("<blockquote>" * (MOST_TAGS - 1) + "x") == "> " * 8 + "x"
    with pytest.raises(InputError, match="tags"):
        html_to_text("<div>" * (MOST_TAGS + 1))
