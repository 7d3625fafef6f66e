"""The models of a community: which there are, which serves, and how to change that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from models.files.sealed import ArtifactError
from models.ranking.artifact import Manifest, is_version
from service.application.crud import limit_of
from service.core.errors import ModelNotFound, ModelRefused, ModelUnusable, NoEarlierModel
from service.serving.model_folder import SHIPPED
from service.serving.rankers import Rankers
from service.store.contract import Store

ModelState: TypeAlias = Literal["serving", "available", "refused", "damaged"]


@dataclass(frozen=True, slots=True)
class Model:
    """A model as it stands; no manifest where it is damaged, when `problem` says why, or the shipped one."""

    version: str
    state: ModelState
    manifest: Manifest | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ModelPage:
    """Some models, newest first, the shipped one last; `next` is the version after which the next page begins."""

    items: list[Model]
    next: str


def list_models(store: Store, rankers: Rankers, community: str, after: str = "", size: int = 0) -> ModelPage:
    """Models after version `after`; sizes as in `crud.page`. Raises CommunityNotFound."""
    store.head(community)
    limit = limit_of(size)
    versions = [one for one in rankers.folder.versions(community) if not after or one < after]
    # Nothing comes after the shipped one, so it is on the last page whichever version that begins after.
    versions.append(rankers.shipped.version)
    found = [_look_at(rankers, community, version) for version in versions[:limit]]
    return ModelPage(found, versions[limit - 1] if len(versions) > limit else "")


def get_model(store: Store, rankers: Rankers, community: str, version: str) -> Model:
    """One model. Raises CommunityNotFound, ModelNotFound."""
    store.head(community)
    _require(rankers, community, version)
    return _look_at(rankers, community, version)


def promote_model(
    store: Store, rankers: Rankers, community: str, version: str, *, force: bool = False, by: str
) -> Model:
    """Serve a model; what this process answers from its return on is by that model.

    `by` is remembered beside it. Raises CommunityNotFound, ModelNotFound, ModelUnusable, and ModelRefused unless
    `force`.
    """
    model = get_model(store, rankers, community, version)
    if model.state == "damaged":
        raise ModelUnusable(f'"{version}" cannot be served. {model.problem}')
    if model.manifest and model.manifest.refused and not force:
        failed = ", ".join(gate.name for gate in model.manifest.refused)
        raise ModelRefused(f'"{version}" did not pass its gates ({failed})')
    rankers.folder.promote(community, SHIPPED if version == rankers.shipped.version else version, by)
    rankers.refresh(community)
    return get_model(store, rankers, community, version)


def roll_back_model(store: Store, rankers: Rankers, community: str, *, by: str) -> Model:
    """Serve what was served before, passing over what cannot be; as in `promote_model`.

    Raises CommunityNotFound, NoEarlierModel.
    """
    store.head(community)

    def usable(version: str) -> bool:
        try:
            rankers.load(community, version)
        except ArtifactError:
            return False
        return True

    version = rankers.folder.roll_back(community, by, usable)
    if version is None:
        raise NoEarlierModel(f'the community "{community}"')
    rankers.refresh(community)
    return _look_at(rankers, community, rankers.shipped.version if version == SHIPPED else version)


def _require(rankers: Rankers, community: str, version: str) -> None:
    known = is_version(version) and version in rankers.folder.versions(community)
    if not known and version != rankers.shipped.version:
        raise ModelNotFound(f'"{version}"')


def _look_at(rankers: Rankers, community: str, version: str) -> Model:
    serving = rankers.of(community).version == version
    if version == rankers.shipped.version:
        return Model(version, "serving" if serving else "available")
    try:
        manifest = rankers.look_at(community, version)
    except ArtifactError as problem:
        return Model(version, "damaged", problem=str(problem))
    if serving:
        return Model(version, "serving", manifest)
    return Model(version, "refused" if manifest.refused else "available", manifest)
