from shop.importing import take_in


def fill(goods):
    for name, brand, tags in goods:
        take_in({"name": name, "tags": ",".join(tags)})
