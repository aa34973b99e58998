"""Reads stay fast on a scene of 100,000 tracklets: 100 cameras, one hour, 40,000 identities."""

from __future__ import annotations

import time

import numpy as np
import pytest
from django.db import connection
from django.test import Client

from backend.tracking.arrays import pack_floats, pack_frames
from tests.world import World

# A figure of a quiet machine, and so not of every `make test`.
pytestmark = pytest.mark.soak

CAMERAS, TRACKLETS_A_CAMERA, IDENTITIES = 100, 1000, 40_000
LENGTH = 60
READS = 20
BUDGET_S = 0.1
ONCE_A_PAGE_BUDGET_S = 0.5  # for what a page reads as a whole when it is opened

SEED = """
insert into scenes_camera (scene_id, name, position, roi, version)
    select %(scene)s, 'v' || n, n, '', 1 from generate_series(1, %(cameras)s) n;
insert into scenes_calibration (camera_id, homography, direction, unit)
    select id, '{1, 0, 0, 0, 1, 0, 0, 0, 1}', 'ground_to_image', 'metres'
    from scenes_camera where scene_id = %(scene)s and name like 'v%%';
insert into media_video (camera_id, original_name, file, sha256, size, start_s, start_origin, state, problem,
        container, codec, width, height, variable_frame_rate, corrupt_frames, proxy, poster, created_at)
    select id, 'v', 'v', id::text, 1, 0, 'stated', 'ready', '', '', '', 960, 540, false, 0, '', '', now()
    from scenes_camera where scene_id = %(scene)s and name like 'v%%';
insert into tracking_tracklet (run_id, video_id, camera_id, layer, number, roots, colour, note, category, length,
        first_frame, last_frame, start_s, end_s, mean_score, frames, boxes, scores, machine_type, machine_colour)
    select %(run)s, v.id, v.camera_id, 'run', n, '{}', '', '', 3, %(length)s, n * 36, n * 36 + %(length)s - 1,
        n * 3.6, n * 3.6 + 6, 0.5, %(frames)s, %(boxes)s, %(scores)s, 'van', 'white'
    from media_video v, generate_series(1, %(tracklets)s) n where v.original_name = 'v';
insert into identities_identity (scene_id, number, created_at)
    select %(scene)s, n, now() from generate_series(10, %(identities)s + 9) n;
insert into identities_identitymember (run_id, identity_id, tracklet_id)
    select t.run_id, i.id, t.id from
        (select *, 10 + (row_number() over (order by start_s, id)) %% %(identities)s as number_of from tracking_tracklet
            where run_id = %(run)s and length = %(length)s) t
        join identities_identity i on i.scene_id = %(scene)s and i.number = t.number_of;
insert into identities_runidentity (run_id, identity_id, layer, number, camera_count, tracklet_count, camera_ids,
        start_s, end_s)
    select m.run_id, m.identity_id, 'run', i.number, count(distinct t.camera_id), count(*),
        array_agg(distinct t.camera_id), min(t.start_s), max(t.end_s)
    from identities_identitymember m join identities_identity i on i.id = m.identity_id
        join tracking_tracklet t on t.id = m.tracklet_id
    where t.length = %(length)s group by 1, 2, 4;
insert into tracking_embedding (tracklet_id, model, kind, frame, rank, crop, vector)
    select id, 'm', 'view', first_frame + view, view, id || '-' || view, array_fill(0.03125::real, array[1024])::vector
    from tracking_tracklet, generate_series(0, 1) view where run_id = %(run)s and length = %(length)s;
insert into tracking_candidate (run_id, left_id, right_id, layer, distance, transit_s, joined, eligible, probability,
        percentile, chance, doubt)
    select run_id, one, other, 'run', 1 - p, 1, eligible, eligible, p, 1 - p, p, p * (1 - p) from (
        select m.run_id, m.tracklet_id as one, o.tracklet_id as other, 0.5 + random() / 2 as p, true as eligible
        from identities_identitymember m join identities_identitymember o
            on o.identity_id = m.identity_id and o.tracklet_id > m.tracklet_id where m.run_id = %(run)s
        union all
        select run_id, id, id + step, random() / 20, false
        from tracking_tracklet, generate_series(1, 9) step where run_id = %(run)s and length = %(length)s) pairs
    where other in (select id from tracking_tracklet where run_id = %(run)s and length = %(length)s)
        and one in (select id from tracking_tracklet where run_id = %(run)s and length = %(length)s);
update tracking_run set pair_counts = (
    select jsonb_build_object('uncertain', count(*) filter (where chance > 0.1 and chance < 0.9),
        'likely_same', count(*) filter (where chance >= 0.9), 'likely_different', count(*) filter (where chance <= 0.1))
    from tracking_candidate where run_id = %(run)s) where id = %(run)s;
analyze;
"""


