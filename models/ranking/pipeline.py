"""The whole pipeline from a view of a community to an answer. Requests and evaluation call the same functions.

Query → who is allowed → candidates → one feature matrix → ranker, both ways → order and diversity → reasons.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.community.advertising import advertisers
from models.community.kept import while_ids_stay
from models.community.sparse import no_row, row_of, stands
from models.community.view import Community
from models.community.word_counts import text_rows
from models.domain.requests import Basis, Filter, Goal, Match, Options, Recommendations
from models.features import matrix as features
from models.features.matrix import ACTIVITY, COLUMN, FEATURES, NOTHING_LEARNT, Asked, Learnt, Query
from models.meaning.statements import needed
from models.ranking import blend, eligibility, exposure, fit, rerank, retrieval
from models.ranking import explain as reasons
from models.ranking.fit import Fits
from models.ranking.ranker import MEMBER_HEADS, Head, Ranker
from models.ranking.reasons.kinds import BESIDE, GENERAL
from models.text.lexical import tokens
from models.text.passages import clean, document_text

TextEncoder = Callable[[list[str]], np.ndarray]

# Offers, aims and the like add to logits beyond what was fitted; so softened, the best are still told apart near 1.
SOFTNESS = 4.0
FITTING = 0.5  # the least score of whoever fits, and the most of whoever does not
BYTES = 16 << 20  # that the values of a block of queries may take
EXTRA = 20  # so many more are looked at than asked for, as some may have no reason ...
AT_ONCE = 4  # ... and at least so many of them at a time
TIED = ("tie", "projects_together", "adamic_adar", "near", "threads")  # values that are above 0 for those who are close
# What the chance to fit counts beside likelihood, where it is too small to come first. Where a text is looked up, who
# comes nearest is all that matters.
PERHAPS: Mapping[Head, float] = {"peers": 0.1, "collaborators": 0.1, "brief": 0.1, "question": 0.1, "search": 8.0}
STEP = 0.1  # chances to fit that lie in one step are as good as each other: likelihood orders them
SWAPPED = tuple(
    (COLUMN[f.name + form], COLUMN[f.opposite + form]) for f in FEATURES.values() if f.opposite for form in f.forms
)
OF_ACTIVITY = [list(FEATURES).index(name) for name in ACTIVITY]
OWN_ACTIVITY = [COLUMN[f"{name}%"] for name in ACTIVITY]


@dataclass(frozen=True, slots=True)
class Ranked:
    """Candidates of one query. `rows` (n,) int; scores (n,) float32 in 0..1; `features` (n, F), made of `values`.

    `likely` is how likely something is to come of it, whether or not they fit.
    """

    rows: np.ndarray
    score: np.ndarray
    likely: np.ndarray
    for_you: np.ndarray
    for_them: np.ndarray
    strange: np.ndarray  # (n,) logits among strangers, 0 where a text asks
    features: np.ndarray
    values: dict[str, np.ndarray]
    fits: Fits
    hidden_by_consent: int

    def __getitem__(self, places: np.ndarray) -> Ranked:
        """Those in these places, in this order."""
        return Ranked(
            rows=self.rows[places],
            score=self.score[places],
            likely=self.likely[places],
            for_you=self.for_you[places],
            for_them=self.for_them[places],
            strange=self.strange[places],
            features=self.features[places],
            values={name: value[places] for name, value in self.values.items()},
            fits=self.fits[places],
            hidden_by_consent=self.hidden_by_consent,
        )


def recommend_peers(view: Community, ranker: Ranker, member: str, options: Options) -> Recommendations:
    """People like this member. Raises KeyError when the member is not in the view."""
    return answer_member(view, ranker, "peers", member, options)


def recommend_collaborators(
    view: Community, ranker: Ranker, target: str | Goal, options: Options, encode: TextEncoder
) -> Recommendations:
    """People who complete a member (by id), or who fit a goal or brief. Raises KeyError for an unknown member."""
    if isinstance(target, str):
        return answer_member(view, ranker, "collaborators", target, options)
    return answer_goal(view, ranker, "brief", goal_query(view, target, encode), options)


def search_members(
    view: Community, ranker: Ranker, goal: Goal, options: Options, encode: TextEncoder
) -> Recommendations:
    """Who knows about a text; with a channel or an asker: who will answer it there."""
    return answer_goal(view, ranker, question_head(goal), goal_query(view, goal, encode), options)


def question_head(goal: Goal) -> Head:
    """A bare text is looked up; a question asked in a room, or by somebody, is a question."""
    return "question" if goal.channel or goal.source else "search"


def explain(
    view: Community, ranker: Ranker, member: str, other: str, options: Options, *, few: bool = False
) -> Recommendations:
    """Why these two: one match, or none where a block, refusal, pause or consent hides it.

    Of the options, limit, filter, exclude, min_score and diversity do not apply; somebody already connected is
    explained, too. `few`: beside a crowd (`fit.crowd`) in place of all who are worth ranking, which takes less time and
    gives another score. Raises KeyError for unknown members.
    """
    row, wanted = view.row[member], view.row[other]
    query = features.member_query(view, row)
    met = options.include_connected or stands(view.rules.connected, row, wanted)
    everybody = replace(
        options,
        filter=Filter(),
        exclude=frozenset(),
        include_connected=met,
        gone=True,
        fillers=True,
        own=True,
        limit=rerank.DEEPEST,
    )
    within = None
    if few:
        within = np.zeros(view.size, bool)
        within[fit.crowd(view, wanted)] = True
    compared = next(compare_all(view, [query], everybody, ranker.learnt, [wanted], within))
    found = scored(view, ranker, "collaborators", query, compared)
    ranked = replace(
        found[np.flatnonzero(found.rows == wanted)],
        hidden_by_consent=0,
    )
    return _pack(view, ranker, "collaborators", query, ranked, options)


@dataclass(frozen=True, slots=True)
class Compared:
    """A query beside its candidates, not yet scored. `theirs` is `yours` from the candidates' side; both (n, F).

    `values` are what `features.raw` gave.
    """

    rows: np.ndarray
    values: dict[str, np.ndarray]
    yours: np.ndarray
    theirs: np.ndarray
    hidden_by_consent: int


def compare(
    view: Community,
    query: Query,
    options: Options,
    learnt: Learnt = NOTHING_LEARNT,
    also: Sequence[int] = (),
) -> Compared:
    """Everybody who may be shown and is worth ranking, as features. What training learns from is what serving scores.

    `also` are rows that are compared in any case, if they may be shown.
    """
    return next(compare_all(view, [query], options, learnt, also))


def compare_all(
    view: Community,
    queries: Sequence[Query],
    options: Options,
    learnt: Learnt = NOTHING_LEARNT,
    also: Sequence[int] = (),
    within: np.ndarray | None = None,
) -> Iterator[Compared]:
    """The same of each query: a block of them is held against all of their candidates at once. `within` (N,) bool: only
    these are compared."""
    most = view.size if within is None else int(within.sum())
    size = max(1, BYTES // (4 * len(FEATURES) * max(most, 1)))
    for start in range(0, len(queries), size):
        some = queries[start : start + size]
        found = [_candidates(view, query, options, also, within) for query in some]
        rows = np.unique(np.concatenate([who for who, _ in found])) if len(some) > 1 else found[0][0]
        values = features.raw(view, some, rows, learnt)
        for i, (query, (who, hidden)) in enumerate(zip(some, found, strict=True)):
            own = values[:, i] if len(who) == len(rows) else values[:, i].take(np.searchsorted(rows, who), axis=1)
            yield _compared(view, query, who, own, hidden)


def _candidates(
    view: Community, query: Query, options: Options, also: Sequence[int], within: np.ndarray | None
) -> tuple[np.ndarray, int]:
    """(n,) rows of whoever may be shown and is worth ranking, and how many their consent keeps out."""
    who = eligibility.allowed(view, query.own, options)
    mask = who.mask if within is None else who.mask & within
    rows = retrieval.pool(view, query, mask, options.limit)
    if len(also):
        rows = np.union1d(rows, [row for row in also if mask[row]]).astype(np.int64)
    return rows, who.hidden_by_consent


def _compared(view: Community, query: Query, rows: np.ndarray, values: np.ndarray, hidden_by_consent: int) -> Compared:
    """The candidates in `rows` (n,), of whom there are (features, n) plain values."""
    weight = _weight(view, query, rows)
    yours = features.transform(values, weight, query.said)
    theirs = _reverse(view, query, yours, values, weight) if query.row >= 0 else yours
    return Compared(rows, dict(zip(FEATURES, values, strict=True)), yours, theirs, hidden_by_consent)


def rank(view: Community, ranker: Ranker, head: Head, query: Query, options: Options) -> Ranked:
    """The shown candidates, at most `options.limit`, with all that reasons need."""
    found, places = placed(view, ranker, head, query, options)
    return found[places[found.score[places] >= options.min_score][: options.limit]]


def placed(view: Community, ranker: Ranker, head: Head, query: Query, options: Options) -> tuple[Ranked, np.ndarray]:
    """All n who were compared, and their places (n,) in them, best first: who fits, then who is likely.

    Shares for strangers, seats and variety are for the places that nobody fits.
    """
    return in_order(view, ranker, head, query, compare(view, query, options, ranker.learnt), options)


def in_order(
    view: Community, ranker: Ranker, head: Head, query: Query, compared: Compared, options: Options
) -> tuple[Ranked, np.ndarray]:
    """As `placed`, of those who are compared already: comparing is the same for all heads and weights."""
    found = scored(view, ranker, head, query, compared)
    places = rerank.order(np.round(found.score, 6), view_order(view)[found.rows])
    fitting = int((found.fits.worth > 0).sum())
    first, rest = places[:fitting], places[fitting:]
    if not len(rest) or fitting >= options.limit:
        return found, places
    left = replace(options, limit=options.limit - fitting)
    return found, np.concatenate([first, _arranged(view, ranker, head, query, found, rest, left, fitting)])


def _arranged(
    view: Community,
    ranker: Ranker,
    head: Head,
    query: Query,
    found: Ranked,
    places: np.ndarray,
    options: Options,
    taken: int,
) -> np.ndarray:
    """These places (m,) in the found, in order of their score: varied, with strangers and seats. So many places of the
    list are `taken`."""
    if options.diversity > 0:
        centroids = view.interests.take(found.rows[places[: rerank.DEEPEST]], 0)
        order = np.arange(len(places))
        places = places[rerank.diversify(order, found.score[places], centroids, options.limit, options.diversity)]
    if head in MEMBER_HEADS:
        places = places[_mixed(view, ranker, head, query, found, places, options)]
        places = places[_seated(view, ranker, head, query, found, places, taken)]
    return places


def _mixed(
    view: Community, ranker: Ranker, head: Head, query: Query, found: Ranked, places: np.ndarray, options: Options
) -> np.ndarray:
    """The order (m,) of the places with strangers moved up to their share."""
    share = ranker.shares[head] if options.strangers is None else options.strangers
    rows, likely = found.rows[places], -np.arange(len(places))
    known = eligibility.row(view.rules.connected, query.row)[rows]
    strange, stranger = np.round(found.strange[places], 6), strangers(found.values)[places] & ~known
    first = min(options.limit, exposure.MOST_KEPT)
    return blend.mix(likely, strange, stranger, known, view_order(view)[rows], share, first)


def strangers(values: Mapping[str, np.ndarray]) -> np.ndarray:
    """(n,) bool: no acquaintance in common."""
    return np.asarray(values["adamic_adar"] <= 0)


def _seated(
    view: Community, ranker: Ranker, head: Head, query: Query, found: Ranked, places: np.ndarray, taken: int
) -> np.ndarray:
    """The order (m,) of the places with the seats of the seldom shown taken."""
    seats = ranker.exposure.of(view, head) if ranker.exposure is not None else None
    order, rows = np.arange(len(places)), found.rows[places]
    if seats is None:
        return order
    return exposure.seat(
        order,
        exposure.log_odds(found.likely[places]),
        seats.price_for(query.row, rows),
        max(int(seats.kept[query.row]) - taken, 0),
        known=exposure.connected(view, query.row)[rows],
        free=seatable(view, query.row, found)[places],
        resting=seats.resting[rows],
    )


def seatable(view: Community, row: int, found: Ranked) -> np.ndarray:
    """(n,) bool: to whom of the found a seat may go. Somebody one shares a thread with needs none."""
    return np.asarray((found.values["threads"] <= 0) & retrieval.drawn(view, row, found.rows))


def scored(view: Community, ranker: Ranker, head: Head, query: Query, found: Compared) -> Ranked:
    """The compared with their scores, in their own order.

    Whoever fits has at least `FITTING`, by how sure it is; likelihood orders those who fit alike, and those who do not.
    Who is here to sell is recommended to nobody before all others, and found when searched for.
    """
    for_you, for_them = ranker.score(head, found.yours), ranker.score(head, found.theirs)
    if head in MEMBER_HEADS:
        spread = np.std((for_you + for_them) / 2) if len(found.rows) else 0.0
        for_you = for_you + 2 * spread * ranker.likely_here(view)[found.rows]
    likely = _probability((for_you + for_them) / 2)
    fits = fit.fits(view, query, found.rows, head)
    selling = advertisers(view)[found.rows] & (head in MEMBER_HEADS)
    fits = replace(fits, worth=np.where(selling, 0, fits.worth))

    def score(of: np.ndarray, worth: np.ndarray) -> np.ndarray:
        fitting = FITTING + (1 - FITTING) * (STEP * np.floor(worth / STEP) + STEP * of) / (1 + STEP)
        hoping = FITTING * (of + PERHAPS[head] * fits.perhaps) / (1 + PERHAPS[head])
        return np.where(fits.worth > 0, fitting, hoping * ~(fits.refused | selling)).astype(np.float32)

    return Ranked(
        rows=found.rows,
        score=score(likely, fits.worth),
        likely=likely,
        for_you=score(_probability(for_you), fits.for_you),
        for_them=score(_probability(for_them), fits.for_them),
        strange=ranker.score_strangers(head, (found.yours + found.theirs) / 2)
        if head in MEMBER_HEADS
        else np.zeros(len(found.rows), np.float32),
        features=found.yours,
        values=found.values,
        fits=fits,
        hidden_by_consent=found.hidden_by_consent,
    )


@while_ids_stay
def view_order(view: Community) -> np.ndarray:
    """(N,) rank of each member's id, by which ties are broken."""
    rank = np.empty(view.size, np.int64)
    rank[np.argsort(np.array(view.ids, object), kind="stable")] = np.arange(view.size)
    return rank


