"""ModelService over gRPC: manifests, states, promotion, the way back, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import grpc
import pytest
from yiqi.client import YiqiRpcError, id_of
from yiqi.v1 import model_pb2 as pb
from yiqi.v1.recommendation_pb2 import DESCRIPTOR as RECOMMENDATION

from models.domain.records import Community
from models.ranking.artifact import Gate
from models.ranking.ranker import shipped
from service.serving.encoders import Encoders
from service.serving.model_folder import ModelFolder
from service.serving.rankers import Rankers
from tests.learnt import learnt

from .conftest import Running

SHIPPED = shipped().version


@pytest.fixture
def yiqi(running: Running, tmp_path: Path) -> Running:
    """Two communities, and the models of a data folder."""
    for id in ("c", "d"):
        running.store.put(id, [Community(id=id)])
    models = ModelFolder(tmp_path / "models")
    running.runtime.rankers = Rankers(models, Encoders("use-multilingual-v3"), following=False)  # type: ignore[attr-defined]
    return running


def rankers(yiqi: Running) -> Rankers:
    return yiqi.runtime.rankers  # type: ignore[attr-defined, no-any-return]


def add(yiqi: Running, night: int = 0, *, passed: bool = True) -> str:
    return rankers(yiqi).folder.add(*learnt(night, passed=passed))[1].version


def states(yiqi: Running, community: str = "c") -> dict[str, str]:
    return {
        id_of(model.name): pb.ModelState.Name(model.state).removeprefix("MODEL_STATE_")
        for model in yiqi.client.list_models(community)
    }


def harm(yiqi: Running, version: str) -> None:
    (rankers(yiqi).folder.home("c") / version / "ranker.json").write_text("{}")


def refused(error: pytest.ExceptionInfo[YiqiRpcError]) -> tuple[grpc.StatusCode, str]:
    return error.value.status, error.value.reason


def test_without_any_night_the_shipped_model_serves(yiqi: Running) -> None:
    assert states(yiqi) == {SHIPPED: "SERVING"}
    model = yiqi.client.get_model("c", SHIPPED)
    assert model == pb.Model(name=f"communities/c/models/{SHIPPED}", state=pb.MODEL_STATE_SERVING)


def test_a_model_comes_with_its_whole_manifest(yiqi: Running) -> None:
    version = add(yiqi)
    _, manifest = rankers(yiqi).folder.read("c", version)
    model = yiqi.client.get_model("c", version)
    assert model.state == pb.MODEL_STATE_AVAILABLE
    assert model.create_time.ToMicroseconds() == manifest.created
    assert model.trained_through.ToMicroseconds() == manifest.trained_through
    assert model.parent_model == f"communities/c/models/{SHIPPED}"
    for name in ("data_hash", "code_version", "encoder", "dimension", "seed", "members", "events"):
        assert getattr(model, name) == getattr(manifest, name), name
    assert tuple(model.features) == manifest.features
    metric, gate = manifest.metrics[0], manifest.gates[0]
    assert list(model.metrics) == [
        pb.ModelMetric(
            task=metric.task, metric=metric.name, value=metric.value, low=metric.low, high=metric.high, queries=62
        )
    ]
    assert list(model.gates) == [
        pb.ModelGate(gate=gate.name, passed=True, value=gate.value, bound=gate.bound, sentence=gate.sentence)
    ]
    filled = {field.name for field, _ in model.ListFields()}
    assert filled == {field.name for field in pb.Model.DESCRIPTOR.fields} - {"problem", "note"}


def test_models_are_listed_newest_first_and_page_by_page(yiqi: Running) -> None:
    nights = [add(yiqi, night) for night in range(5)]
    expected = [*reversed(nights), SHIPPED]
    assert list(states(yiqi)) == expected
    for size in range(1, 8):
        request, found = pb.ListModelsRequest(parent="communities/c", page_size=size), []
        while True:
            reply = yiqi.client.models.ListModels(request)
            assert 0 < len(reply.models) <= size
            found += [id_of(model.name) for model in reply.models]
            if not reply.next_page_token:
                break
            request.page_token = reply.next_page_token
        assert found == expected


def test_a_page_token_is_good_for_its_own_list_only(yiqi: Running) -> None:
    add(yiqi)
    token = yiqi.client.models.ListModels(pb.ListModelsRequest(parent="communities/c", page_size=1)).next_page_token
    with pytest.raises(YiqiRpcError) as error:
        yiqi.client.models.ListModels(pb.ListModelsRequest(parent="communities/d", page_token=token))
    assert refused(error) == (grpc.StatusCode.INVALID_ARGUMENT, "PAGE_TOKEN_INVALID")


def test_a_promoted_model_serves_when_the_call_returns_and_rolling_back_undoes_it(yiqi: Running) -> None:
    first, second = add(yiqi, 0), add(yiqi, 1)
    assert rankers(yiqi).of("c").version == SHIPPED
    for version in (first, second):
        assert yiqi.client.promote_model("c", version).state == pb.MODEL_STATE_SERVING
        assert rankers(yiqi).of("c").version == version
    assert states(yiqi) == {second: "SERVING", first: "AVAILABLE", SHIPPED: "AVAILABLE"}
    assert states(yiqi, "d") == {SHIPPED: "SERVING"}
    for version in (first, SHIPPED):
        model = yiqi.client.roll_back_model("c")
        assert (id_of(model.name), model.state) == (version, pb.MODEL_STATE_SERVING)
        assert rankers(yiqi).of("c").version == version
    with pytest.raises(YiqiRpcError) as error:
        yiqi.client.roll_back_model("c")
    assert refused(error) == (grpc.StatusCode.FAILED_PRECONDITION, "NO_EARLIER_MODEL")
    assert rankers(yiqi).of("c").version == SHIPPED


def test_promoting_the_shipped_model_and_what_serves_already_is_success(yiqi: Running) -> None:
    version = add(yiqi)
    for wanted in (SHIPPED, version, version, SHIPPED, SHIPPED):
        assert id_of(yiqi.client.promote_model("c", wanted).name) == wanted
        assert rankers(yiqi).of("c").version == wanted
    assert id_of(yiqi.client.roll_back_model("c").name) == version


def test_a_model_that_failed_its_gates_is_promoted_by_force_only(yiqi: Running) -> None:
    ranker, manifest = learnt(passed=False)
    drift = Gate("drift", False, 0.4, 0.2, "Features moved.")
    version = rankers(yiqi).folder.add(ranker, replace(manifest, gates=(*manifest.gates, drift)))[1].version
    assert states(yiqi)[version] == "REFUSED"
    with pytest.raises(YiqiRpcError, match=r"quality, drift") as error:
        yiqi.client.promote_model("c", version)
    assert refused(error) == (grpc.StatusCode.FAILED_PRECONDITION, "MODEL_REFUSED")
    assert rankers(yiqi).of("c").version == SHIPPED
    assert yiqi.client.promote_model("c", version, force=True).state == pb.MODEL_STATE_SERVING
    assert rankers(yiqi).of("c").version == version


@pytest.mark.parametrize("force", [False, True])
def test_a_damaged_model_is_shown_with_the_reason_and_never_promoted(yiqi: Running, force: bool) -> None:
    version = add(yiqi)
    harm(yiqi, version)
    model = yiqi.client.get_model("c", version)
    assert model.state == pb.MODEL_STATE_DAMAGED
    assert model.problem == "The file ranker.json was changed or damaged."
    with pytest.raises(YiqiRpcError, match="changed or damaged") as error:
        yiqi.client.promote_model("c", version, force=force)
    assert refused(error) == (grpc.StatusCode.FAILED_PRECONDITION, "MODEL_UNUSABLE")
    assert states(yiqi) == {version: "DAMAGED", SHIPPED: "SERVING"}


def test_rolling_back_passes_over_a_damaged_model(yiqi: Running) -> None:
    first, second, third = (add(yiqi, night) for night in range(3))
    for version in (first, second, third):
        yiqi.client.promote_model("c", version)
    harm(yiqi, second)
    assert id_of(yiqi.client.roll_back_model("c").name) == first


@pytest.mark.parametrize("model", ["nothing", "..", "20260101T000000Z-0123456789", "serving.json", ".work"])
def test_an_unknown_model_is_not_found(yiqi: Running, model: str) -> None:
    add(yiqi)
    for call in (yiqi.client.get_model, yiqi.client.promote_model):
        with pytest.raises(YiqiRpcError) as error:
            call("c", model)
        assert refused(error) == (grpc.StatusCode.NOT_FOUND, "MODEL_NOT_FOUND")


def test_a_model_is_not_found_in_another_community(yiqi: Running) -> None:
    version = add(yiqi)
    with pytest.raises(YiqiRpcError) as error:
        yiqi.client.get_model("d", version)
    assert error.value.reason == "MODEL_NOT_FOUND"


def test_an_unknown_community_is_said_to_be_unknown(yiqi: Running) -> None:
    for call in (
        lambda: list(yiqi.client.list_models("x")),
        lambda: yiqi.client.get_model("x", SHIPPED),
        lambda: yiqi.client.promote_model("x", SHIPPED),
        lambda: yiqi.client.roll_back_model("x"),
    ):
        with pytest.raises(YiqiRpcError) as error:
            call()
        assert refused(error) == (grpc.StatusCode.NOT_FOUND, "COMMUNITY_NOT_FOUND")
    assert not rankers(yiqi).folder.home("x").exists()


@pytest.mark.parametrize(
    ("method", "request_"),
    [
        ("ListModels", pb.ListModelsRequest()),
        ("ListModels", pb.ListModelsRequest(parent="communities/c", page_size=-1)),
        ("ListModels", pb.ListModelsRequest(parent="communities/c", page_token="x")),
        ("GetModel", pb.GetModelRequest()),
        ("GetModel", pb.GetModelRequest(name="communities/c")),
        ("PromoteModel", pb.PromoteModelRequest(name="communities/c/members/ann")),
        ("RollbackModel", pb.RollbackModelRequest(parent="communities/c/models/m")),
    ],
)
def test_a_request_out_of_bounds_is_refused(yiqi: Running, method: str, request_: object) -> None:
    with pytest.raises(YiqiRpcError) as error:
        getattr(yiqi.client.models, method)(request_)
    assert error.value.status is grpc.StatusCode.INVALID_ARGUMENT


def test_every_kind_of_answer_names_its_model() -> None:
    replies = [method.output_type for method in RECOMMENDATION.services_by_name["RecommendationService"].methods]
    assert len(replies) >= 5
    for reply in replies:
        named = reply.fields_by_name.get("info") or reply.fields_by_name["introduction"]
        assert "model_version" in named.message_type.fields_by_name, reply.name
