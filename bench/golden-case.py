#!/usr/bin/env python3
"""An independent PyTorch reference of the model: computes a golden case (tests/RadTex.Learning.Tests/Golden/README.md) for any sizes.

    bench/golden-case.py '{"backbone": "resnet34", "layers": 2, ...}' > case.json && radtex selfcheck case.json

Written from the README's description with torch's own nn.TransformerDecoder and torchvision's ResNet; shares no code with src/.
Needs torch and torchvision (Debian: python3-torch python3-torchvision libopenblas0-pthread).
"""
import json, math, os, re, sys, zlib
import numpy as np
import torch

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "peers"))
import virtex

case = {
    "name": "custom", "matrix_scale": 0.1, "backbone": "resnet34", "channels": 1, "image_size": 64, "batch": 2, "vocab": 97, "hidden": 48,
    "layers": 2, "heads": 3, "feedforward": 80, "max_length": 20, "caption_length": 13, "lengths": [13, 7], "sos": 1, "eos": 4, "beam": 3,
    "per_node_beam": 2, "max_steps": 11, "eos_bias": 1.0,
    "optimizer": {"lr": 0.01, "lr_visual": 0.005, "momentum": 0.8, "weight_decay": 0.05, "clip": 2.0, "lookahead_steps": 3,
                  "lookahead_alpha": 0.4, "warmup_steps": 3, "total_steps": 8, "steps": 7},
}
case.update(json.loads(sys.argv[1]) if len(sys.argv) > 1 else {})
case["optimizer"] = {**{"lr": 0.01}, **case["optimizer"]}
torch.set_default_dtype(torch.float64)
B, V, D, T = case["batch"], case["vocab"], case["hidden"], case["caption_length"]


def u(name, count):
    with np.errstate(over="ignore"):
        z = np.uint64(zlib.crc32(name.encode())) * np.uint64(2**32) + np.arange(count, dtype=np.uint64) + np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(40)).astype(np.float64) / 2**23 - 1


def fill(name, scale, shape):
    return torch.from_numpy((scale * math.sqrt(3) * u(name, int(np.prod(shape)))).astype(np.float32).reshape(shape))


model = virtex.Model(case)
with torch.no_grad():
    for name, p in model.named_parameters():
        if p.dim() == 1:
            w = fill(name, 0.02, p.shape)
            if name.endswith("weight"):
                w = w + 1
        elif p.dim() == 4:
            w = fill(name, math.sqrt(2 / (p.shape[0] * p.shape[2] * p.shape[3])), p.shape)
        else:
            w = fill(name, case["matrix_scale"], p.shape)
        if name == "textual.embedding.words.weight":
            w[0] = 0
        if name == "textual.output.bias":
            w[case["eos"]] += case["eos_bias"]
        p.copy_(w)
images = (fill("image", 0.25, (B, case["channels"], case["image_size"], case["image_size"])) + 0.5).double()
tokens, reverse = torch.zeros(B, T, dtype=torch.long), torch.zeros(B, T, dtype=torch.long)
for i, n in enumerate(case["lengths"]):
    c = [case["sos"]] + [5 + (7919 * (i + 1) * (j + 3) ** 2 + 104729 * j) % (V - 5) for j in range(n - 2)] + [case["eos"]]
    tokens[i, :n], reverse[i, :n] = torch.tensor(c), torch.tensor(c[::-1])

out = {"case": case, "parameters": {n: list(p.shape) for n, p in model.named_parameters()}}


@torch.no_grad()
def search(features):
    beams, K, P = [([], 0.0)], case["beam"], case["per_node_beam"]
    for step in range(case["max_steps"]):
        if step and all(b[-1] == case["eos"] for b, _ in beams):
            break
        candidates = []
        for b, score in beams:
            logp = model.logits(features, torch.tensor([[case["sos"]] + b]), model.textual)[0, -1].log_softmax(0)
            if step:
                if b[-1] == case["eos"]:
                    logp[:] = -math.inf
                    logp[b[-1]] = 0
                else:
                    logp[b[-1]] = -10000
            top = logp.topk(P if step else K)
            candidates += [(b + [int(t)], score + float(s)) for s, t in zip(top.values, top.indices)]
        beams = sorted(candidates, key=lambda c: -c[1])[:K]
    return [{"tokens": b, "log_probability": s} for b, s in beams]


model.eval()
with torch.no_grad():
    f = model.features(images)
out["beam_search"] = [search(f[i:i + 1]) for i in range(B)]
model.train()
# Dropout is 0, but torch takes another path in evaluation mode; the numbers below are of training mode.
state = {k: v.clone() for k, v in model.state_dict().items()}
f, forward, backward, lf, lb = model.losses(images, tokens, reverse)
(lf + lb).backward()
norms = {n: float(p.grad.norm()) for n, p in model.named_parameters()}
out["visual_features"] = {"shape": list(f.shape), "mean": float(f.mean()), "std": float(f.std()), "first8": f.flatten()[:8].tolist()}
out["forward_loss"], out["backward_loss"] = float(lf), float(lb)
out["forward_logits_0_0_first8"], out["backward_logits_1_3_first8"] = forward[0, 0, :8].tolist(), backward[1, 3, :8].tolist()
out["gradient_norms"] = norms
out["total_gradient_norm"] = math.sqrt(sum(v * v for v in norms.values()))
out["precision"] = "float64 throughout, from float32 weights and images"

model.load_state_dict(state)
o = case["optimizer"]
undecayed = re.compile(virtex.UNDECAYED)
groups = [{"params": [p], "lr": o["lr_visual"] if n.startswith("visual") else o["lr"], "weight_decay": 0 if undecayed.match(n) else o["weight_decay"]}
          for n, p in model.named_parameters()]
sgd = torch.optim.SGD(groups, lr=o["lr"], momentum=o["momentum"])
multiplier = lambda s: s / o["warmup_steps"] if s < o["warmup_steps"] else math.cos(math.pi / 2 * (s - o["warmup_steps"]) / (o["total_steps"] - o["warmup_steps"])) ** 2
schedule = torch.optim.lr_scheduler.LambdaLR(sgd, multiplier)
slow = {n: p.detach().clone() for n, p in model.named_parameters()}
out["training"] = []
for s in range(o["steps"]):
    sgd.zero_grad()
    _, _, _, lf, lb = model.losses(images, tokens, reverse)
    (lf + lb).backward()
    norm = torch.nn.utils.clip_grad_norm_(model.parameters(), o["clip"])
    sgd.step()
    if (s + 1) % o["lookahead_steps"] == 0:
        with torch.no_grad():
            for n, p in model.named_parameters():
                p.copy_(o["lookahead_alpha"] * p + (1 - o["lookahead_alpha"]) * slow[n])
                slow[n] = p.detach().clone()
    out["training"].append({"multiplier": multiplier(s), "forward": float(lf), "backward": float(lb), "gradient_norm": float(norm)})
    schedule.step()
out["parameter_norms_after"] = {n: float(p.norm()) for n, p in model.named_parameters()}
out["running_mean_norm_after"] = {n: float(b.norm()) for n, b in model.named_buffers() if n.endswith("running_mean")}
json.dump(out, sys.stdout, indent=1)
