"""Corpora labelled for incivility, with their licences, uses and label maps."""

from typing import Final

from data.corpora import maps
from data.corpora.spec import CorpusSpec, Hub, Row, same
from data.record import Comment
from data.taxonomy import SUBTYPES

_OUR_LABELS: Final = ("severity", *SUBTYPES)
_HATECHECK: Final = ("mhc_case_id", "functionality", "test_case", "label_gold", "target_ident", "templ_id")


def _carried(corpus: str, number: int, row: Row) -> Comment | None:
    raise NotImplementedError("the embedded corpus is read by data.embedded")


INCIVILITY: Final = (
    CorpusSpec(
        name="embedded",
        about="comments in threads under invented articles, written for courtois",
        licence="MIT",
        use="ship",
        labels=(*_OUR_LABELS, "stance"),
        label_map="labelled by the annotation guide; nothing to map",
        read=_carried,
        notes="carried with the package; data card in data/corpus/README.md",
    ),
    CorpusSpec(
        name="toxifrench",
        about="posts of one French forum, two human verdicts each",
        licence="MIT",
        use="ship",
        labels=("incivility",),
        label_map="mean of human1_conclusion and human2_score (those given) >= 0.5 -> incivility 1, else 0; "
        "hub: literal_conclusion_annotator oui -> 1, non -> 0",
        read=maps.toxifrench,
        file="toxifrench/annotated.csv",
        columns=("msg_id", "content", "human1_conclusion", "human2_score"),
        hub=Hub(
            id="AxelDlv00/ToxiFrench",
            config="default",
            split="train",
            columns=same("content", "literal_conclusion_annotator"),
            options={"sep": ";"},
        ),
        notes="same forum as the benchmark; extra human_mean tells the ties (0.5); threads are forum topics",
    ),
    CorpusSpec(
        name="toxifrench_benchmark",
        about="balanced test rows of the same forum",
        licence="MIT",
        use="benchmark",
        labels=("incivility",),
        label_map="label 1 -> incivility 1, 0 -> 0; hub: literal_conclusion_annotator oui -> 1, non -> 0",
        read=maps.toxifrench_benchmark,
        file="toxifrench/benchmark_dev.csv",
        columns=("msg_id", "content", "label"),
        hub=Hub(
            id="AxelDlv00/ToxiFrench",
            config="default",
            split="test",
            columns={"content": "content", "literal_conclusion_annotator": "label"},
            options={"sep": ";"},
        ),
        notes="never train, tune or pick a threshold on it, but for the protocol that adapts to a site",
    ),
    CorpusSpec(
        name="jigsaw_fr",
        about="Wikipedia talk comments, machine-translated from English",
        licence="MIT (translation); CC BY-SA 3.0 (Wikipedia comments)",
        use="ship",
        labels=("incivility", "insult", "profanity", "threat", "identity_attack"),
        label_map="toxic -> incivility, insult -> insult, obscene -> profanity, threat -> threat, "
        "identity_hate -> identity_attack; severe_toxic kept as it is",
        read=maps.jigsaw,
        file="jigsaw_fr/comments.csv",
        columns=(
            "msg_id",
            "content",
            "toxic",
            "severe_toxic",
            "obscene",
            "threat",
            "insult",
            "identity_hate",
        ),
        notes="the English original is google/jigsaw_toxicity_pred on the hub; no French original is there",
    ),
    CorpusSpec(
        name="mlma_fr",
        about="tweets collected by key word",
        licence="MIT",
        use="ship",
        labels=_OUR_LABELS,
        label_map="our own severity and subtypes, joined by HITId; sentiment kept as the original label",
        read=maps.relabelled_tweets,
        file="mlma_fr/tweets.csv",
        columns=("HITId", "tweet", "sentiment"),
        relabelled="relabelled/mlma_fr.csv",
        key="HITId",
        hub=Hub(
            id="nedjmaou/MLMA_hate_speech",
            split="train",
            columns=same(
                "HITId", "tweet", "sentiment", "directness", "annotator_sentiment", "target", "group"
            ),
            options={"data_files": "**/*fr_dataset*.csv"},
        ),
        notes="some tweets are Portuguese or Spanish; near-identical retweets occur; "
        "rows not relabelled are dropped",
    ),
    CorpusSpec(
        name="ftr",
        about="tweets about racism",
        licence="MIT",
        use="ship",
        labels=_OUR_LABELS,
        label_map="our own severity and subtypes, joined by id; racist 0/1 kept as the original label",
        read=maps.relabelled_tweets,
        file="ftr/tweets.csv",
        columns=("id", "tweet", "label"),
        relabelled="relabelled/ftr.csv",
        key="id",
        notes="many tweets are cut at their first line; near-identical retweets occur",
    ),
    CorpusSpec(
        name="hatecheck_fr",
        about="functional tests from templates, 27 functionalities",
        licence="CC BY 4.0",
        use="diagnostic",
        labels=("incivility", "identity_attack"),
        label_map="hateful -> incivility 1 and identity_attack 1; non-hateful -> both 0, "
        "but no incivility label for " + " and ".join(maps.HATECHECK_UNCIVIL_ANYWAY),
        read=maps.hatecheck,
        file="hatecheck_fr/cases.csv",
        columns=_HATECHECK,
        hub=Hub(
            id="Paul/hatecheck-french",
            split="test",
            columns=same(*_HATECHECK),
        ),
        notes="never train on it; threads are templates; extra has functionality and target_ident",
    ),
    CorpusSpec(
        name="cyberagression",
        about="role-played school chats",
        licence="CC BY-NC 4.0",
        use="eval",
        labels=("incivility", "insult", "threat"),
        label_map="HATE OAG or CAG -> incivility 1, NAG -> 0; VERBAL_ABUSE NCG -> insult 1, THR -> threat 1; "
        "no insult label for DNG and THR, since one kind is given per message",
        read=maps.cyberagression,
        file="cyberagression/messages.csv",
        columns=("ID", "speaker_hash", "TEXT", "HATE", "VERBAL_ABUSE", "scenario"),
        notes="threads are scenarios: split by them",
    ),
)
