"""`yiqi evaluate`, as people and scripts run it, and held against the outside referee where it is at hand."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from models.archive import container as files
from models.domain.records import Member
from models.ranking.artifact import Manifest, write
from models.ranking.ranker import shipped, to_json
from models.text.encoder import DEFAULT_ENCODER, identity
from tests.clubs import START, make_archive, records
from tests.parties import NAMES, evenings, party_goers

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
REFEREE = SHARED / "measure" / "score.py"
METRICS = {"ndcg10", "recall10", "mrr", "hit10", "auc_matched", "far10", "weak10"}
SIMPLE = {
    "random", "popularity", "recent activity", "Adamic-Adar", "TF-IDF centroid", "RRF AA+TF-IDF",
    "RRF AA+TF-IDF+recent", "dense centroid", "RRF AA+TF-IDF+dense", "RRF AA+TF-IDF+dense+recent", "implicit ALS",
}  # fmt: skip


def yiqi(*args: object, seconds: float = 280) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "service", *map(str, args)]
    env = os.environ | {"COLUMNS": "200", "OMP_NUM_THREADS": "1"}
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=seconds)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an archive, "clubs", and room for what is made from it."""
    folder = tmp_path_factory.mktemp("evaluate")
    make_archive(folder / "clubs")
    return folder


@pytest.fixture(scope="module")
def evaluated(place: Path) -> tuple[dict[str, Any], str]:
    """All tasks at two cuts: what stands on stdout, as JSON, and on stderr."""
    done = yiqi(
        "evaluate", place / "clubs", "--cuts", "0.7,0.5", "--format", "json", "--vectors", place / "vectors.npz"
    )
    assert done.returncode == 0, done.stderr
    return orjson.loads(done.stdout), done.stderr


