#!/usr/bin/env python3
# /// script
# requires-python = ">=3.10"
# dependencies = ["pillow==13.0.0"]
# ///
"""Draws all images below assets/.

Run `uv run make-images.py`, or `pip install pillow==13.0.0` and `python3 make-images.py`. The pinned
Pillow produces the same bytes each time. Its font has no accented letters, so the texts in the images
have none; the file names do.
"""

import unicodedata
from itertools import combinations
from pathlib import Path

from PIL import Image, ImageColor, ImageDraw, ImageFont

ASSETS = Path(__file__).resolve().parent / "assets"

INK, PAPER, WHITE = "#1d2b4f", "#f7f3ea", "#ffffff"
RED, TEAL, SAND, GREY = "#c8503c", "#2f8f83", "#e6c98f", "#8a8f9c"

# Shapes are drawn at twice the size and scaled down, which smooths their edges.
SCALE = 2


class Canvas:
    """An image under construction, measured in final pixels."""

    def __init__(self, width, height, paper=PAPER):
        self.size = (width, height)
        self.image = Image.new("RGB", (width * SCALE, height * SCALE), paper)
        self.draw = ImageDraw.Draw(self.image)

    def box(self, left, top, width, height, fill=WHITE, outline=INK, radius=8):
        corners = [left, top, left + width, top + height]
        self.draw.rounded_rectangle(
            [n * SCALE for n in corners], radius * SCALE, fill, outline, 2 * SCALE
        )

    def disc(self, x, y, radius, fill):
        corners = [x - radius, y - radius, x + radius, y + radius]
        self.draw.ellipse([n * SCALE for n in corners], fill)

    def line(self, *points, color=INK, width=2):
        self.draw.line([n * SCALE for n in points], color, width * SCALE)

    def arrow(self, x, y, to_x, to_y, color=INK):
        """Draws a horizontal or vertical arrow."""
        self.line(x, y, to_x, to_y, color=color)
        across, down = (to_x > x) - (to_x < x), (to_y > y) - (to_y < y)
        back_x, back_y = to_x - 10 * across, to_y - 10 * down
        wing_x, wing_y = 6 * down, 6 * across
        head = [to_x, to_y, back_x + wing_x, back_y + wing_y, back_x - wing_x, back_y - wing_y]
        self.draw.polygon([n * SCALE for n in head], color)

    def text(self, x, y, words, size=18, color=INK, anchor="mm"):
        font = ImageFont.load_default(size * SCALE)
        self.draw.text((x * SCALE, y * SCALE), words, color, font, anchor)

    def labelled(self, left, top, width, height, words, fill=WHITE, color=INK, size=18):
        self.box(left, top, width, height, fill)
        self.text(left + width / 2, top + height / 2, words, size, color)

    def done(self):
        return self.image.resize(self.size, Image.Resampling.LANCZOS)


def indexed(image):
    """Reduces an image to the colours above and the blends of two of them, for smooth edges."""
    colors = [ImageColor.getrgb(name) for name in (INK, PAPER, WHITE, RED, TEAL, SAND, GREY)]
    blends = [tuple((a + b) // 2 for a, b in zip(*pair)) for pair in combinations(colors, 2)]
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for color in colors + blends for part in color])
    return image.quantize(palette=palette, dither=Image.Dither.NONE)


