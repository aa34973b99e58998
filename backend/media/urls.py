from django.urls import path

from backend.media import api

urlpatterns = [
    path("videos/<int:video_id>", api.VideoView.as_view()),
    path("videos/<int:video_id>/proxy", api.ProxyView.as_view()),
    path("videos/<int:video_id>/poster", api.PosterView.as_view()),
    path("videos/<int:video_id>/frame-times", api.FrameTimesView.as_view()),
    path("cameras/<int:camera_id>/roi", api.RoiView.as_view()),
]
