"""Reads bar codes and QR codes from a photo."""

MOST = 8  # codes of one photo that are offered; a shelf full of them is no answer


def read_codes(data: bytes) -> list[str]:
    """The texts of the codes in a photo, the uppermost first, each once; raises BrokenPicture."""
    import zxingcpp  # here, for whoever only names this function has no use for what opens pictures
    from PIL import ImageOps

    from bot.media.pictures import open_picture

    image = ImageOps.exif_transpose(open_picture(data)).convert("L")
    found = sorted(zxingcpp.read_barcodes(image), key=lambda code: (code.position.top_left.y, code.position.top_left.x))
    texts = (" ".join(code.text.split()) for code in found)
    return list(dict.fromkeys(text for text in texts if text))[:MOST]
