"""Figures for the reseller portal."""

from django.http import JsonResponse


def status(request):
    return JsonResponse({"error": "Nobody has written this page yet."}, status=501)
