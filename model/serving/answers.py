"""Batches of requests in, response objects out; runs in a lane's thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from model.explain import explain
from model.features.space import read_text
from model.judgement import Judgement
from model.serving.analyze import AnalyzeRequest
from model.serving.loaded import Loaded
from model.serving.spans import by_label, log_odds, probability_score, span_scores, whole_span

QUICK: Final = 2_000
"""Characters up to which a comment without spans is scored in the quick lane."""


@dataclass(frozen=True, slots=True)
class Job:
    """A request and the bundle that was in use, and checked against, when it came."""

    request: AnalyzeRequest
    model: Loaded

    @property
    def quick(self) -> bool:
        """Whether it costs some milliseconds only."""
        return not self.request.spans and len(self.request.comment.text) <= QUICK


def answer(jobs: Sequence[Job]) -> list[dict[str, Any]]:
    """Score the jobs of each bundle together."""
    answers: list[dict[str, Any]] = [{}] * len(jobs)
    for model in {id(job.model): job.model for job in jobs}.values():
        places = [i for i, job in enumerate(jobs) if job.model is model]
        judgements = model.scorer.score_many([jobs[i].request.comment for i in places])
        for i, judgement in zip(places, judgements, strict=True):
            answers[i] = _response(jobs[i], judgement)
    return answers


def _response(job: Job, judgement: Judgement) -> dict[str, Any]:
    request = job.request
    text = request.comment.text
    spans = _spans(job, judgement) if request.spans else {}
    scores: dict[str, Any] = {}
    for wanted in request.wanted:
        value = wanted.attribute.value(judgement)
        if wanted.threshold is not None and value < wanted.threshold:
            continue
        scores[wanted.name] = {
            "spanScores": spans.get(wanted.attribute.head) or [whole_span(text, value)],
            "summaryScore": probability_score(value),
        }
    response: dict[str, Any] = {
        "attributeScores": scores,
        "languages": list(request.languages),
        "detectedLanguages": [request.detected],
    }
    if request.client_token is not None:
        response["clientToken"] = request.client_token
    return response


def _spans(job: Job, judgement: Judgement) -> dict[str | None, list[dict[str, Any]]]:
    """Spans by head, for the heads asked for; their weights sum to the log-odds of the score sent."""
    heads = {w.attribute.head: w.attribute.value(judgement) for w in job.request.wanted}
    logits = {head: log_odds(value) for head, value in heads.items() if head is not None}
    if not logits:
        return {}
    text = job.request.comment.text
    bundle = job.model.scorer.bundle
    reasons = by_label(explain(read_text(text), bundle.space, bundle.incivility, logits))
    return {head: span_scores(text, found) for head, found in reasons.items()}
