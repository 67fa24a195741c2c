"""django-helpdesk as a site of its own, to try `djudge check` on."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpsite.settings")
    execute_from_command_line(sys.argv)
