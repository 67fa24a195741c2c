"""How it looks: base templates, the style sheet, scripts."""
