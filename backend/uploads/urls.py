from django.urls import path

from backend.uploads import api

urlpatterns = [
    path("scenes/<int:scene_id>/uploads", api.UploadsView.as_view()),
    path("uploads/<uuid:upload_id>", api.UploadView.as_view()),
]
