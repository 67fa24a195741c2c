"""The pictures, which the shop draws itself."""

from xml.etree import ElementTree

from django.test import SimpleTestCase

from catalogue.drawings import MOTIFS


class DrawingTests(SimpleTestCase):
    def test_every_motif_is_drawn(self):
        seen = set()
        for motif in [*MOTIFS, "unheardof"]:
            response = self.client.get(f"/images/{motif}-213-7f3a9c.svg")
            self.assertEqual(response["Content-Type"], "image/svg+xml")
            self.assertEqual(ElementTree.fromstring(response.content).tag, "{http://www.w3.org/2000/svg}svg")
            seen.add(response.content)
        self.assertEqual(len(seen), len(MOTIFS))

    def test_hue_and_digits_change_the_picture(self):
        names = ("mug-0-000000", "mug-359-000000", "mug-0-ffffff")
        self.assertEqual(len({self.client.get(f"/images/{name}.svg").content for name in names}), 3)

    def test_it_is_kept_for_ever_and_may_load_nothing(self):
        response = self.client.get("/images/mug-213-7f3a9c.svg")
        self.assertIn("immutable", response["Cache-Control"])
        self.assertEqual(response["Content-Security-Policy"], "default-src 'none'")
        self.assertEqual(response["X-Content-Type-Options"], "nosniff")

    def test_other_names_are_not_found(self):
        for name in ("mug-360-7f3a9c", "mug-1-7F3A9C", "mug-1-7f3a9", "../mug-1-7f3a9c", "mug-1-7f3a9c<svg>"):
            self.assertEqual(self.client.get(f"/images/{name}.svg").status_code, 404, name)
