from django.urls import path

from backend.space import api

urlpatterns = [
    path("scenes/<int:scene_id>/ground", api.GroundView.as_view()),
    path("runs/<int:run_id>/diagram", api.DiagramView.as_view()),
    path("runs/<int:run_id>/paths", api.PathsView.as_view()),
    path("runs/<int:run_id>/identities/<int:number>/journey", api.JourneyView.as_view()),
]
