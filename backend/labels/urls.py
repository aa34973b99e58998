from django.urls import path

from backend.labels import api

urlpatterns = [
    path("scenes/<int:scene_id>/label-sets", api.LabelSetsView.as_view()),
    path("label-sets/<int:label_set_id>", api.LabelSetView.as_view()),
]
