"""Django's commands: `python -m djudge.web.config.manage migrate`."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "djudge.web.config.settings")
    execute_from_command_line([sys.argv[0], *sys.argv[1:]])
