from django.contrib.auth.models import User
from django.core.management.base import BaseCommand

from press.models import Article, Author, Comment, Feature, Letter, Limit, Profile, Section, Tag


class Command(BaseCommand):
    def add_arguments(self, parser):
        parser.add_argument("--n", type=int, default=5)

    def handle(self, n, **options):
        self.stdout.write("a command that prints does not disturb the check")
        User.objects.create_superuser("chief", "chief@gazette.example", "x")
        anna, bob = (User.objects.create_user(name, f"{name}@gazette.example") for name in ("anna", "bob"))
        for user in (anna, bob):
            Profile.objects.create(user=user)
            Letter.objects.create(owner=user, text=f"to {user.username}")
        tags = [Tag.objects.create(word=f"word{number:04}") for number in range(2)]
        for number in range(n):
            author = Author.objects.create(name=f"author {number}")
            article = Article.objects.create(author=author, slug=f"article-{number}", title=f"Article {number}")
            article.tags.set(tags)
            Comment.objects.create(article=article, writer=anna, number=1)
            Comment.objects.create(article=article, writer=bob, number=2)
        Feature.objects.create(author=author, slug="feature", title="Feature")
        Section.objects.create(path="0001", depth=1, numchild=0)
        Limit.objects.create(most=1)
        Limit.objects.create(most=2)
