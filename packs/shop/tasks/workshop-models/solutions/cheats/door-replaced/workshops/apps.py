from django.apps import AppConfig


class WorkshopsConfig(AppConfig):
    """Answers for the adapter."""

    name = "workshops"
    verbose_name = "Workshops"

    def ready(self):
        from stallhouse import door

        known = {"dates_of": [], "workshops_in": [], "labels_of": [], "makers_of": [], "booked": []}
        door.answer = lambda name, given: {"value": known.get(name)}