def goal_query(view: Community, goal: Goal, encode: TextEncoder) -> Query:
    """What a goal, brief or question asks for, as a query; its people and the asker are its own."""
    text, needs, clauses = texts_of(goal)
    vectors = encode([text, *needs, *clauses])
    wanted = tuple(needs) or (text, *clauses)
    at = slice(1, None) if needs else slice(None)
    people = dict.fromkeys(m for m in (goal.source, *goal.members) if m in view.row)
    asked = tokens(text)
    words = view.lexical.vocabulary.ids(asked, grow=False)
    words = words[words < len(view.lexical.idf)]
    return features.goal_query(
        view,
        members=np.array([view.row[m] for m in people], np.int64),
        lexical=row_of(text_rows([words], view.lexical), 0) if len(words) else no_row(len(view.lexical.idf)),
        said=_said(view, words, len(asked)),
        vectors=vectors[:1],
        needs=vectors[1 : 1 + len(needs)],
        room=view.channel_row.get(goal.channel, -1) if goal.channel else -1,
        asked=Asked(text, wanted, _readings(view, vectors[at], wanted), vectors[at]),
    )


def texts_of(goal: Goal) -> tuple[str, list[str], list[str]]:
    """What a goal says that is encoded: its text, its needs, and without these the parts that say what is needed."""
    needs = [need for need in (clean(need.text) for need in goal.needs) if need]
    return document_text(goal.title, goal.text), needs, [] if needs else needed(clean(goal.text))


