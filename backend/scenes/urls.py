from django.urls import path

from backend.scenes import api
from backend.scenes.clocks import api as clocks
from backend.scenes.plan import api as plan
from backend.scenes.setup import api as setup

urlpatterns = [
    path("scenes", api.ScenesView.as_view()),
    path("scenes/<int:scene_id>", api.SceneView.as_view()),
    path("scenes/<int:scene_id>/cameras", api.CamerasView.as_view()),
    path("scenes/<int:scene_id>/links", api.LinksView.as_view()),
    path("cameras/<int:camera_id>/setup", setup.SetupView.as_view()),
    path("cameras/<int:camera_id>/setup/region", setup.RegionView.as_view()),
    path("cameras/<int:camera_id>/setup/calibration", setup.CalibrationView.as_view()),
    path("cameras/<int:camera_id>/setup/calibration/fit", setup.FitView.as_view()),
    path("scenes/<int:scene_id>/plan", plan.PlanView.as_view()),
    path("scenes/<int:scene_id>/plan/picture", plan.PlanPictureView.as_view()),
    path("cameras/<int:camera_id>/setup/clock", clocks.ClockView.as_view()),
    path("runs/<int:run_id>/clock-offsets", clocks.ClockOffsetsView.as_view()),
    path("runs/<int:run_id>/learned-links", setup.LearnedLinksView.as_view()),
    path("scenes/<int:scene_id>/members", api.MembersView.as_view()),
    path("scenes/<int:scene_id>/members/<int:user_id>", api.MemberView.as_view()),
]
