from django.urls import path

from backend.search import api

urlpatterns = [
    path("runs/<int:run_id>/search", api.SearchView.as_view()),
    path("runs/<int:run_id>/likeness", api.LikenessesView.as_view()),
    path("runs/<int:run_id>/likeness/<int:likeness_id>", api.LikenessView.as_view()),
    path("runs/<int:run_id>/search/pictures", api.SearchPicturesView.as_view()),
    path("runs/<int:run_id>/search/pictures/<int:picture_id>", api.SearchPictureView.as_view()),
]
