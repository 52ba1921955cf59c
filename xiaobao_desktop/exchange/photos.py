"""Pictures on their way into the book: shrunk, turned upright, without the camera's notes (place, device, owner)."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Final

LONGEST_SIDE: Final = 2_000
"""Pixels; enough for a printed page, a tenth of what a telephone takes."""
_QUALITY: Final = 85
_MAGIC: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"BM", b"II*\x00", b"MM\x00*", b"RIFF")
_MEDIA: Final = {"JPEG": ("image/jpeg", ".jpg"), "PNG": ("image/png", ".png")}


@dataclass(frozen=True)
class Photo:
    """A picture as it is kept: bytes, media type, ending of its name, size in pixels."""

    data: bytes
    media_type: str
    suffix: str
    width: int
    height: int


def tidied(data: bytes) -> Photo | None:
    """The picture to keep for a file's bytes; None when they are no picture that can be read.

    Screenshots stay PNG, because letters suffer as JPEG; everything else becomes JPEG. Animated pictures are left
    alone (None): shrinking would keep only their first frame.
    """
    if not data.startswith(_MAGIC):
        return None
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data)) as opened:
            if getattr(opened, "n_frames", 1) > 1 and opened.format != "MPO":
                return None
            kind = "PNG" if opened.format == "PNG" else "JPEG"
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
            plain = upright.convert("RGB" if kind == "JPEG" or not upright.has_transparency_data else "RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        # Damaged or too large to open safely: kept as the file it is.
        return None
    stream = io.BytesIO()
    # A new picture from the bare pixels: nothing of the old file's notes comes along.
    bare = Image.frombytes(plain.mode, plain.size, plain.tobytes())
    bare.save(stream, kind, quality=_QUALITY, optimize=True)
    media_type, suffix = _MEDIA[kind]
    return Photo(stream.getvalue(), media_type, suffix, *bare.size)


def shrunk(data: bytes, longest: int) -> bytes | None:
    """A kept picture for paper: its longer side at most ``longest`` pixels, as JPEG; a smaller one as it is.

    Returns:
        The bytes, or None when they cannot be read as a picture.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data)) as opened:
            small = max(opened.size) <= longest
            # A JPEG is decoded at an eighth, a quarter or half its size where that is enough.
            opened.draft("RGB", (longest, longest))
            whole = opened.convert("RGBA") if opened.has_transparency_data else opened.convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    if small:
        return data
    if whole.mode == "RGBA":
        paper = Image.new("RGB", whole.size, "white")
        paper.paste(whole, mask=whole.getchannel("A"))
        whole = paper
    whole.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    stream = io.BytesIO()
    whole.save(stream, "JPEG", quality=_QUALITY)
    return stream.getvalue()
