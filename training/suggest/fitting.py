"""Fits the tagger: logistic regression on signs, and small convolutional nets on what words mean where they stand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp
import torch
from sklearn.linear_model import LogisticRegression
from torch import nn

from models.suggest.spoken import MEANING, SIGNS, Meanings, signs
from models.suggest.tagger import LABELS, Tagger
from training.suggest.material import Line, labelled

WIDTH, EPOCHS, NETS, BATCH = 96, 8, 2, 16
HELD = 0.1  # inverse of the penalty of the regression
DROPPED = 0.4
NEVER = -50.0  # log odds of a label that was never seen
_IGNORED = -100


class _Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.drop = nn.Dropout(DROPPED)
        self.c1 = nn.Conv1d(MEANING, WIDTH, 1)
        self.c2 = nn.Conv1d(WIDTH, WIDTH, 5, padding=2)
        self.c3 = nn.Conv1d(WIDTH, WIDTH, 5, padding=6, dilation=3)
        self.o = nn.Conv1d(3 * WIDTH, len(LABELS), 1)

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        first = torch.relu(self.c1(self.drop(rows)))
        second = torch.relu(self.c2(self.drop(first)))
        third = torch.relu(self.c3(second))
        return torch.as_tensor(self.o(self.drop(torch.cat([first, second, third], 1))))


def fit(lines: Sequence[Line], meanings: Meanings) -> Tagger:
    """The tagger that these lines teach."""
    found = [labelled(line) for line in lines]
    found = [one for one in found if one[0]]
    by_signs = _fit_signs([signs(told) for told, _, _ in found], [labels for _, labels, _ in found], _counting(found))
    meant = [meanings.of(told) for told, _, _ in found]
    stacked = np.concatenate(meant)
    mean, scale = stacked.mean(0), stacked.std(0) + 1e-3
    rows = [((one - mean) / scale).astype(np.float32) for one in meant]
    targets = [np.where(counts, labels, _IGNORED) for _, labels, counts in found]
    nets = tuple(_fit_net(rows, targets, seed) for seed in range(NETS))
    return Tagger(*by_signs, mean, scale, nets, _follows([labels for _, labels, _ in found]))


def _follows(labels: Sequence[np.ndarray]) -> np.ndarray:
    count = np.full((len(LABELS), len(LABELS)), 0.5)
    for line in labels:
        np.add.at(count, (line[:-1], line[1:]), 1)
    return np.asarray(np.log(count / count.sum(1, keepdims=True)) - np.log(count.sum(0) / count.sum()))


def _counting(found: Sequence[tuple[object, np.ndarray, np.ndarray]]) -> np.ndarray:
    return np.concatenate([counts for _, _, counts in found]).astype(float)


def _fit_signs(
    rows: Sequence[list[list[int]]], labels: Sequence[np.ndarray], weight: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    flat = [own for line in rows for own in line]
    indptr = np.cumsum([0, *map(len, flat)])
    indices = np.array([sign for own in flat for sign in own])
    matrix = sp.csr_matrix((np.ones(len(indices), np.float32), indices, indptr), shape=(len(flat), SIGNS))
    model = LogisticRegression(C=HELD, max_iter=80, tol=1e-3).fit(matrix, np.concatenate(labels), sample_weight=weight)
    weights, bias = np.zeros((SIGNS, len(LABELS))), np.full(len(LABELS), NEVER)
    weights[:, model.classes_], bias[model.classes_] = model.coef_.T, model.intercept_
    return weights, bias


def _fit_net(rows: Sequence[np.ndarray], targets: Sequence[np.ndarray], seed: int) -> dict[str, np.ndarray]:
    torch.manual_seed(seed)
    net = _Net()
    descent = torch.optim.AdamW(net.parameters(), lr=1.5e-3, weight_decay=0.02)
    for epoch in range(EPOCHS):
        order = np.random.default_rng([seed, epoch]).permutation(len(rows))
        for first in range(0, len(order), BATCH):
            batch = order[first : first + BATCH]
            loss = _loss(net, [rows[i] for i in batch], [targets[i] for i in batch])
            descent.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            descent.step()
    return _arrays(net)


def _loss(net: _Net, rows: Sequence[np.ndarray], targets: Sequence[np.ndarray]) -> torch.Tensor:
    longest = max(map(len, rows))
    put, wanted = torch.zeros(len(rows), MEANING, longest), torch.full((len(rows), longest), _IGNORED)
    for i, (row, target) in enumerate(zip(rows, targets, strict=True)):
        put[i, :, : len(row)] = torch.from_numpy(row.T.copy())
        wanted[i, : len(row)] = torch.from_numpy(target)
    return nn.functional.cross_entropy(net(put), wanted, reduction="sum", ignore_index=_IGNORED) / BATCH


def _arrays(net: _Net) -> dict[str, np.ndarray]:
    """As `Tagger` wants them: (in, out) for words by themselves, (k, in, out) for a convolution."""
    told = {name: value.detach().numpy() for name, value in net.named_parameters()}
    return {
        "c1": told["c1.weight"][:, :, 0].T, "b1": told["c1.bias"],
        "c2": told["c2.weight"].transpose(2, 1, 0), "b2": told["c2.bias"],
        "c3": told["c3.weight"].transpose(2, 1, 0), "b3": told["c3.bias"],
        "o": told["o.weight"][:, :, 0].T, "bo": told["o.bias"],
    }  # fmt: skip
