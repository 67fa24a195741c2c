"""Pictures of products as SVG, drawn from a name such as `mug-213-7f3a9c`: motif, hue, six hex digits of variation."""

from django.template.loader import render_to_string

MOTIFS = (
    "bag", "ball", "book", "bottle", "chair", "clock", "guitar", "headphones", "kettle", "lamp", "mug", "pan",
    "parcel", "plant", "shirt",
)  # fmt: skip


class DrawingConverter:
    """The part of an address that names a drawing; its form is the database's (`image_drawing_form`)."""

    regex = r"[a-z]+-(?:[12]?[0-9]{1,2}|3[0-5][0-9])-[0-9a-f]{6}"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


def draw(drawing):
    """The SVG text. An unknown motif is a parcel, so that a new one may be in the database before its drawing."""
    motif, hue, digits = drawing.split("-")
    context = {
        "ground": colour(int(hue), 34, 91),
        "halo": colour(int(hue), 40, 84),
        "light": colour(int(hue), 48, 68),
        "main": colour(int(hue), 45, 47),
        "dark": colour(int(hue), 40, 28),
        "accent": colour(int(hue) + 150, 52, 62),
        "x": 120 + int(digits[0:2], 16) * 160 // 255,
        "y": 110 + int(digits[2:4], 16) * 120 // 255,
        "radius": 110 + int(digits[4:6], 16) * 60 // 255,
    }
    name = motif if motif in MOTIFS else "parcel"
    return render_to_string(f"catalogue/drawings/{name}.svg", context)


def colour(hue, saturation, lightness):
    """A colour as SVG writes it; the hue goes round."""
    return f"hsl({hue % 360}, {saturation}%, {lightness}%)"
