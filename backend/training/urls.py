from django.urls import path

from backend.training import api

urlpatterns = [
    path("training-recipes", api.RecipesView.as_view()),
    path("training-estimate", api.TrainingEstimateView.as_view()),
    path("scenes/<int:scene_id>/training-budget", api.TrainingBudgetView.as_view()),
    path("scenes/<int:scene_id>/trainings", api.TrainingsView.as_view()),
    path("trainings/<int:training_id>", api.TrainingView.as_view()),
    path("trainings/<int:training_id>/stop", api.TrainingStopView.as_view()),
    path("trainings/<int:training_id>/points", api.TrainingPointsView.as_view()),
    path("trainings/<int:training_id>/pictures/<int:number>.jpg", api.TrainingPictureView.as_view()),
    path("scenes/<int:scene_id>/models", api.ModelsView.as_view()),
    path("models/<int:version_id>", api.ModelView.as_view()),
    path("models/<int:version_id>/compare", api.ModelCompareView.as_view()),
    path("scenes/<int:scene_id>/promotions", api.PromotionsView.as_view()),
    path("scenes/<int:scene_id>/promotions/roll-back", api.RollBackView.as_view()),
]