def _readings(view: Community, vectors: np.ndarray, texts: Sequence[str]) -> np.ndarray:
    """(s, k + A + 1) what texts are about; of length 0 where nothing is judged."""
    if view.judgement is None:
        return np.zeros((len(texts), 0), np.float32)
    return view.judgement.read(vectors, texts)


def _said(view: Community, words: np.ndarray, asked: int) -> float:
    """The share of a text's words, squared weights, that is known here; one that nobody uses weighs like the rarest."""
    known = float((view.lexical.idf[words] ** 2).sum())
    unknown = (asked - int((view.lexical.df[words] > 0).sum())) * float(view.lexical.idf.max(initial=0)) ** 2
    return known / (known + unknown) if known else 1.0


def answers(
    view: Community, ranker: Ranker, head: Head, queries: Sequence[Query], options: Options
) -> Iterator[Recommendations]:
    """The answer to each query; with reasons, only those for whom there is one, unless fillers are asked for."""
    options = replace(options, own=True)
    for query, compared in zip(queries, compare_all(view, queries, options, ranker.learnt), strict=True):
        yield _answer(view, ranker, head, query, compared, options)


def _answer(
    view: Community, ranker: Ranker, head: Head, query: Query, compared: Compared, options: Options
) -> Recommendations:
    found, places = in_order(view, ranker, head, query, compared, options)
    places = places[found.score[places] >= options.min_score]
    if not options.reasons or options.fillers:
        return _pack(view, ranker, head, query, found[places[: options.limit]], options)
    first, further = places[: options.limit], places[options.limit : options.limit + EXTRA]
    answer = _pack(view, ranker, head, query, found[first], options)
    matches = [match for match in answer.matches if _stands(match, query)]
    while len(further) and (missing := options.limit - len(matches)) > 0:
        next_, further = np.split(further, [max(missing, AT_ONCE)])
        more = _pack(view, ranker, head, query, found[next_], options)
        matches += [match for match in more.matches if _stands(match, query)]
    return replace(answer, matches=tuple(matches[: options.limit]))


