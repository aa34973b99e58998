from django.urls import path

from backend.labels import api, files_api

urlpatterns = [
    path("scenes/<int:scene_id>/label-sets", api.LabelSetsView.as_view()),
    path("label-sets/<int:label_set_id>", api.LabelSetView.as_view()),
    path("scenes/<int:scene_id>/label-exports", files_api.LabelExportsView.as_view()),
    path("label-exports/<int:export_id>", files_api.LabelExportView.as_view()),
    path("label-exports/<int:export_id>/file", files_api.LabelExportFileView.as_view()),
    path("scenes/<int:scene_id>/label-imports", files_api.LabelImportsView.as_view()),
    path("label-imports/<int:import_id>", files_api.LabelImportView.as_view()),
    path("label-imports/<int:import_id>/apply", files_api.LabelImportApplyView.as_view()),
]
