"""Results that others published, to set beside ours."""

from typing import Any, Final

TOXIFRENCH: Final[tuple[dict[str, Any], ...]] = (
    {"system": "Gemini 2.0 Flash", "accuracy": 0.866, "f1": 0.878, "note": "large language model"},
    {"system": "Qwen3-4B fine-tuned on 52,000", "accuracy": 0.865, "f1": 0.862, "note": "needs a GPU"},
    {"system": "GPT-4o", "accuracy": 0.844, "f1": 0.864, "note": "large language model"},
    {"system": "Mistral moderation API", "accuracy": 0.820, "f1": 0.817, "note": "hosted"},
    {"system": "CamemBERT fine-tuned on 52,000", "accuracy": 0.806, "f1": 0.796, "note": "trained on a GPU"},
    {"system": "ShieldGemma 7B", "accuracy": 0.775, "f1": 0.795, "note": "needs a GPU"},
    {"system": "OpenAI omni-moderation", "accuracy": 0.767, "f1": 0.764, "note": "hosted"},
    {"system": "CamemBERT toxicity, off the shelf", "accuracy": 0.733, "f1": 0.729, "note": ""},
    {"system": "Perspective API", "accuracy": 0.696, "f1": 0.616, "note": "hosted; AUC 0.874 (TOXICITY)"},
    {"system": "toxic-bert (Detoxify family)", "accuracy": 0.670, "f1": 0.706, "note": ""},
)
"""All 1,388 rows of the ToxiFrench benchmark; ours is measured on those of them that are here."""

XSTANCE: Final[tuple[dict[str, Any], ...]] = (
    {"system": "M-BERT", "macro_f1": 0.684, "note": "new questions; trained on 45,640 rows"},
    {"system": "M-BERT", "macro_f1": 0.709, "note": "new topics; trained on 45,640 rows"},
    {"system": "M-BERT", "macro_f1": 0.766, "note": "known questions; trained on 45,640 rows"},
    {"system": "fastText", "macro_f1": 0.712, "note": "known questions; trained on 45,640 rows"},
)
"""French test of x-stance, whose rows are not those evaluated here."""

PUBLISHED: Final = {"toxifrench_benchmark": TOXIFRENCH, "xstance_fr": XSTANCE}
"""Published results by corpus."""
