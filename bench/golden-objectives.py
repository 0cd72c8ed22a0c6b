#!/usr/bin/env python3
"""Golden float64 numbers of the contrastive objective: both losses with their gradients, and a text encoder (Golden/README.md).

    bench/golden-objectives.py tests/RadTex.Learning.Tests/Golden/objectives

Losses are torch's cross_entropy and binary_cross_entropy_with_logits, the text encoder torch's nn.TransformerEncoder with a padding mask; nothing of
src/ is shared. Numbers follow from the closed formula of golden-case.py. Needs torch (Debian: python3-torch).
"""
import json, math, os, sys, zlib
import numpy as np
import torch

torch.set_default_dtype(torch.float64)
F = torch.nn.functional


def fill(name, scale, shape):
    count = int(np.prod(shape))
    with np.errstate(over="ignore"):
        z = np.uint64(zlib.crc32(name.encode())) * np.uint64(2**32) + np.arange(count, dtype=np.uint64) + np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    u = (z >> np.uint64(40)).astype(np.float64) / 2**23 - 1
    return torch.from_numpy((scale * math.sqrt(3) * u).astype(np.float32).reshape(shape)).double()


def write(name, content):
    with open(os.path.join(sys.argv[1], name), "w") as file:
        json.dump(content, file, indent=1)
        file.write("\n")


os.makedirs(sys.argv[1], exist_ok=True)
B, W = 5, 7
images, texts = (fill(n, 1, [B, W]).requires_grad_() for n in ("images", "texts"))
scale, bias = torch.tensor([0.7], requires_grad=True), torch.tensor([-1.3], requires_grad=True)
cosines = torch.stack([F.cosine_similarity(i[None], texts) for i in images])
targets = torch.arange(B)
softmax = 0.75 * F.cross_entropy(cosines / 0.1, targets) + 0.25 * F.cross_entropy(cosines.t() / 0.1, targets)
logits = cosines * scale.exp() + bias
sigmoid = F.binary_cross_entropy_with_logits(logits, torch.eye(B), reduction="sum") / B
losses = {}
for name, loss, leaves in (("softmax", softmax, [images, texts]), ("sigmoid", sigmoid, [images, texts, scale, bias])):
    gradients = torch.autograd.grad(loss, leaves, retain_graph=True)
    losses[name] = {"loss": loss.item(), "gradients": [g.flatten().tolist() for g in gradients]}
write("contrastive.json", {"pairs": B, "width": W, "temperature": 0.1, "weight": 0.75, "log_scale": 0.7, "bias": -1.3, **losses})

# VirTex's embedding (norm 1e-8), torch's encoder layers, the largest value over a text's own positions.
D, H, L, V, T, lengths = 12, 3, 2, 23, 9, [9, 4, 6]
layer = torch.nn.TransformerEncoderLayer(D, H, 20, 0, "gelu", batch_first=True)
encoder = torch.nn.TransformerEncoder(layer, L, enable_nested_tensor=False).train()
for name, p in encoder.named_parameters():
    with torch.no_grad():
        p.copy_(fill("transformer." + name[len("layers."):], 0.02, list(p.shape)) + (1 if "norm" in name and name.endswith("weight") else 0)
                if p.dim() == 1 else fill("transformer." + name[len("layers."):], 0.3, list(p.shape)))
words, places = fill("embedding.words.weight", 0.3, [V, D]).requires_grad_(), fill("embedding.positions.weight", 0.3, [T, D]).requires_grad_()
tokens = torch.zeros(len(lengths), max(lengths), dtype=torch.long)
for i, n in enumerate(lengths):
    tokens[i, :n] = torch.tensor([1 + (3 * i + 5 * t) % (V - 1) for t in range(n)])
missing = torch.arange(max(lengths))[None] >= torch.tensor(lengths)[:, None]
x = F.layer_norm(words[tokens] + places[torch.arange(max(lengths))], [D], fill("embedding.layer_norm.weight", 0.02, [D]) + 1,
                 fill("embedding.layer_norm.bias", 0.02, [D]), 1e-8)
pooled = encoder(x, src_key_padding_mask=missing).masked_fill(missing[:, :, None], -math.inf).max(1).values
(pooled * fill("of pooled", 1, list(pooled.shape))).sum().backward()
norms = {"transformer." + n[len("layers."):]: p.grad.norm().item() for n, p in encoder.named_parameters()}
norms |= {"embedding.words.weight": words.grad.norm().item(), "embedding.positions.weight": places.grad.norm().item()}
write("text-encoder.json", {
    "hidden": D, "heads": H, "layers": L, "feedforward": 20, "vocabulary": V, "max_tokens": T, "tokens": [tokens[i, :n].tolist() for i, n in enumerate(lengths)],
    "pooled": pooled.flatten().tolist(), "gradient_norms": norms})