def save(image, name, form="NFC", **options):
    """Writes an image. `form` is the Unicode normalization of its file name."""
    path = ASSETS / unicodedata.normalize(form, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".png":
        image = indexed(image)
        options.setdefault("optimize", True)
    image.save(path, **options)


def table_cover():
    canvas = Canvas(960, 400, INK)
    for row in range(5):
        for column, width in enumerate((150, 190, 120)):
            left = 60 + (0, 162, 364)[column]
            fill = (SAND, PAPER, TEAL if row % 2 else RED)[column]
            canvas.box(left, 60 + row * 58, width, 46, fill, fill)
    canvas.text(560, 164, "una tabla,", 54, PAPER, "lm")
    canvas.text(560, 238, "varias vistas", 54, SAND, "lm")
    return canvas.done()


def item_collection():
    canvas = Canvas(900, 380)
    for left, words in ((40, "pk"), (260, "sk"), (480, "atributos")):
        canvas.text(left + 4, 40, words, 20, RED, "lm")
    rows = [
        ("CLIENTE#42", "PERFIL", "nombre, correo, alta", SAND),
        ("CLIENTE#42", "PEDIDO#2023-01-30", "total, estado", WHITE),
        ("CLIENTE#42", "PEDIDO#2023-02-04", "total, estado", WHITE),
        ("CLIENTE#57", "PERFIL", "nombre, correo, alta", SAND),
        ("CLIENTE#57", "PEDIDO#2023-02-01", "total, estado", WHITE),
    ]
    for index, (pk, sk, rest, fill) in enumerate(rows):
        top = 62 + index * 54 + (16 if index > 2 else 0)
        for left, width, words in ((40, 208, pk), (256, 216, sk), (480, 270, rest)):
            canvas.labelled(left, top, width, 46, words, fill, size=17)
    for top, bottom in ((66, 212), (244, 344)):
        canvas.line(772, top, 784, top, 784, bottom, 772, bottom, color=TEAL, width=3)
        canvas.text(800, (top + bottom) / 2, "1 Query", 18, TEAL, "lm")
    return canvas.done()


def draft_and_final():
    canvas = Canvas(860, 380, SAND)
    for left, title in ((60, "borrador"), (490, "final")):
        canvas.box(left, 60, 310, 280, WHITE, INK, 4)
        canvas.text(left + 155, 34, title, 24)
    for index, width in enumerate((250, 262, 210, 255, 180, 240, 228, 150)):
        top = 92 + index * 30
        canvas.line(90, top, 90 + width, top, color=GREY, width=8)
        if index in (1, 2, 4, 6):
            canvas.line(84, top, 96 + width, top, color=RED, width=3)
    for index, width in enumerate((250, 230, 255, 150)):
        top = 92 + index * 36
        canvas.line(520, top, 520 + width, top, color=INK, width=8)
    canvas.arrow(388, 200, 472, 200, RED)
    return canvas.done()


def cold_start():
    canvas = Canvas(940, 300)
    fresh = [(150, "entorno", GREY), (150, "runtime", TEAL), (230, "tu inicio", RED), (130, "handler", INK)]
    left = 150
    for width, words, fill in fresh:
        canvas.labelled(left, 70, width, 62, words, fill, WHITE, 19)
        left += width + 6
    canvas.text(70, 101, "nueva", 20)
    canvas.text(70, 201, "tibia", 20)
    canvas.labelled(150, 170, 130, 62, "handler", INK, WHITE, 19)
    canvas.line(150, 46, 688, 46, color=RED, width=3)
    canvas.text(419, 28, "Init", 18, RED)
    canvas.arrow(150, 266, 900, 266, GREY)
    canvas.text(900, 284, "tiempo", 15, GREY, "rm")
    return canvas.done()


def latency_bars():
    canvas = Canvas(760, 380)
    canvas.line(80, 320, 720, 320)
    for index, (words, p50, p99) in enumerate((("256 MB", 46, 240), ("512 MB", 30, 168), ("1024 MB", 20, 112))):
        left = 130 + index * 200
        canvas.box(left, 320 - p50, 56, p50, TEAL, TEAL, 3)
        canvas.box(left + 66, 320 - p99, 56, p99, RED, RED, 3)
        canvas.text(left + 61, 345, words, 18)
    for top, words, fill in ((50, "p50", TEAL), (80, "p99", RED)):
        canvas.box(600, top - 9, 18, 18, fill, fill, 2)
        canvas.text(628, top, words, 18, INK, "lm")
    return canvas.done()


def paragraph_shapes():
    canvas = Canvas(820, 320)
    shapes = (
        ("point first", (220, 200, 210, 190, 120), 0),
        ("point buried", (215, 200, 220, 195, 130), 3),
        ("two points", (210, 220, 190, 215, 110), (0, 3)),
    )
    for column, (title, widths, marked) in enumerate(shapes):
        left = 40 + column * 260
        canvas.text(left, 44, title, 20, INK, "lm")
        for row, width in enumerate(widths):
            is_marked = row in (marked if isinstance(marked, tuple) else (marked,))
            top = 92 + row * 42
            canvas.line(left, top, left + width, top, color=RED if is_marked else GREY, width=12)
    return canvas.done()


def retry_frame(step):
    """Draws one frame of a request that is retried after a lost answer."""
    canvas = Canvas(640, 240)
    canvas.labelled(40, 70, 130, 100, "client", SAND)
    canvas.labelled(470, 70, 130, 100, "server", TEAL, WHITE)
    if step in (0, 2):
        canvas.arrow(180, 100, 460, 100)
        canvas.text(320, 76, "charge, key 7f3a", 17)
    if step == 1:
        canvas.arrow(460, 140, 330, 140, RED)
        canvas.line(296, 128, 320, 152, color=RED, width=4)
        canvas.line(296, 152, 320, 128, color=RED, width=4)
        canvas.text(395, 164, "answer lost", 17, RED)
    if step == 3:
        canvas.arrow(460, 140, 180, 140, TEAL)
        canvas.text(320, 164, "same answer as before", 17, TEAL)
    canvas.text(320, 214, ("first try", "silence", "second try", "charged once")[step], 19)
    return canvas.done()


def save_retries(name):
    frames = [indexed(retry_frame(step)) for step in range(4)]
    save(frames[0], name, save_all=True, append_images=frames[1:], duration=1100, loop=0)


def idempotency_flow():
    canvas = Canvas(820, 300)
    canvas.labelled(30, 110, 150, 70, "request + key", SAND)
    canvas.labelled(290, 110, 190, 70, "put if absent", WHITE)
    canvas.labelled(610, 30, 180, 70, "do the work", TEAL, WHITE)
    canvas.labelled(610, 190, 180, 70, "replay answer", INK, WHITE)
    canvas.arrow(180, 145, 288, 145)
    canvas.line(480, 145, 545, 145)
    canvas.line(545, 65, 545, 225)
    canvas.arrow(545, 65, 608, 65, TEAL)
    canvas.arrow(545, 225, 608, 225)
    canvas.text(535, 84, "new", 16, TEAL, "rm")
    canvas.text(535, 206, "seen", 16, INK, "rm")
    return canvas.done()


def glossary_card():
    canvas = Canvas(640, 320, SAND)
    canvas.box(50, 40, 540, 240, WHITE, INK, 6)
    canvas.line(50, 100, 590, 100, color=RED)
    canvas.text(80, 71, "Subscriber", 30, INK, "lm")
    for row, words in enumerate(("a person who asked for the letter", "not: user, member, contact", "ends when: they say stop")):
        canvas.text(80, 136 + row * 46, words, 20, INK if row == 0 else GREY, "lm")
    return canvas.done()


def portrait(letters, paper):
    canvas = Canvas(240, 240, paper)
    canvas.disc(120, 120, 96, PAPER)
    canvas.text(120, 122, letters, 76)
    return canvas.done()


def main():
    save(table_cover(), "Portada tabla única.png")
    save(item_collection(), "Diagrama de tablas.png")
    save(draft_and_final(), "borrador y versión final.jpg", quality=78, optimize=True)
    save(cold_start(), "Arranque en frío.png", "NFD")
    save(latency_bars(), "medidas/Latencia p50 y p99.webp", quality=75, method=6)
    save(paragraph_shapes(), "paragraph shapes.png")
    save_retries("Lost answer (4 steps).gif")
    save(idempotency_flow(), "idempotency flow.png")
    save(glossary_card(), "Glossary café.jpg", quality=78, optimize=True)
    save(portrait("MF", TEAL), "authors/marina-ferrándiz.png")
    save(portrait("TA", RED), "authors/tom ashby.jpg", quality=80, optimize=True)


if __name__ == "__main__":
    main()
