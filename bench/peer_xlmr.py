"""XLM-R base with random weights: numbers of pieces, one comment a line on stdin; one JSON line out.

Run by the Python of the peers' environment; weights do not change the time that they take.
"""

import json
import sys
import time

import torch
from transformers import XLMRobertaConfig, XLMRobertaForSequenceClassification

PADDED = 2_048
"""Pieces of a batch, padding included."""

SPREAD = 1.25
"""How much longer than the shortest the longest comment of a batch is: padding is wasted work."""


def main() -> None:
    """Time the forward pass on one thread, batches sorted by length."""
    torch.set_num_threads(1)
    torch.manual_seed(0)
    lengths = sorted(min(int(line) + 2, 512) for line in sys.stdin)
    config = XLMRobertaConfig(
        vocab_size=250_002,
        hidden_size=768,
        num_hidden_layers=12,
        num_attention_heads=12,
        intermediate_size=3072,
        max_position_embeddings=514,
        num_labels=16,
    )
    model = XLMRobertaForSequenceClassification(config).eval()
    batches: list[list[int]] = []
    for length in lengths:
        last = batches[-1] if batches else []
        if not last or length > SPREAD * last[0] or length * (len(last) + 1) > PADDED:
            batches.append([length])
        else:
            last.append(length)
    inputs = []
    for batch in batches:
        mask = torch.arange(max(batch))[None, :] < torch.tensor(batch)[:, None]
        ids = torch.randint(5, 250_000, mask.shape) * mask + ~mask
        inputs.append((ids, mask.long()))
    with torch.inference_mode():
        model(*inputs[0])
        begin = time.process_time()
        for ids, mask in inputs:
            model(ids, mask)
        seconds = time.process_time() - begin
    parameters = sum(p.numel() for p in model.parameters())
    print(json.dumps({"per_s": len(lengths) / seconds, "parameters": parameters}))


if __name__ == "__main__":
    main()
