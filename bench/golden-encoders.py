#!/usr/bin/env python3
"""Golden float64 numbers of image encoders: features, pooled features and gradient norms (tests/RadTex.Learning.Tests/Golden/README.md).

    bench/golden-encoders.py tests/RadTex.Learning.Tests/Golden/encoders

Vision transformers are torch's own nn.TransformerEncoderLayer and DenseNet-121 is torchvision's; nothing of src/ is shared. Weights follow from the
closed formula of golden-case.py. Needs torch and torchvision (Debian: python3-torch python3-torchvision).
"""
import json, math, os, sys, zlib
import numpy as np
import torch
import torchvision
from torch.nn.utils.stateless import functional_call

torch.set_default_dtype(torch.float64)
DEPTH = 12


def fill(name, scale, shape):
    count = int(np.prod(shape))
    with np.errstate(over="ignore"):
        z = np.uint64(zlib.crc32(name.encode())) * np.uint64(2**32) + np.arange(count, dtype=np.uint64) + np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    u = (z >> np.uint64(40)).astype(np.float64) / 2**23 - 1
    return torch.from_numpy((scale * math.sqrt(3) * u).astype(np.float32).reshape(shape)).double()


def weight(name, shape):
    if len(shape) == 4:
        return fill(name, math.sqrt(2 / (shape[0] * shape[2] * shape[3])), shape)
    if len(shape) != 1:
        return fill(name, 0.1, shape)
    return fill(name, 0.02, shape) + (1 if name.endswith("weight") or name.endswith("gamma") else 0)


