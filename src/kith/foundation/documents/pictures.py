"""Pictures: their size is read from their header; then they are written again without what the camera added."""

from __future__ import annotations

import warnings
from pathlib import Path

from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from .refusal import SAVE_AGAIN, TAKE_CARE, Refusal

MOST_PIXELS = 80_000_000  # all its frames together: twice what the largest telephone makes
MOST_SIDE = 20_000
MOST_FRAMES = 60
WHOLE = {
    "JPEG": {"quality": 92},
    "PNG": {},
    "GIF": {},
    "WEBP": {"quality": 92},
    "TIFF": {"compression": "tiff_deflate"},
}


def examine(path: Path, *, format: str, out: Path) -> dict[str, object]:
    """Refuse a picture that is a bomb or not of this format; write it to `out`, upright, without metadata."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(path, formats=[format]) as picture:
            _check_size(picture)
            frames = [_bare(frame) for frame in _frames(picture)]
            more = {"save_all": True, "append_images": frames[1:]} if len(frames) > 1 else {}
            if format == "GIF" and more:
                more |= {"duration": picture.info.get("duration", 100), "loop": 0}
            frames[0].save(out, format=format, **WHOLE[format], **more)
            width, height = frames[0].size
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise Refusal("The picture is far larger than a camera makes.", mend=TAKE_CARE) from bomb
    except UnidentifiedImageError as other:
        raise Refusal("What is in the file is not what its name says.", mend=SAVE_AGAIN) from other
    except (OSError, ValueError, SyntaxError, EOFError) as fault:
        raise Refusal("The picture is damaged.", mend=SAVE_AGAIN) from fault
    return {"width": width, "height": height}


def _check_size(picture: Image.Image) -> None:
    """By the header alone: nothing has been unpacked yet."""
    width, height = picture.size
    frames = getattr(picture, "n_frames", 1)
    if max(width, height) > MOST_SIDE or frames > MOST_FRAMES or width * height * frames > MOST_PIXELS:
        raise Refusal("The picture is far larger than a camera makes.", mend=TAKE_CARE)


def _frames(picture: Image.Image) -> list[Image.Image]:
    return [frame.copy() for frame in ImageSequence.Iterator(picture)]


def _bare(frame: Image.Image) -> Image.Image:
    """The picture alone: where it was taken, when, with what and by whom is left behind."""
    upright = ImageOps.exif_transpose(frame)
    bare = Image.new(upright.mode, upright.size)
    bare.paste(upright)
    if upright.mode == "P":
        bare.putpalette(upright.getpalette())
        if "transparency" in upright.info:
            bare.info["transparency"] = upright.info["transparency"]
    return bare
