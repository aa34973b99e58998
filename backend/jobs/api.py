"""Jobs: what runs, what waits, what went wrong, and the buttons to cancel and to try again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from backend.config.pagination import page_body, page_of, page_serializer
from backend.config.views import ApiView, person
from backend.jobs.models import Job
from backend.jobs.selectors import job_lines, queue_positions
from backend.jobs.serializers import JobDetailSerializer, JobLineSerializer, JobLinesQuery, JobSerializer, JobsQuery
from backend.jobs.services import job_cancel, job_retry
from backend.jobs.shown import job_shown, jobs_shown


class JobsView(ApiView):
    @extend_schema(
        operation_id="jobs_list", tags=["jobs"], parameters=[JobsQuery], responses=page_serializer(JobSerializer)
    )
    def get(self, request: Request) -> Response:
        """Jobs of the scenes you may see, newest first. Poll it with If-None-Match."""
        wanted = self.query(JobsQuery)
        limit, cursor = wanted.pop("limit"), wanted.pop("cursor", None)
        page = page_of(jobs_shown(user=person(request), **wanted), ordering=["-id"], cursor=cursor, limit=limit)
        shown = JobSerializer(page.items, many=True, context=_context(page.items))
        return Response(page_body(page, request, shown.data))


class JobView(ApiView):
    @extend_schema(operation_id="jobs_retrieve", tags=["jobs"], responses=JobDetailSerializer)
    def get(self, request: Request, job_id: int) -> Response:
        """One job, with the trace if it was a bug."""
        return _answer(_job(request, job_id))


class JobLinesView(ApiView):
    @extend_schema(
        operation_id="jobs_lines", tags=["jobs"], parameters=[JobLinesQuery], responses=JobLineSerializer(many=True)
    )
    def get(self, request: Request, job_id: int) -> Response:
        """The job's log, oldest first; `after` asks for what came since."""
        wanted = self.query(JobLinesQuery)
        lines = job_lines(job=_job(request, job_id), after=wanted["after"])[: wanted["limit"]]
        return Response(JobLineSerializer(lines, many=True).data)


class JobCancelView(ApiView):
    @extend_schema(operation_id="jobs_cancel", tags=["jobs"], request=None, responses=JobDetailSerializer)
    def post(self, request: Request, job_id: int) -> Response:
        """Cancel a job: at once if it waits, within seconds if it runs."""
        job_cancel(job=_job(request, job_id), actor=person(request))
        return _answer(_job(request, job_id))


class JobRetryView(ApiView):
    @extend_schema(operation_id="jobs_retry", tags=["jobs"], request=None, responses=JobDetailSerializer)
    def post(self, request: Request, job_id: int) -> Response:
        """Queue a failed, errored or cancelled job again; it goes on from its last checkpoint."""
        job_retry(job=_job(request, job_id), actor=person(request))
        return _answer(_job(request, job_id))


def _job(request: Request, job_id: int) -> Job:
    return job_shown(user=person(request), job_id=job_id)


def _answer(job: Job) -> Response:
    return Response(JobDetailSerializer(job, context=_context([job])).data)


def _context(jobs: Sequence[Job]) -> dict[str, Any]:
    return {"positions": queue_positions(jobs), "now": timezone.now()}
