"""The categories as a tree, read in one query: there are some dozens of them, and every page needs most."""

from dataclasses import dataclass

from catalogue.models import Category


@dataclass(frozen=True, slots=True)
class Node:
    """A category and how deep it lies; the roots at 0."""

    category: Category
    depth: int

    @property
    def label(self):
        """The name, moved in by its depth, for a list of choices."""
        return "\N{EM SPACE}" * self.depth + self.category.name


class CategoryTree:
    """All categories, parents before children. Those in a loop hang from no root and are left out."""

    def __init__(self, categories):
        self._children = {}
        for category in categories:
            self._children.setdefault(category.parent_id, []).append(category)
        self.nodes = list(self._below(None, 0))
        self._by_id = {node.category.pk: node.category for node in self.nodes}
        self._by_slug = {node.category.slug: node.category for node in self.nodes}

    @classmethod
    def load(cls):
        """The tree as it is in the database now: one query."""
        return cls(Category.objects.all())

    def _below(self, parent_id, depth):
        for category in self._children.get(parent_id, []):
            yield Node(category, depth)
            yield from self._below(category.pk, depth + 1)

    def get(self, slug):
        """The category of this slug, or None."""
        return self._by_slug.get(slug)

    def children(self, category):
        """The categories directly inside; of None the roots."""
        return self._children.get(category.pk if category else None, [])

    def ids_within(self, category):
        """The keys of a category and of all that lie below it."""
        return [category.pk, *(node.category.pk for node in self._below(category.pk, 1))]

    def path_to(self, category_id):
        """The categories from the root down to this one."""
        path = []
        category = self._by_id.get(category_id)
        while category is not None:
            path.append(category)
            category = self._by_id.get(category.parent_id)
        return path[::-1]
