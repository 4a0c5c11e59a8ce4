"""Corpora labelled for stance, and texts without labels."""

from typing import Final

from data.corpora import maps
from data.corpora.spec import CorpusSpec, Hub, same

STANCE: Final = (
    CorpusSpec(
        name="republique_numerique",
        about="arguments on proposals of a public consultation on digital policy",
        licence="unclear (open data of the consultation, through a mirror)",
        use="eval",
        labels=("stance",),
        label_map="FAVOR -> favor, AGAINST -> against; target is target_title, its body stays in extra",
        read=maps.republique_numerique,
        file="republique_numerique/arguments.jsonl",
        columns=("argument_id", "opinion_id", "target_title", "target_body", "text", "label"),
        notes="threads are proposals",
    ),
    CorpusSpec(
        name="xstance_fr",
        about="answers of Swiss candidates to policy questions",
        licence="CC BY-NC 4.0",
        use="eval",
        labels=("stance",),
        label_map="FAVOR -> favor, AGAINST -> against; target is the question",
        read=maps.xstance,
        file="xstance_fr/comments.jsonl",
        columns=("question", "comment", "label"),
        hub=Hub(
            id="ZurichNLP/x_stance",
            split="train",
            columns=same("question", "comment", "label", "language"),
            keep={"language": "fr"},
        ),
        notes="threads are questions; cite Vamvas and Sennrich 2020",
    ),
    CorpusSpec(
        name="efra",
        about="tweets of 2017 on two presidential candidates",
        licence="none stated",
        use="eval",
        labels=("stance",),
        label_map="FAVOUR -> favor, AGAINST -> against, NONE -> none; target is the politician",
        read=maps.efra,
        file="efra/train.csv",
        columns=("id", "target", "text", "label"),
        notes="extra unanimous is 1 where three of three judges agreed",
    ),
)

UNLABELLED: Final = (
    CorpusSpec(
        name="unlabelled_tweets",
        about="tweets collected with hate-related key words",
        licence="GPL-3.0 repository, Twitter terms",
        use="eval",
        labels=(),
        label_map="no labels",
        read=maps.unlabelled,
        file="unlabelled/tweets.csv",
        columns=("text", "topic_query"),
    ),
    CorpusSpec(
        name="unlabelled_youtube",
        about="comments under one entertainment video",
        licence="none stated",
        use="eval",
        labels=(),
        label_map="no labels",
        read=maps.unlabelled,
        file="unlabelled/youtube_comments.csv",
        columns=("video_id", "video_title", "text"),
        notes="threads are videos",
    ),
    CorpusSpec(
        name="unlabelled_youtube_science",
        about="comments under popular-science videos",
        licence="none stated",
        use="eval",
        labels=(),
        label_map="no labels",
        read=maps.unlabelled,
        file="unlabelled/youtube_science_comments.csv",
        columns=("videoId", "videoTitle", "text", "publishedAt"),
        notes="threads are videos",
    ),
)
