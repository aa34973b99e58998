from django.urls import path

from backend.accounts import api

urlpatterns = [
    path("session", api.SessionView.as_view()),
    path("tokens", api.TokensView.as_view()),
    path("tokens/<int:token_id>", api.TokenView.as_view()),
]
