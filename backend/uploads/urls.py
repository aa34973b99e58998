from django.urls import path

from backend.uploads import api, scene_imports_api

urlpatterns = [
    path("scenes/<int:scene_id>/uploads", api.UploadsView.as_view()),
    path("uploads/<uuid:upload_id>", api.UploadView.as_view()),
    path("scenes/<int:scene_id>/imports", scene_imports_api.SceneImportsView.as_view()),
    path("scene-imports/<int:scene_import_id>", scene_imports_api.SceneImportView.as_view()),
    path("scene-imports/<int:scene_import_id>/apply", scene_imports_api.SceneImportApplyView.as_view()),
    path("scene-imports/<int:scene_import_id>/undo", scene_imports_api.SceneImportUndoView.as_view()),
]
