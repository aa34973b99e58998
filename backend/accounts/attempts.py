"""Tries to sign in, kept in the database: all processes of the web server count the same ones."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection, transaction
from django.db.models import DurationField, ExpressionWrapper, F, QuerySet
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac

from backend.accounts.models import SignInAttempt


@transaction.atomic
def attempt_note(*, key: str, most: int, seconds: float) -> list[float]:
    """Count a try for `key`, unless `most` were counted in the last `seconds`. Returns the ages in seconds of those
    that were, newest first: where there are `most` of them, this try is not to go on.
    """
    digest = salted_hmac("sign-in attempts", key.encode(errors="surrogatepass"), algorithm="sha256").hexdigest()
    with connection.cursor() as cursor:  # of tries at the same moment each sees the one before
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [digest])
    began = Now() - timedelta(seconds=seconds)
    _forget(SignInAttempt.objects.filter(at__lte=began))
    age = ExpressionWrapper(Now() - F("at"), output_field=DurationField())
    counted = SignInAttempt.objects.filter(key=digest, at__gt=began).annotate(age=age).order_by("age")
    ages = [each.total_seconds() for each in counted.values_list("age", flat=True)[:most]]
    if len(ages) < most:
        SignInAttempt.objects.create(key=digest)
    return ages


def _forget(attempts: QuerySet[SignInAttempt]) -> None:
    """Take them away, but those that another try is taking away."""
    free = attempts.select_for_update(skip_locked=True).values_list("pk", flat=True)
    SignInAttempt.objects.filter(pk__in=list(free)).delete()
