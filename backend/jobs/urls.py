from django.urls import path

from backend.jobs import api

urlpatterns = [
    path("jobs", api.JobsView.as_view()),
    path("jobs/<int:job_id>", api.JobView.as_view()),
    path("jobs/<int:job_id>/lines", api.JobLinesView.as_view()),
    path("jobs/<int:job_id>/cancel", api.JobCancelView.as_view()),
    path("jobs/<int:job_id>/retry", api.JobRetryView.as_view()),
]
