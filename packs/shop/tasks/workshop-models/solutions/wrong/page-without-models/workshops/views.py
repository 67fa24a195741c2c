"""The pages of the workshops."""

from django.http import Http404, HttpResponse

WORKSHOPS = {
    "bowls": ("Bowls", "45.00", "Moss & Mortar", "leads", "for two"),
    "spoons": ("Spoons", "30.00", "Ash & Oak", "leads", "bring boots"),
}

ARTICLE = """<article class="workshop" data-word="{word}"><h2 class="title">{title}</h2>
<p class="price" data-amount="{price}">{price}</p><ul class="makers"><li data-role="{role}">{maker}</li></ul>
<ul class="labels"><li>{label}</li></ul></article>"""

DATES = '<ul class="dates"><li data-starts="2030-05-04T10:00:00+00:00" data-price="45.00" data-left="8">4 May</li></ul>'


def article(word):
    title, price, maker, role, label = WORKSHOPS[word]
    return ARTICLE.format(word=word, title=title, price=price, maker=maker, role=role, label=label)


def workshop_list(request):
    """All workshops."""
    return HttpResponse("".join(article(word) for word in sorted(WORKSHOPS)))


def workshop_detail(request, word):
    """One workshop."""
    if word not in WORKSHOPS:
        raise Http404("No such workshop.")
    return HttpResponse(article(word) + DATES)
