from django.urls import path

from backend.review import api, edits_api
from backend.review.boards_api import BoardsView, VerdictsBulkView
from backend.review.export_api import RunExportView
from backend.review.settings_api import ReviewSettingsView

urlpatterns = [
    path("scenes/<int:scene_id>/review", api.ReviewView.as_view()),
    path("scenes/<int:scene_id>/review/lease", api.LeaseView.as_view()),
    path("scenes/<int:scene_id>/review/boards", BoardsView.as_view()),
    path("scenes/<int:scene_id>/verdicts/bulk", VerdictsBulkView.as_view()),
    path("scenes/<int:scene_id>/review/settings", ReviewSettingsView.as_view()),
    path("scenes/<int:scene_id>/review/statistics", api.StatisticsView.as_view()),
    path("scenes/<int:scene_id>/verdicts", api.VerdictsView.as_view()),
    path("scenes/<int:scene_id>/operations", api.OperationsView.as_view()),
    path("scenes/<int:scene_id>/identities/merge", api.MergeView.as_view()),
    path("scenes/<int:scene_id>/identities/confirm", api.ConfirmView.as_view()),
    path("scenes/<int:scene_id>/identities/split", api.SplitView.as_view()),
    path("scenes/<int:scene_id>/edits", edits_api.EditsView.as_view()),
    path("scenes/<int:scene_id>/hidden", edits_api.HiddenView.as_view()),
    path("scenes/<int:scene_id>/dangling", edits_api.DanglingView.as_view()),
    path("operations/<int:operation_id>/undo", api.UndoView.as_view()),
    path("runs/<int:run_id>/export", RunExportView.as_view()),
]
