"""Files as people send them, and as attackers do: made here, small, and never of anybody."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Any

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

WORD = "word/document.xml"
TYPES = "[Content_Types].xml"


def archive(parts: dict[str, bytes], *, compress: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compress) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return out.getvalue()


def docx(**more: bytes) -> bytes:
    """A small Word document, as far as anybody looks."""
    parts = {TYPES: b"<Types/>", WORD: b"<w:document>Hello</w:document>", "_rels/.rels": b"<Relationships/>"}
    return archive(parts | more)


def with_parts(parts: dict[str, bytes]) -> bytes:
    """A Word document with these parts besides."""
    return archive({TYPES: b"<Types/>", WORD: b"<w:document/>"} | parts)


def bomb(megabytes: int, entries: int = 1) -> bytes:
    """A Word document that becomes so large when it is unpacked."""
    each = bytes(megabytes * 1024**2 // entries)
    return with_parts({f"word/media/{number}.xml": each for number in range(entries)})


def lying(content: bytes = bytes(30_000_000)) -> bytes:
    """A Word document with a part that says it is ten bytes and is thirty million."""
    made = bytearray(with_parts({"word/lie.xml": content}))
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = 0
        while (found := made.find(mark, start)) >= 0:
            if struct.unpack_from("<L", made, found + at)[0] == len(content):
                struct.pack_into("<L", made, found + at, 10)
            start = found + 4
    return bytes(made)


def overlapping(copies: int = 200) -> bytes:
    """An archive whose list names one stretch of it many times."""
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    kernel = packed.compress(bytes(1_000_000)) + packed.flush()
    crc = zlib.crc32(bytes(1_000_000))
    local = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 8, 0, 0, crc, len(kernel), 1_000_000, 1, 0)
    body = local + b"a" + kernel
    directory = b"".join(
        struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 8, 0, 0, crc, len(kernel), 1_000_000, 5, 0, 0, 0, 0, 0, 0)
        + f"{number:05}".encode()
        for number in range(copies)
    )
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, copies, copies, len(directory), len(body), 0)
    return body + directory + end


def many_names(count: int) -> bytes:
    """An archive with very many empty parts."""
    return archive({TYPES: b"<Types/>", WORD: b"x"} | {f"word/{number}": b"" for number in range(count)}, compress=0)


def picture(format: str = "JPEG", size: tuple[int, int] = (60, 40), **save: Any) -> bytes:
    """A picture."""
    out = io.BytesIO()
    Image.new("RGB", size, (90, 140, 60)).save(out, format=format, **save)
    return out.getvalue()


def photograph() -> bytes:
    """A photograph that says where it was taken, with what, and which way up it was held."""
    exif = Image.Exif()
    exif[0x010F] = "CANARYCAM"
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[2] = (51.0, 31.0, 12.0)
    exif.get_ifd(0x8825)[1] = "N"
    return picture(exif=exif, comment=b"CANARYCOMMENT")


def png_of(width: int, height: int) -> bytes:
    """A PNG that says it is so large, and holds next to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack("!L", len(data)) + kind + data + struct.pack("!L", zlib.crc32(kind + data))

    head = struct.pack("!2L5B", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")


def many_frames(frames: int, size: tuple[int, int] = (50, 50)) -> bytes:
    """A moving picture of so many frames, each unlike the last."""
    made = [Image.new("P", size, number % 250) for number in range(frames)]
    for number, each in enumerate(made):
        each.putpixel((number % size[0], 0), (number + 1) % 250)
    out = io.BytesIO()
    made[0].save(out, format="GIF", save_all=True, append_images=made[1:])
    return out.getvalue()


def pdf(*, pages: int = 1, opens: str = "", attached: bytes = b"", password: str = "", stream: bytes = b"") -> bytes:
    """A PDF, with whatever is asked for in it."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    if opens:  # what is done when it is opened: JavaScript, Launch
        action = DictionaryObject({NameObject("/S"): NameObject(f"/{opens}"), NameObject("/F"): NameObject("/x")})
        writer._root_object[NameObject("/OpenAction")] = writer._add_object(action)
    if attached:
        writer.add_attachment("hidden.exe", attached)
    if stream:
        packed = DecodedStreamObject()
        packed.set_data(stream)
        writer.pages[0][NameObject("/Contents")] = writer._add_object(packed.flate_encode(9))
    if password:
        writer.encrypt(password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
