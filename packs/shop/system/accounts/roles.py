"""Who may do what."""

from catalogue.models import Brand


def brands_of(user):
    """The brands that somebody sells for; none for guests and buyers. One statement when it is read."""
    return Brand.objects.filter(memberships__user=user) if user.is_authenticated else Brand.objects.none()
