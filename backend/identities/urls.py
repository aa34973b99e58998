from django.urls import path

from backend.identities import api

urlpatterns = [
    path("runs/<int:run_id>/identities", api.IdentitiesView.as_view()),
    path("runs/<int:run_id>/identities/<int:number>", api.IdentityView.as_view()),
]
