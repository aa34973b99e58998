from django.urls import path

from backend.scenes import api

urlpatterns = [
    path("scenes", api.ScenesView.as_view()),
    path("scenes/<int:scene_id>", api.SceneView.as_view()),
    path("scenes/<int:scene_id>/cameras", api.CamerasView.as_view()),
    path("scenes/<int:scene_id>/links", api.LinksView.as_view()),
    path("scenes/<int:scene_id>/members", api.MembersView.as_view()),
    path("scenes/<int:scene_id>/members/<int:user_id>", api.MemberView.as_view()),
]