@pytest.fixture
def crowded(world: World) -> World:
    """The world's run with 100,000 tracklets more, their identities, pictures and candidates."""
    steps = np.arange(LENGTH, dtype=np.float32)
    parameters: dict[str, int | bytes] = {
        "scene": world.scene.pk,
        "run": world.run.pk,
        "cameras": CAMERAS,
        "tracklets": TRACKLETS_A_CAMERA,
        "identities": IDENTITIES,
        "length": LENGTH,
        "frames": pack_frames(np.arange(LENGTH) + 36 * 500),
        "boxes": pack_floats(np.stack([steps, steps, steps + 40, steps + 20], axis=1)),
        "scores": pack_floats(np.full(LENGTH, 0.5)),
    }
    with connection.cursor() as cursor:
        for statement in SEED.split(";\n"):
            if statement.strip():
                if "%" in statement:
                    cursor.execute(statement, parameters)
                else:
                    cursor.execute(statement)
    return world


def p95_s(client: Client, url: str) -> float:
    """95th percentile of the time of READS requests, seconds; the first is not counted."""
    times = []
    for _ in range(READS + 1):
        begin = time.perf_counter()
        assert client.get(url).status_code == 200
        times.append(time.perf_counter() - begin)
    return float(np.percentile(times[1:], 95))


def test_reads_of_a_crowded_scene_take_under_a_tenth_of_a_second(crowded: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select max(id), max(camera_id) from media_video where original_name = 'v'")
        video, camera = cursor.fetchone()
    client, run = crowded.client("viewer"), f"/api/v1/runs/{crowded.run.pk}"
    urls = [
        "/api/v1/scenes",
        f"/api/v1/scenes/{crowded.scene.pk}/cameras",
        run,
        f"{run}/tracks?video={video}&first_frame=17990&last_frame=18290",
        f"{run}/tracks?video={video}&first_frame=33000&last_frame=35999",
        f"{run}/identities?min_cameras=2",
        f"{run}/identities?ordering=-camera_count",
        f"{run}/identities?ordering=-start_s&min_cameras=2",
        f"{run}/identities?camera={camera}",
        f"{run}/identities/20000",
        f"{run}/candidates",
        f"{run}/diagram?limit=1000",
        f"{run}/paths?limit=100",
        f"{run}/paths?limit=100&from_s=3000&to_s=3010",
        f"{run}/identities/20000/journey",
        "/api/v1/jobs",
        f"/api/v1/scenes/{crowded.scene.pk}/hidden",
        f"/api/v1/scenes/{crowded.scene.pk}/dangling",
        f"/api/v1/scenes/{crowded.scene.pk}/review",
        f"/api/v1/scenes/{crowded.scene.pk}/operations",
        f"/api/v1/scenes/{crowded.scene.pk}/verdicts?dangling=true",
        f"/api/v1/scenes/{crowded.scene.pk}/review/statistics",
    ]
    once_a_page = [f"{run}/videos/{video}/tracklets", f"/api/v1/scenes/{crowded.scene.pk}/ground"]
    budgets = dict.fromkeys(urls, BUDGET_S) | dict.fromkeys(once_a_page, ONCE_A_PAGE_BUDGET_S)
    slow = {url: round(spent, 3) for url, budget in budgets.items() if (spent := p95_s(client, url)) > budget}
    assert slow == {}
