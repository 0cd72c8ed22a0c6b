#!/usr/bin/env python3
"""Golden float64 numbers of objectives: both contrastive losses with their gradients, a text encoder, masked words (Golden/README.md).

    bench/golden-objectives.py tests/RadTex.Learning.Tests/Golden/objectives

Losses are torch's cross_entropy and binary_cross_entropy_with_logits, the text sides torch's nn.TransformerEncoder and nn.TransformerDecoder with a
padding mask; nothing of src/ is shared. Numbers follow from the closed formula of golden-case.py. Needs torch (Debian: python3-torch).
"""
import json, math, os, sys, zlib
import numpy as np
import torch
from torch.nn.utils.stateless import functional_call

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

# Masked words: torch's decoder layers without a causal mask over patches, the word table as output matrix.
FW, side = 10, 2
decoder = torch.nn.TransformerDecoder(torch.nn.TransformerDecoderLayer(D, H, 20, 0, "gelu", batch_first=True), L).train()
w = {}


def leaf(name, shape, one=False):
    w[name] = ((fill(name, 0.02, shape) + one) if len(shape) == 1 else fill(name, 0.3, shape)).requires_grad_()
    return w[name]


state = {n: leaf("transformer." + n, list(p.shape), "norm" in n and n.endswith("weight")) for n, p in decoder.named_parameters()}
words, places = leaf("embedding.words.weight", [V, D]), leaf("embedding.positions.weight", [T, D])
x = F.layer_norm(words[tokens] + places[torch.arange(max(lengths))], [D], leaf("embedding.layer_norm.weight", [D], True),
                 leaf("embedding.layer_norm.bias", [D]), 1e-8)
features = fill("features", 1, [len(lengths), FW, side, side])
memory = F.linear(features.flatten(2).transpose(1, 2), leaf("visual_projection.weight", [D, FW]), leaf("visual_projection.bias", [D]))
hidden = functional_call(decoder, state, (x, memory), {"tgt_key_padding_mask": missing})
hid, named = [[1, 4], [2], [0, 3, 5]], [[7, 3], [19], [2, 11, 5]]
rows = torch.cat([hidden[i, places_] for i, places_ in enumerate(hid)])
loss = F.cross_entropy(F.linear(rows, words, leaf("output.bias", [V])), torch.tensor(sum(named, [])))
loss.backward()
write("masked-words.json", {
    "hidden": D, "heads": H, "layers": L, "feedforward": 20, "vocabulary": V, "max_tokens": T, "feature_width": FW, "side": side,
    "tokens": [tokens[i, :n].tolist() for i, n in enumerate(lengths)], "places": hid, "words": named, "loss": loss.item(),
    "gradient_norms": {n: p.grad.norm().item() for n, p in w.items()}})
