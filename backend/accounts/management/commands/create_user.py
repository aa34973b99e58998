"""`manage.py create_user NAME --role analyst`: the password comes from a prompt, a pipe or the environment."""

from __future__ import annotations

import getpass
import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from backend.accounts.models import Role
from backend.accounts.services import user_create
from backend.config.problems import Problem

ENVIRONMENT = "CROSSTRACK_PASSWORD"


class Command(BaseCommand):
    help = f"Make a user. The password is asked for, or read from a pipe, or from {ENVIRONMENT}."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--role", choices=Role.values, default=Role.VIEWER.value)
        parser.add_argument("--email", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        role = Role(options["role"])
        try:
            user_create(username=options["username"], password=_password(), role=role, email=options["email"])
        except Problem as problem:
            raise CommandError(problem.detail) from None
        except ValidationError as error:
            raise CommandError("The password will not do: " + " ".join(error.messages)) from None
        self.stdout.write(f"{options['username']} can sign in now, as {role.label.lower()}.")


def _password() -> str:
    given = os.environ.get(ENVIRONMENT)
    if given:
        return given
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != first:
        raise CommandError("The two passwords differ; run the command again.")
    return first