def direct(place: Path, *options: object) -> tuple[dict[str, Any], str]:
    """One task at one cut, with these options."""
    done = yiqi(
        "evaluate", place / "clubs", "--task", "direct", "--cuts", "0.5", "--format", "json",
        "--vectors", place / "vectors.npz", *options,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return orjson.loads(done.stdout)["tasks"]["direct"]["cuts"][0], done.stderr


def test_every_task_of_the_archive_is_judged_at_every_cut_beside_every_baseline(
    evaluated: tuple[dict[str, Any], str],
) -> None:
    found = evaluated[0]
    assert list(found["tasks"]) == ["direct", "topic", "project", "join", "answer"]
    for task, of_task in found["tasks"].items():
        assert [cut["cut"] for cut in of_task["cuts"]] == [0.5, 0.7]
        for one in (*of_task["cuts"], of_task["pooled"]):
            methods = one["methods"]
            assert "Yiqi" in methods
            assert task in ("join", "answer") or set(methods) == {*SIMPLE, "Yiqi"}
            assert all(set(of_method) == METRICS for of_method in methods.values())
            best = one["gains"]["ndcg10"]["over"]
            others = {name: m["ndcg10"]["mean"] for name, m in methods.items() if name not in ("Yiqi", "random")}
            assert others[best] == max(others.values())
            gain = methods["Yiqi"]["ndcg10"]["mean"] - others[best]
            assert one["gains"]["ndcg10"]["mean"] == pytest.approx(gain, abs=2e-6)
            assert one["gains"]["ndcg10"]["low"] <= gain <= one["gains"]["ndcg10"]["high"]
        for one in of_task["cuts"]:
            assert (one["shown"] is None) == (task in ("join", "answer"))


def test_cuts_are_pooled_query_by_query(evaluated: tuple[dict[str, Any], str]) -> None:
    of_task = evaluated[0]["tasks"]["direct"]
    for method, pooled in of_task["pooled"]["methods"].items():
        total = sum(cut["queries"] * cut["methods"][method]["ndcg10"]["mean"] for cut in of_task["cuts"])
        queries = sum(cut["queries"] for cut in of_task["cuts"])
        assert pooled["ndcg10"]["mean"] == pytest.approx(total / queries, abs=2e-6)


def test_progress_is_told_in_plain_lines_beside_the_answer(evaluated: tuple[dict[str, Any], str]) -> None:
    lines = evaluated[1].splitlines()
    assert any(line.startswith("50% peers: ") for line in lines)
    assert any(line.startswith("70% question: ") for line in lines)
    assert not any("\x1b" in line for line in lines)


def test_the_same_seed_gives_the_same_figures_and_the_same_picture(
    place: Path, evaluated: tuple[dict[str, Any], str]
) -> None:
    first, second = place / "first.svg", place / "second.svg"
    expected = evaluated[0]["tasks"]["direct"]["cuts"][0]
    assert direct(place, "--picture", first)[0] == direct(place, "--picture", second)[0] == expected
    assert first.read_bytes() == second.read_bytes()
    assert ">Yiqi<" in first.read_text()
    assert ">direct: NDCG@10<" in first.read_text()


def test_another_seed_draws_other_intervals_around_the_same_lists(
    place: Path, evaluated: tuple[dict[str, Any], str]
) -> None:
    one = evaluated[0]["tasks"]["direct"]["cuts"][0]["methods"]["Yiqi"]["ndcg10"]
    other = direct(place, "--seed", 7)[0]["methods"]["Yiqi"]["ndcg10"]
    assert one["mean"] == other["mean"]
    assert (one["low"], one["high"]) != (other["low"], other["high"])


def test_tables_for_people_hold_every_method_and_every_cut(place: Path) -> None:
    done = yiqi(
        "evaluate", place / "clubs", "--task", "direct", "--task", "join", "--cuts", "0.5,0.6",
        "--vectors", place / "vectors.npz", "--picture", place / "table.png",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for text in ("direct: ", "join: ", "Adamic-Adar", "TF-IDF to project", "Yiqi", "50%", "60%", "seen", "over "):
        assert text in done.stdout
    assert "\x1b" not in done.stdout
    assert (place / "table.png").read_bytes().startswith(b"\x89PNG")


def test_what_a_community_taught_before_the_cut_can_be_judged_after_it(
    place: Path, evaluated: tuple[dict[str, Any], str]
) -> None:
    learnt = direct(place, "--ranker", "local")[0]
    by_shipped = evaluated[0]["tasks"]["direct"]["cuts"][0]
    assert learnt["methods"]["Adamic-Adar"] == by_shipped["methods"]["Adamic-Adar"]
    assert learnt["methods"]["Yiqi"] != by_shipped["methods"]["Yiqi"]
    assert learnt["methods"]["Yiqi"]["auc_matched"]["mean"] > 0.7


def test_who_chose_each_other_is_judged_by_whole_occasions(tmp_path: Path) -> None:
    guests = party_goers()
    files.write(tmp_path / "parties", {"member": guests, "outcome": evenings(guests)})
    ask = ["evaluate", tmp_path / "parties", "--task", "mutual", "--matchable", ",".join(NAMES)]
    table = yiqi(*ask)
    assert table.returncode == 0, table.stderr
    for text in ("mutual: ", "every occasion held out in turn", "most liked so far", "Yiqi: both sides", "MRR"):
        assert text in table.stdout
    in_turn, later = orjson.loads(yiqi(*ask, "--format", "json").stdout)["tasks"]["mutual"]
    assert in_turn["gains_over"]["random"]["mrr"]["low"] > 0
    assert later["occasions"] < in_turn["occasions"]
    assert yiqi(*ask, "--task", "direct").returncode == 2
    assert yiqi("evaluate", tmp_path / "parties", "--task", "direct", "--matchable", "charm").returncode == 2
    undeclared = yiqi(*ask[:4])
    assert undeclared.returncode == 1
    assert "no attribute is declared" in undeclared.stderr


def manifest(trained_through: int) -> Manifest:
    return Manifest(
        community="c",
        created=START,
        parent="",
        trained_through=trained_through,
        data_hash="",
        code_version="",
        encoder=str(identity(DEFAULT_ENCODER)),
        dimension=512,
        seed=0,
    )


def test_a_model_on_disk_is_judged_as_it_is_and_a_warning_tells_when_it_knew_too_much(
    place: Path, evaluated: tuple[dict[str, Any], str]
) -> None:
    write(place / "early", replace(shipped(), version="early"), replace(manifest(START), version="early"))
    found, told = direct(place, "--ranker", place / "early")
    expected = evaluated[0]["tasks"]["direct"]["cuts"][0]
    assert found["model_version"] == "early"
    assert found["methods"] == expected["methods"]
    assert "proves nothing" not in told
    write(place / "late", replace(shipped(), version="late"), replace(manifest(START * 2), version="late"))
    assert "learnt from what is judged at 50%: that proves nothing" in direct(place, "--ranker", place / "late")[1]


def test_a_file_of_weights_is_judged_too(place: Path, evaluated: tuple[dict[str, Any], str]) -> None:
    (place / "weights.json").write_text(to_json(shipped()))
    found = direct(place, "--ranker", place / "weights.json")[0]
    assert found["methods"] == evaluated[0]["tasks"]["direct"]["cuts"][0]["methods"]


@pytest.mark.parametrize(
    ("options", "code", "told"),
    [
        (["--cuts", "half"], 2, "no list of shares"),
        (["--cuts", "0.5,1.0"], 2, "1 is not between 0.2 and 0.95"),
        (["--cuts", "nan"], 2, "not between"),
        (["--task", "friendship"], 2, "friendship"),
        (["--picture", "out.pdf"], 2, ".svg or .png"),
        (["--picture", "nowhere/out.svg"], 2, "there is no folder nowhere"),
        (["--vectors", "nowhere/vectors.npz"], 2, "there is no folder nowhere"),
        (["--ranker", "nowhere"], 2, "there is no nowhere"),
        (["--prior", __file__], 2, "goes with --ranker local only"),
        (["--ranker", __file__], 1, "holds no ranker"),
        (["--ranker", str(ROOT / "docs")], 1, "docs: "),
    ],
)
def test_wrong_use_is_told_in_a_sentence(options: list[str], code: int, told: str, place: Path) -> None:
    done = yiqi("evaluate", place / "clubs", *options)
    assert done.returncode == code
    assert told in " ".join(done.stderr.replace("│", " ").split())
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_an_archive_that_cannot_be_judged_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    assert "holds none of" in failing(tmp_path / "notes")
    make_archive(tmp_path / "people", [Member(id="ann")])
    assert "people holds neither messages nor projects" in failing(tmp_path / "people")
    talk = [replace(r, mentions=()) for r in records(60) if type(r).__name__ == "Message"]
    make_archive(tmp_path / "talk", talk)
    assert "talk cannot be judged: direct at 50%: no query" in failing(tmp_path / "talk", "--task", "direct")
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04nothing")
    assert "broken.zip" in failing(tmp_path / "broken.zip")


def failing(*args: object) -> str:
    done = yiqi("evaluate", *args)
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def test_bad_rows_are_counted_and_the_rest_is_judged(place: Path, evaluated: tuple[dict[str, Any], str]) -> None:
    archive = place / "partly"
    make_archive(archive)
    (archive / "channels.jsonl").write_text("no json\n")
    (archive / "channels.jsonl.gz").unlink()
    done = yiqi(
        "evaluate", archive, "--task", "direct", "--cuts", "0.5", "--format", "json", "--vectors", place / "vectors.npz"
    )
    assert done.returncode == 0
    assert f"1 rows of {archive} are no records" in done.stderr
    found = orjson.loads(done.stdout)["tasks"]["direct"]["cuts"][0]
    assert found["queries"] == evaluated[0]["tasks"]["direct"]["cuts"][0]["queries"]


# --- the outside referee ---------------------------------------------------------------------------------------------

SHARE = "0.4"


def referee(*args: object) -> str:
    command = [sys.executable, str(REFEREE), *map(str, args), "--split", SHARE]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=600).stdout.strip()


@pytest.fixture(scope="module", params=["delving_bitcoin", "goldminer_zh"])
def measured(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A real community, and a data folder that took in its past."""
    archive = SHARED / "data" / request.param
    if not (REFEREE.exists() and archive.exists()):
        pytest.skip("the real communities for measuring are not here")
    data = tmp_path_factory.mktemp(request.param)
    cut = referee("cut", archive)
    done = yiqi("import", archive, "--community", "c", "--until", cut, "--data", data, seconds=900)
    assert done.returncode == 0, done.stderr
    return archive, data


def answered(archive: Path, data: Path, task: str) -> Path:
    """What the command line answers to everything that a task asks."""
    asked, answers = data / f"{task}-asked.jsonl", data / f"{task}.jsonl"
    rest = ["--community", "c", "--limit", 10000, "--format", "jsonl", "--data", data]
    if task in ("join", "answer"):
        asked.write_text(referee("queries", archive, "--task", task) + "\n")
        what = ["recommend", "collaborators", "--briefs"] if task == "join" else ["search", "--queries"]
        done = yiqi(*what, asked, *rest, seconds=900)
    else:
        what = "collaborators" if task == "project" else "peers"
        done = yiqi("recommend", what, "--all", "--include-connected", *rest, seconds=900)
    assert done.returncode == 0, done.stderr
    answers.write_text(done.stdout)
    return answers


@pytest.mark.slow
@pytest.mark.data
@pytest.mark.timeout(3600)
def test_all_figures_are_those_of_the_outside_referee_on_what_the_command_line_answers(
    measured: tuple[Path, Path],
) -> None:
    archive, data = measured
    tasks = ["project", "join"] if archive.name == "goldminer_zh" else ["direct", "topic", "answer"]
    done = yiqi("evaluate", archive, "--cuts", SHARE, "--format", "json", seconds=1800)
    assert done.returncode == 0, done.stderr
    found = orjson.loads(done.stdout)["tasks"]
    assert list(found) == tasks
    for task in tasks:
        ours = found[task]["cuts"][0]
        theirs = orjson.loads(
            referee("score", archive, "--task", task, answered(archive, data, task), "--json").replace("NaN", "null")
        )
        for about in ("queries", "candidates"):
            assert ours[about] == theirs[about]
        for method, figures in theirs["methods"].items():
            mine = ours["methods"]["Yiqi" if method == "RECS" else method]
            for name, value in figures.items():
                assert same(of_interval(mine, name), value), f"{task}: {name} of {method}"
        shown = theirs.get("shown") or {}
        for name in shown.keys() - {"here"}:
            assert same(ours["shown"][name], shown[name]), f"{task}: {name}"


def of_interval(figures: dict[str, Any], name: str) -> float | None:
    """The referee has one value a metric, and two bounds for NDCG."""
    if name in ("ndcg10_lo", "ndcg10_hi"):
        return figures["ndcg10"]["low" if name.endswith("lo") else "high"]  # type: ignore[no-any-return]
    return figures[name]["mean"]  # type: ignore[no-any-return]


def same(ours: float | None, theirs: float | None) -> bool:
    if ours is None or theirs is None:
        return ours is theirs
    return math.isclose(ours, theirs, abs_tol=1e-3)
