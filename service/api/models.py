"""ModelService: what serves, what could, and the way back."""

from __future__ import annotations

from typing import Any

from grpc import ServicerContext
from yiqi.v1 import model_pb2 as pb
from yiqi.v1 import model_pb2_grpc

from models.ranking.artifact import Gate, Manifest, Metric
from service.api import enums, paging
from service.api.codec import timestamp
from service.application import models as usecase
from service.core.names import child_name, child_of, community_of
from service.store.contract import Store

BY = "ModelService"


class ModelServicer(model_pb2_grpc.ModelServiceServicer):
    """Unpacks, calls `service.application.models`, packs."""

    def __init__(self, store: Store, runtime: Any) -> None:
        """`runtime` must have `rankers`."""
        self._store = store
        self._runtime = runtime

    def ListModels(self, request: pb.ListModelsRequest, context: ServicerContext) -> pb.ListModelsResponse:
        community = community_of(request.parent)
        scope = ("ListModels", community)
        after = paging.after(request.page_token, *scope)
        page = usecase.list_models(self._store, self._runtime.rankers, community, after, paging.size(request.page_size))
        return pb.ListModelsResponse(
            models=[model_message(model, community) for model in page.items],
            next_page_token=paging.token(page.next, *scope),
        )

    def GetModel(self, request: pb.GetModelRequest, context: ServicerContext) -> pb.GetModelResponse:
        community, version = child_of(request.name, "models")
        model = usecase.get_model(self._store, self._runtime.rankers, community, version)
        return pb.GetModelResponse(model=model_message(model, community))

    def PromoteModel(self, request: pb.PromoteModelRequest, context: ServicerContext) -> pb.PromoteModelResponse:
        community, version = child_of(request.name, "models")
        model = usecase.promote_model(
            self._store, self._runtime.rankers, community, version, force=request.force, by=BY
        )
        return pb.PromoteModelResponse(model=model_message(model, community))

    def RollbackModel(self, request: pb.RollbackModelRequest, context: ServicerContext) -> pb.RollbackModelResponse:
        community = community_of(request.parent)
        model = usecase.roll_back_model(self._store, self._runtime.rankers, community, by=BY)
        return pb.RollbackModelResponse(model=model_message(model, community))


def model_message(model: usecase.Model, community: str) -> pb.Model:
    """A model of the contract."""
    message = pb.Model(
        name=child_name(community, "models", model.version),
        state=enums.MODEL_STATE.number(model.state),  # type: ignore[arg-type]
        problem=model.problem,
    )
    if model.manifest is not None:
        message.MergeFrom(_manifest(model.manifest, community))
    return message


def _manifest(manifest: Manifest, community: str) -> pb.Model:
    return pb.Model(
        create_time=timestamp(manifest.created),
        trained_through=timestamp(manifest.trained_through),
        parent_model=child_name(community, "models", manifest.parent),
        data_hash=manifest.data_hash,
        code_version=manifest.code_version,
        encoder=manifest.encoder,
        dimension=manifest.dimension,
        seed=manifest.seed,
        members=manifest.members,
        events=manifest.events,
        features=manifest.features,
        metrics=map(_metric, manifest.metrics),
        gates=map(_gate, manifest.gates),
        note=manifest.note,
    )


def _metric(metric: Metric) -> pb.ModelMetric:
    return pb.ModelMetric(
        task=metric.task,
        metric=metric.name,
        value=metric.value,
        low=metric.low,
        high=metric.high,
        queries=metric.queries,
    )


def _gate(gate: Gate) -> pb.ModelGate:
    return pb.ModelGate(gate=gate.name, passed=gate.passed, value=gate.value, bound=gate.bound, sentence=gate.sentence)