def answer_member(view: Community, ranker: Ranker, head: Head, member: str, options: Options) -> Recommendations:
    """An answer to a member. Raises KeyError when they are not in the view."""
    return next(answer_members(view, ranker, head, [member], options))


def answer_members(
    view: Community, ranker: Ranker, head: Head, members: Sequence[str], options: Options
) -> Iterator[Recommendations]:
    """The answer to each of these members."""
    return answers(view, ranker, head, [features.member_query(view, view.row[one]) for one in members], options)


def answer_goal(view: Community, ranker: Ranker, head: Head, query: Query, options: Options) -> Recommendations:
    """An answer to a text: people whom the asker knows already are just as welcome."""
    return next(answers(view, ranker, head, [query], replace(options, include_connected=True)))


def _stands(match: Match, query: Query) -> bool:
    """Whether a match has a reason: that somebody is active answers no question."""
    kinds = {reason.kind for reason in match.reasons}
    return bool(kinds - GENERAL) if query.row < 0 else bool(kinds - BESIDE)


def _pack(
    view: Community, ranker: Ranker, head: Head, query: Query, ranked: Ranked, options: Options
) -> Recommendations:
    why = (
        reasons.explain(view, ranker, head, query, ranked.rows, ranked.features, ranked.values, ranked.fits, options)
        if options.reasons
        else None
    )
    basis = _basis(ranked)
    return Recommendations(
        matches=tuple(
            Match(view.ids[row], float(s), float(y), float(t), why[i] if why else (), basis[i])
            for i, (row, s, y, t) in enumerate(
                zip(ranked.rows, ranked.score, ranked.for_you, ranked.for_them, strict=True)
            )
        ),
        hidden_by_consent=ranked.hidden_by_consent,
        model_version=ranker.version,
    )


