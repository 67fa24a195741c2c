"""The front door and the makers: what a visitor sees first, also when there is little to see."""

from django.test import TestCase

from catalogue.front import initial
from catalogue.models import Brand, ProductImage
from catalogue.tests.shop import product, shelf


def picture(item, drawing="mug-1-00000a"):
    return ProductImage.objects.create(product=item, drawing=drawing, is_main=True)


class FrontDoorTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.kitchen = shelf("Kitchen")
        cls.pots = shelf("Pots", parent=shelf("Tea", parent=cls.kitchen))

    def get(self):
        return self.client.get("/")

    def test_a_stall_counts_what_lies_in_it_and_in_all_below(self):
        product(1, category=self.kitchen)
        product(2, category=self.pots)
        product(3, category=self.pots, published=False)
        page = self.get()
        self.assertContains(page, '<bdi>Kitchen</bdi></a> <span class="soft">2</span>')
        self.assertContains(page, "2 things from 1 small maker, under one roof")

    def test_a_stall_without_goods_is_not_put_up(self):
        product(1, category=self.kitchen)
        shelf("Garden")
        self.assertNotContains(self.get(), "Garden")

    def test_a_stall_shows_the_picture_of_what_came_in_last(self):
        picture(product(1, category=self.pots), "mug-1-00000a")
        picture(product(2, category=self.pots), "mug-2-00000a")
        picture(product(3, category=self.pots, published=False), "mug-3-00000a")
        stalls = self.get().content.decode().partition('class="stalls"')[2].partition("</ul>")[0]
        self.assertIn("/images/mug-2-00000a.svg", stalls)
        self.assertNotIn("/images/mug-1-00000a.svg", stalls)

    def test_just_in_are_the_newest_that_can_be_seen(self):
        for number in range(1, 11):
            picture(product(number, category=self.pots))
        page = self.get()
        self.assertContains(page, 'class="product"', count=8)
        self.assertContains(page, "<bdi>Teapot 10</bdi>")
        self.assertNotContains(page, "<bdi>Teapot 2</bdi>")

    def test_an_empty_shop_says_so(self):
        self.assertContains(self.get(), "Nothing is for sale yet.")

    def test_what_a_maker_typed_is_escaped(self):
        brand = Brand.objects.create(name="<script>alert(1)</script>", slug="probe")
        picture(product(1, category=self.pots, brand=brand, name="<b>bold</b>"))
        for address in ("/", "/makers/"):
            page = self.client.get(address).content.decode()
            self.assertNotIn("<script", page)
            self.assertIn("&lt;script&gt;", page)


class MakerTests(TestCase):
    def names(self):
        page = self.client.get("/makers/").content.decode()
        return [part.partition("</bdi>")[0] for part in page.partition("<main")[2].split("<bdi>")[1:]]

    def test_makers_stand_under_their_letter_and_those_with_nothing_for_sale_do_not(self):
        category = shelf()
        for number, name in enumerate(("Žízeň", "zinnia", "Ode", "دار النحّاس", "3 Bros."), start=1):
            brand = Brand.objects.create(name=name, slug=f"maker-{number}")
            product(number, category=category, brand=brand)
        idle = Brand.objects.create(name="Idle", slug="idle")
        product(9, category=category, brand=idle, published=False)
        self.assertEqual(
            self.names(), ["#", "3 Bros.", "O", "Ode", "Z", "zinnia", "Žízeň", "د", "دار النحّاس"]
        )  # fmt: skip

    def test_a_shop_without_makers_says_so(self):
        self.assertContains(self.client.get("/makers/"), "No maker has anything for sale yet.")

    def test_every_name_has_a_letter_or_a_hash(self):
        self.assertEqual([initial(name) for name in ("été", " Ode", "", "!", "ß")], ["E", "O", "#", "#", "S"])
