"""Registry of the labelled and unlabelled corpora, and their loaders."""

from data.corpora.load import LoadedCorpus, corpus_digest, load_corpus, read_corpus
from data.corpora.peers import peer_predictions
from data.corpora.registry import corpus_names, spec
from data.corpora.spec import CorpusSpec, Hub

__all__ = [
    "CorpusSpec",
    "Hub",
    "LoadedCorpus",
    "corpus_digest",
    "corpus_names",
    "load_corpus",
    "peer_predictions",
    "read_corpus",
    "spec",
]