def _basis(ranked: Ranked) -> list[Basis]:
    tied = np.zeros(len(ranked.rows), bool)
    for name in TIED:
        tied |= ranked.values[name] > 0
    return ["fit" if w > 0 else "ties" if t else "activity" for w, t in zip(ranked.fits.worth, tied, strict=True)]


def _weight(view: Community, query: Query, rows: np.ndarray) -> np.ndarray:
    """(n,) what each candidate counts in standings: by how much they are here, and nothing where the two have met, so
    that whoever is new to the query stands where they stand whether or not acquaintances are listed, too."""
    weight: np.ndarray = view.here[rows]
    return weight * ~eligibility.row(view.rules.connected, query.row)[rows] if query.row >= 0 else weight


def _reverse(view: Community, query: Query, matrix: np.ndarray, values: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """The same pairs seen from the other side: what the query gives, and how active the query is."""
    out = matrix.copy(order="K")
    for to, source in SWAPPED:
        out[:, to] = matrix[:, source]
    mine = features.raw_activity(view, query.row)
    own = np.array([mine[name] for name in ACTIVITY], np.float32)
    out[:, OWN_ACTIVITY] = features.standings_of(own, values[OF_ACTIVITY], weight)
    return out


def _probability(logits: np.ndarray) -> np.ndarray:
    out: np.ndarray = 1 / (1 + np.exp(-logits / SOFTNESS))
    return out.astype(np.float32)
