from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from press.models import Article, Author, Letter


def front(request):
    return render(request, "press/front.html", {"authors": Author.objects.order_by("pk")[:3]})


def slow_list(request):
    articles = Article.objects.order_by("pk")
    return render(request, "press/list.html", {"articles": articles})


def quick_list(request):
    articles = Article.objects.select_related("author").prefetch_related("tags").order_by("pk")
    return HttpResponse("".join(f"{each.author.name} {len(each.tags.all())}" for each in articles))


def full_list(request):
    return HttpResponse("".join(each.author.name for each in Article.objects.order_by("pk")[:5]))


def article(request, slug):
    found = get_object_or_404(Article, slug=slug)
    return HttpResponse("".join(comment.writer.username for comment in found.comment_set.all()))


@login_required
def my_letters(request):
    return render(request, "press/letters.html", {"letters": Letter.objects.filter(owner=request.user)})


def letter(request, pk):
    return HttpResponse(get_object_or_404(Letter, pk=pk).text)


@login_required
def guarded_letter(request, pk):
    return HttpResponse(get_object_or_404(Letter, pk=pk, owner=request.user).text)


@login_required
def notice_board(request):
    return render(request, "press/board.html")


def forgotten(request):
    return HttpResponse("nobody asked who you are")


def broken(request):
    return HttpResponse(str(1 // 0))


def sign_out(request):
    logout(request)
    return redirect("/")


def sign_in(request):
    return HttpResponse('<form method="post"><input name="p" type="password"></form>')


def author(request, author_id):
    return HttpResponse(get_object_or_404(Author, pk=author_id).name)


def clear(request):
    Article.objects.filter(slug="article-0").delete()
    return HttpResponse("gone")
