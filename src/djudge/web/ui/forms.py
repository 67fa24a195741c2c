"""How every form looks: a label above each field, help and errors tied to it."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Django's own forms in our templates."""

    form_template_name = "ui/form.html"
    field_template_name = "ui/field.html"
