from catalogue.models import Rating


def poor_ratings():
    """The twenty latest opinions with a single star, for those who answer complaints."""
    ratings = Rating.objects.filter(stars=1).order_by("-created_at", "-pk")[:20]
    return [(rating.pk, rating.author, rating.text, rating.created_at) for rating in ratings]
