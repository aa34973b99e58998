"""The queue: what comes first, what never comes, and that a pair is with one person at a time."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone

from backend.config.problems import NotFound, Refused
from backend.identities.selectors import identity_numbers
from backend.review.models import Lease, Settled, VerdictPlace
from backend.review.selectors.pairs import PairView, pair_views
from backend.review.selectors.queue import QueueFilter
from backend.review.services.decisions import operation_undo
from backend.review.services.leases import HELD_FOR, pairs_lease
from backend.tracking.models import Candidate
from tests.unit.backend.review.town import Town, match

NOTHING = QueueFilter()


def leased(town: Town, person: str, limit: int = 10, wanted: QueueFilter = NOTHING) -> list[str]:
    return [named(town, view) for view in seen(town, person, limit, wanted)]


def seen(town: Town, person: str, limit: int = 10, wanted: QueueFilter = NOTHING) -> list[PairView]:
    return pair_views(leases=pairs_lease(actor=town.people[person], scene=town.scene, limit=limit, wanted=wanted))


def named(town: Town, view: PairView) -> str:
    return f"{town.name_of(view.left.tracklet.pk)} {town.name_of(view.right.tracklet.pk)}"


def test_the_greatest_expected_change_comes_first(town: Town) -> None:
    """Of 11 pairs 6 are eligible, so the chance at rank r is c = 6 / (6 + r).

    Ranks: a3-b3 1, a1-b1 2, b1-c1 3, a2-b2 4, a2-b1 5, b2-c1 6, b2-c2 7, b3-c3 8, a1-b2 9, b1-c2 10, a1-c1 11.
    Inside the identity of 3 two could leave, if it is not one: a1-c1 with 0.647 x 2. Between those of 3 and of 2 lie
    a2-b1, b2-c1 and a1-b2, odds 6/5, 1 and 2/3, in the mean 0.93: so 0.48 x 2, and the likeliest is asked. Then come
    those that move one: b2-c2 0.462, b3-c3 0.429, a2-b2 1 - 0.6, b1-c2 0.375, and a3-b3 1 - 0.857.
    """
    assert leased(town, "ann") == ["a1 c1", "a2 b1", "b2 c2", "b3 c3", "a2 b2", "b1 c2", "a3 b3"]


def test_all_pairs_between_two_identities_say_whether_they_are_one(town: Town) -> None:
    """As above, but that a1 is b2 is next to impossible: odds 6/5, 1 and 1/999, in the mean 0.106, so 0.096 x 2."""
    one, other = town.tracklets["a1"], town.tracklets["b2"]
    Candidate.objects.filter(left=one, right=other).update(chance=0.001)

    assert leased(town, "ann") == ["a1 c1", "b2 c2", "b3 c3", "a2 b2", "b1 c2", "a2 b1", "a3 b3"]


def test_a_pair_says_who_of_its_identities_is_seen_in_one_camera_at_one_time(town: Town) -> None:
    """a2 and b2 begin a second before a1 and b1 end, and outlast them; c2 is alone, c1 is beside it."""
    views = {named(town, view): view for view in seen(town, "ann")}

    def met(pair: str) -> list[tuple[str, str, bool]]:
        names = ((town.name_of(each.first.pk), town.name_of(each.second.pk)) for each in views[pair].meetings)
        return [(*both, each.handover) for both, each in zip(names, views[pair].meetings, strict=True)]

    assert met("a2 b1") == [("a1", "a2", True), ("b1", "b2", True)]
    assert met("b1 c2") == [("c1", "c2", True)]
    assert met("a1 c1") == met("a3 b3") == met("b2 c2") == []


def test_one_pair_of_each_two_identities_is_offered_at_a_time(town: Town) -> None:
    ann = leased(town, "ann", 1)
    assert ann == ["a1 c1"]
    assert not {"a1 b1", "b1 c1"} & set(leased(town, "ben"))


def test_two_people_never_get_the_same_pair(town: Town) -> None:
    ann, ben = leased(town, "ann", 3), leased(town, "ben", 3)
    assert len(ann) == len(ben) == 3
    assert not set(ann) & set(ben)


def test_asking_again_brings_the_same_pairs_for_longer(town: Town) -> None:
    first = leased(town, "ann", 3)
    Lease.objects.update(expires_at=timezone.now() + timedelta(seconds=30))
    assert leased(town, "ann", 3) == first
    left = Lease.objects.order_by("expires_at").values_list("expires_at", flat=True)[0] - timezone.now()
    assert left > HELD_FOR / 2


def test_a_decided_pair_makes_room_for_the_next(town: Town) -> None:
    first = leased(town, "ann", 2)
    town.say("ann", first[0], "cannot_tell")
    second = leased(town, "ann", 2)
    assert len(second) == 2
    assert second[0] == first[1]
    assert first[0] not in second


def test_a_lease_that_ran_out_goes_to_somebody_else(town: Town) -> None:
    first = leased(town, "ann", 1)
    Lease.objects.update(expires_at=timezone.now())
    assert leased(town, "ben", 1) == first


def test_contradictions_come_first_and_with_what_was_said(town: Town) -> None:
    town.say("ann", "b3 c3", "same", confidence=2)
    town.say("ben", "b3 c3", "different")
    view = seen(town, "cleo", 3)[0]
    assert (named(town, view), view.kind) == ("b3 c3", "contradiction")
    assert [(each.verdict.person.username, each.verdict.answer) for each in view.verdicts] == [
        ("ann", "same"),
        ("ben", "different"),
    ]
    assert leased(town, "cleo", 10, QueueFilter(state="contradiction")) == ["b3 c3"]


def test_a_contradiction_of_tracklets_that_were_never_compared_is_asked_about(town: Town) -> None:
    town.say("ann", "a3 c3", "same")
    town.say("ben", "a3 c3", "different")
    view = seen(town, "cleo", 1)[0]
    assert (named(town, view), view.candidate, view.transit_s) == ("a3 c3", None, 8.0)


@pytest.mark.parametrize(
    ("said", "gone"),
    [
        ([("b3 c3", "cannot_tell")], {"b3 c3"}),
        ([("a1 b1", "same"), ("b1 c1", "same")], {"a1 b1", "b1 c1", "a1 c1"}),
        ([("a1 b2", "different")], {"a1 b2", "a2 b1", "b2 c1"}),
    ],
)
def test_pairs_that_can_change_nothing_are_not_asked_about(
    town: Town, said: list[tuple[str, str]], gone: set[str]
) -> None:
    for pair, answer in said:
        town.say("ann", pair, answer)
    assert not gone & set(leased(town, "ben"))


def test_what_is_taken_back_is_asked_about_again(town: Town) -> None:
    operation = town.say("ann", "a2 b1", "different")
    assert "a2 b1" not in leased(town, "ben")
    operation_undo(actor=town.people["ann"], operation=operation)
    assert "a2 b1" in leased(town, "ann")


def test_only_what_is_wanted_comes_and_the_rest_is_given_back(town: Town) -> None:
    leased(town, "ann")
    cameras = [town.tracklets[name].camera_id for name in ("b1", "c1")]
    wanted = QueueFilter(cameras=cameras)
    assert set(leased(town, "ann", 10, wanted)) == {"b1 c1", "b2 c1", "b2 c2", "b3 c3", "b1 c2"}
    assert "a3 b3" in leased(town, "ben")


def test_pairs_are_of_a_time_and_of_a_type(town: Town) -> None:
    """b1 is there 5..7 s, b2 6..8 s, c1 10..12 s, c2 11..13 s."""
    assert set(leased(town, "ann", 10, QueueFilter(from_s=7.5, to_s=12.5))) == {"b2 c1", "b2 c2"}
    assert set(leased(town, "ann", 10, QueueFilter(from_s=19.0))) == {"a3 b3", "b3 c3"}
    bus = town.tracklets["c2"]
    bus.category = 6
    bus.save()
    assert set(leased(town, "ann", 10, QueueFilter(categories=[6]))) == {"b2 c2", "b1 c2"}


def test_pairs_are_of_a_colour_as_people_say_or_else_as_the_network_read_it(town: Town) -> None:
    """c2 is a red bus to the network; of b1, which it takes to be red as well, people say that it is blue."""
    town.read("c2", machine_type="bus", machine_colour="red")
    town.read("b1", machine_type="van", machine_colour="red", colour="blue")
    assert set(leased(town, "ann", 10, QueueFilter(colours=["red"]))) == {"b2 c2", "b1 c2"}
    assert set(leased(town, "ann", 10, QueueFilter(types=["bus"]))) == {"b2 c2", "b1 c2"}
    assert all("b1" in pair for pair in leased(town, "ann", 10, QueueFilter(colours=["blue"])))
    assert leased(town, "ann", 10, QueueFilter(types=["bus"], colours=["blue"])) == []


def test_contradictions_are_of_a_colour_too(town: Town) -> None:
    town.say("ann", "b3 c3", "same")
    town.say("ben", "b3 c3", "different")
    town.read("c3", machine_type="van", machine_colour="green")
    assert leased(town, "cleo", 1, QueueFilter(colours=["green"], types=["van"])) == ["b3 c3"]
    assert leased(town, "cleo", 1, QueueFilter(colours=["red"])) == []


def test_contradictions_too_are_of_a_time_and_of_a_type(town: Town) -> None:
    town.say("ann", "b3 c3", "same")
    town.say("ben", "b3 c3", "different")
    assert leased(town, "cleo", 1, QueueFilter(from_s=26.0, categories=[3])) == ["b3 c3"]
    assert leased(town, "cleo", 1, QueueFilter(from_s=28.0)) == []
    assert leased(town, "cleo", 1, QueueFilter(categories=[6])) == []


@pytest.mark.parametrize("seed", [0, 6])
def test_pairs_that_are_skipped_would_change_nothing(town: Town, seed: int) -> None:
    """After random answers that can all be true: what a skipped pair must be, said aloud, changes no identity."""
    rng = np.random.default_rng(seed)
    asked = [pair for pair in leased(town, "ann") if rng.random() < 0.7]
    for pair in asked:
        town.say("ann", pair, str(rng.choice(["same", "different"])))
    assert not VerdictPlace.objects.filter(contradicted=True).exists()
    answered = set(VerdictPlace.objects.values_list("left", "right"))
    implied = [each for each in Settled.objects.select_related("candidate") if ends(each.candidate) not in answered]
    assert implied
    for each in implied:
        numbers = identity_numbers(run=town.run)
        left, right = ends(each.candidate)
        answer = "same" if numbers[left] == numbers[right] else "different"
        said = town.say("ben", f"{town.name_of(left)} {town.name_of(right)}", answer)
        assert not said.after["effect"]["changed"]
        assert said.after["effect"]["contradictions"] == 0


def ends(candidate: Candidate) -> tuple[int, int]:
    return candidate.left_id, candidate.right_id


def test_states_are_parts_of_the_queue(town: Town) -> None:
    assert leased(town, "ann", 10, QueueFilter(state="uncertain")) == leased(town, "ann")
    assert leased(town, "ben", 10, QueueFilter(state="likely_same")) == []
    assert leased(town, "ben", 10, QueueFilter(min_probability=0.8, max_probability=1.0)) == []


def test_likely_pairs_come_from_the_line_outwards(town: Town) -> None:
    """One eligible pair of ten: from rank 9 on the chance is 1 / (1 + r), at most a tenth."""
    names = ("a1", "a2", "a3", "b3", "c2", "c3")
    far = [(one, other, 1.0 + 0.01 * place, False) for place, (one, other) in enumerate(pairs_apart(names))]
    match(town.run, town.tracklets, [("a1", "b1", 0.1, True), *far])
    likely = seen(town, "ann", 10, QueueFilter(state="likely_different"))
    chances = [view.candidate.chance for view in likely if view.candidate is not None]
    assert chances == sorted(chances, reverse=True)
    assert chances[0] == pytest.approx(1 / 10)


def pairs_apart(names: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(one, other) for one in names for other in names if one[0] < other[0]]


def test_pairs_of_a_link_are_between_its_two_cameras(town: Town) -> None:
    source, target = town.tracklets["a1"].camera, town.tracklets["b1"].camera
    link = town.scene.links.create(source=source, target=target, min_s=0, max_s=10)
    assert set(leased(town, "ann", 10, QueueFilter(link=link.pk))) == {"a1 b1", "a2 b2", "a3 b3", "a2 b1"}
    with pytest.raises(NotFound):
        leased(town, "ann", 10, QueueFilter(link=link.pk + 1))


def test_viewers_are_not_asked(town: Town) -> None:
    with pytest.raises(Refused):
        leased(town, "vic")


def test_a_pair_says_what_it_decides_and_how_long_others_took(town: Town) -> None:
    view = next(each for each in seen(town, "ann") if named(town, each) == "a2 b1")
    assert (view.decides, view.joined, view.transit_s) == (3, False, 2.0)
    assert (view.left.identity.tracklet_count, view.right.identity.tracklet_count) == (2, 3)
    assert view.transit_histogram is None  # one joined pair of these cameras is no distribution


def test_a_scene_without_a_run_has_nothing_to_ask(town: Town) -> None:
    town.scene.current_run = None
    town.scene.save()
    assert leased(town, "ann") == []