def vit(case):
    """timm's names as leaves; the layers are torch's, the scales of DINOv2's branches multiplied into their last products."""
    D, P, S, C = case["width"] * case["heads"], case["patch"], case["image_size"], case["channels"]
    patches, registers, classed = (S // P) ** 2, case["registers"], case["pooling"] != "mean"
    shapes = {"patch_embed.proj.weight": [D, C, P, P], "patch_embed.proj.bias": [D]}
    if classed:
        shapes["cls_token"] = [1, 1, D]
    if registers:
        shapes["reg_token"] = [1, registers, D]
    own = 1 if classed and not registers else 0
    shapes["pos_embed"] = [1, own + patches, D]
    for i in range(DEPTH):
        b = f"blocks.{i}."
        shapes |= {b + "norm1.weight": [D], b + "norm1.bias": [D], b + "attn.qkv.weight": [3 * D, D], b + "attn.qkv.bias": [3 * D],
                   b + "attn.proj.weight": [D, D], b + "attn.proj.bias": [D], b + "norm2.weight": [D], b + "norm2.bias": [D],
                   b + "mlp.fc1.weight": [4 * D, D], b + "mlp.fc1.bias": [4 * D], b + "mlp.fc2.weight": [D, 4 * D], b + "mlp.fc2.bias": [D]}
        if case["layer_scale"]:
            shapes |= {b + "ls1.gamma": [D], b + "ls2.gamma": [D]}
    last = "fc_norm" if case["pooling"] == "normed mean" else "norm"
    shapes |= {last + ".weight": [D], last + ".bias": [D]}
    w = {name: weight(name, shape).requires_grad_() for name, shape in shapes.items()}
    layer = torch.nn.TransformerEncoderLayer(D, case["heads"], 4 * D, dropout=0, activation="gelu", layer_norm_eps=1e-6, batch_first=True,
                                             norm_first=True)

    def forward(images):
        x = torch.nn.functional.conv2d(images, w["patch_embed.proj.weight"], w["patch_embed.proj.bias"], stride=P).flatten(2).transpose(1, 2)
        B = len(x)
        x = x + w["pos_embed"][:, own:]
        prefix = []
        if classed:
            prefix.append((w["cls_token"] + w["pos_embed"][:, :1] if own else w["cls_token"]).expand(B, -1, -1))
        if registers:
            prefix.append(w["reg_token"].expand(B, -1, -1))
        x = torch.cat(prefix + [x], 1)
        for i in range(DEPTH):
            b = f"blocks.{i}."
            s1, s2 = (w[b + "ls1.gamma"], w[b + "ls2.gamma"]) if case["layer_scale"] else (torch.ones(D), torch.ones(D))
            x = functional_call(layer, {
                "self_attn.in_proj_weight": w[b + "attn.qkv.weight"], "self_attn.in_proj_bias": w[b + "attn.qkv.bias"],
                "self_attn.out_proj.weight": s1[:, None] * w[b + "attn.proj.weight"], "self_attn.out_proj.bias": s1 * w[b + "attn.proj.bias"],
                "linear1.weight": w[b + "mlp.fc1.weight"], "linear1.bias": w[b + "mlp.fc1.bias"],
                "linear2.weight": s2[:, None] * w[b + "mlp.fc2.weight"], "linear2.bias": s2 * w[b + "mlp.fc2.bias"],
                "norm1.weight": w[b + "norm1.weight"], "norm1.bias": w[b + "norm1.bias"],
                "norm2.weight": w[b + "norm2.weight"], "norm2.bias": w[b + "norm2.bias"]}, (x,))
        norm = lambda t: torch.nn.functional.layer_norm(t, [D], w[last + ".weight"], w[last + ".bias"], 1e-6)
        if case["pooling"] == "normed mean":
            rows, pooled = x[:, -patches:], norm(x[:, -patches:].mean(1))
        else:
            y = norm(x)
            rows = y[:, -patches:]
            pooled = y[:, 0] if case["pooling"] == "class" else rows.mean(1)
        return rows.transpose(1, 2).reshape(B, D, S // P, S // P), pooled
    return w, forward


def densenet(case):
    W = case["width"]
    network = torchvision.models.DenseNet((W + 1) // 2, (6, 12, 24, 16), W, num_classes=1)
    network.features.conv0 = torch.nn.Conv2d(case["channels"], W, 7, 2, 3, bias=False)
    w = {}
    for name, parameter in network.named_parameters():
        if not name.startswith("classifier"):
            with torch.no_grad():
                parameter.copy_(weight(name, list(parameter.shape)))
            w[name] = parameter
    network.train()

    def forward(images):
        rows = torch.relu(network.features(images))
        return rows, rows.mean([2, 3])
    return w, forward


CASES = [dict(architecture="densenet121", width=8, channels=1, image_size=64, batch=3)]
for name, patch, pooling, scaled, registers, channels in [
        ("vit-tiny-16", 16, "class", False, 0, 1), ("vit-tiny-16-gap", 16, "mean", False, 0, 1), ("vit-tiny-16-avg", 16, "normed mean", False, 0, 3),
        ("vit-tiny-14-dino", 14, "class", True, 0, 3), ("vit-tiny-14-dino-reg4", 14, "class", True, 4, 1)]:
    CASES.append(dict(architecture=name, width=8, heads=3, channels=channels, image_size=4 * patch, batch=2, patch=patch, pooling=pooling,
                      layer_scale=scaled, registers=registers))

os.makedirs(sys.argv[1], exist_ok=True)
for case in CASES:
    w, forward = (densenet if case["architecture"] == "densenet121" else vit)(case)
    images = fill("image", 0.25, [case["batch"], case["channels"], case["image_size"], case["image_size"]]) + 0.5
    rows, pooled = forward(images)
    # A loss that sees both: products with fixed numbers.
    loss = (rows * fill("of features", 1, list(rows.shape))).sum() + (pooled * fill("of pooled", 1, list(pooled.shape))).sum()
    gradients = dict(zip(w, torch.autograd.grad(loss, list(w.values()))))
    golden = {"case": {k: case[k] for k in ("architecture", "width", "channels", "image_size", "batch")}, "features": rows.flatten().tolist()[::7],
              "pooled": pooled.flatten().tolist(), "loss": loss.item(), "parameters": {
                  name: {"shape": list(value.shape), "gradient_norm": gradients[name].norm().item()} for name, value in w.items()}}
    with open(os.path.join(sys.argv[1], case["architecture"] + ".json"), "w") as file:
        json.dump(golden, file, indent=1)
        file.write("\n")
