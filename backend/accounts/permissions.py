"""Who may do what. A scene's existence is hidden from people who are not its members."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from backend.accounts.models import Role, User
from backend.config.problems import NotFound, Refused
from backend.scenes.models import Scene, SceneMembership


def site_role(user: User) -> Role:
    """The person's role on the whole site; Django's superusers are admins."""
    return Role.ADMIN if user.is_superuser else Role(user.role)


def is_admin(user: User) -> bool:
    return site_role(user) is Role.ADMIN


def scene_role(user: User, scene: Scene) -> Role | None:
    """The person's role in this scene, None for a stranger. Admins are admins everywhere."""
    if is_admin(user):
        return Role.ADMIN
    membership = SceneMembership.objects.filter(scene=scene, user=user).first()
    return Role(membership.role) if membership else None


def require_scene_role(user: User, scene: Scene, needed: Role) -> None:
    """Raises NotFound for a stranger, Refused for a member whose role is below `needed`."""
    role = scene_role(user, scene)
    if role is None:
        raise NotFound("scene")
    _require(role, needed, f"in the scene “{scene.name}”")


def require_site_role(user: User, needed: Role) -> None:
    """Raises Refused if the person's role on the site is below `needed`."""
    _require(site_role(user), needed, "on this site")


def scenes_visible_to(user: User) -> QuerySet[Scene]:
    """Scenes the person is a member of; all of them for an admin."""
    if is_admin(user):
        return Scene.objects.all()
    return Scene.objects.filter(pk__in=SceneMembership.objects.filter(user=user).values("scene"))


def visible_through(user: User, path: str) -> Q:
    """A condition on rows whose scene is at `path` ("scene", "camera__scene"): only scenes the person may see."""
    if is_admin(user):
        return Q()
    return Q(**{f"{path}__in": SceneMembership.objects.filter(user=user).values("scene")})


def _require(role: Role, needed: Role, where: str) -> None:
    if role.rank < needed.rank:
        detail = f"Your role {where} is {role.label.lower()}; this takes at least {needed.label.lower()}."
        raise Refused("role-too-low", detail)
