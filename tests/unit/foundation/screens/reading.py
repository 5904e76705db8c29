"""Reads a page as its structure, and says what about it would stop somebody from using it."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from lxml import html

TYPED = "//input[not(@type='hidden') and not(@type='submit')] | //select | //textarea"
POINTING = ("aria-describedby", "aria-labelledby", "for")


def page(content: bytes | str) -> html.HtmlElement:
    """The page, parsed."""
    return html.document_fromstring(content)


def faults(content: bytes | str) -> list[str]:
    """What is wrong with the page for somebody who hears it, or who has styles and scripts locked down."""
    tree = page(content)
    return [*_outline(tree), *_names(tree), *_pointers(tree), *_inline(tree)]


def text_of(content: bytes | str) -> str:
    """All the words of the page's main part."""
    (main,) = page(content).xpath("//main")
    return " ".join(main.text_content().split())


def _outline(tree: html.HtmlElement) -> list[str]:
    found = [] if tree.xpath("//html/@lang") == ["en"] else ["no language"]
    found += [] if "".join(tree.xpath("//title/text()")).strip() else ["no title"]
    levels = [int(each.tag[1]) for each in tree.xpath("//h1|//h2|//h3|//h4|//h5|//h6")]
    found += [] if levels.count(1) == 1 else [f"{levels.count(1)} h1s"]
    found += [f"h{a} then h{b}" for a, b in pairwise(levels) if b > a + 1]
    found += [
        f"{len(tree.xpath('//' + each))} {each}s"
        for each in ("main", "header", "footer")
        if len(tree.xpath("//" + each)) != 1
    ]
    return found


def _names(tree: html.HtmlElement) -> list[str]:
    twice = [each for each, count in Counter(tree.xpath("//@id")).items() if count > 1]
    labelled = set(tree.xpath("//label[normalize-space()]/@for"))
    silent = [each.get("name") for each in tree.xpath(TYPED) if each.get("id") not in labelled]
    mute = [html.tostring(each) for each in tree.xpath("//button | //a[@href]") if not each.text_content().strip()]
    untitled = tree.xpath("//table[not(caption)] | //fieldset[not(legend)] | //nav[not(@aria-label)]")
    return [
        *(f"id {each} is there twice" for each in twice),
        *(f"box {each} has no label" for each in silent),
        *(f"{each!r} says nothing" for each in mute),
        *(f"a {each.tag} has no name" for each in untitled),
    ]


def _pointers(tree: html.HtmlElement) -> list[str]:
    ids = set(tree.xpath("//@id"))
    pointed = [one for name in POINTING for each in tree.xpath(f"//@{name}") for one in str(each).split()]
    inside = [str(each)[1:] for each in tree.xpath("//a/@href") if str(each).startswith("#")]
    return [f"{each} points at nothing" for each in {*pointed, *inside} if each not in ids]


def _inline(tree: html.HtmlElement) -> list[str]:
    """The content security policy would drop these, so the page must not count on them."""
    handlers = [
        name for each in tree.iter() if isinstance(each.tag, str) for name in each.attrib if name.startswith("on")
    ]
    return [
        *(f"inline style on {each.tag}" for each in tree.xpath("//*[@style] | //style")),
        *("inline script" for _ in tree.xpath("//script[not(@src)]")),
        *(f"inline {name}" for name in handlers),
    ]
