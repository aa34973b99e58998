from django.urls import path

from backend.identities import api
from backend.identities.compare.api import ComparisonView

urlpatterns = [
    path("runs/<int:run_id>/comparison", ComparisonView.as_view()),
    path("runs/<int:run_id>/identities", api.IdentitiesView.as_view()),
    path("runs/<int:run_id>/identities/<int:number>", api.IdentityView.as_view()),
]
