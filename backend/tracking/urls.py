from django.urls import path

from backend.tracking import api

urlpatterns = [
    path("presets", api.PresetsView.as_view()),
    path("scenes/<int:scene_id>/runs", api.RunsView.as_view()),
    path("scenes/<int:scene_id>/run-estimates", api.RunEstimatesView.as_view()),
    path("runs/<int:run_id>", api.RunView.as_view()),
    path("runs/<int:run_id>/cancel", api.RunCancelView.as_view()),
    path("runs/<int:run_id>/tracks", api.TracksView.as_view()),
    path("runs/<int:run_id>/videos/<int:video_id>/tracklets", api.PassagesView.as_view()),
    path("runs/<int:run_id>/candidates", api.CandidatesView.as_view()),
    path("tracklets/<int:tracklet_id>/crops/<int:rank>.jpg", api.CropView.as_view()),
]
