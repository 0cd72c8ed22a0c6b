#!/usr/bin/env python3
"""The peer of bench/captioning.cs: VirTex's training step in PyTorch on the CPU, batch and weights given by it.

    bench/peers/captioning.py WEIGHTS.safetensors CASE.json      then a line of standard input a step: fp32-longest, bf16-longest, fp32-170, or "loss fp32-longest"

As the reference does it: captions padded to the longest of the batch (or to 170), logits of every position, cross-entropy that leaves padding out, clipping, SGD over
a group a parameter, Lookahead. bf16 is torch.autocast over channels_last. Answers with seconds, forward loss, backward loss.
"""
import json, re, sys, time
import numpy as np
import torch
import virtex

torch.set_num_threads(int(json.load(open(sys.argv[2]))["threads"]))


def read_safetensors(path):
    data = np.memmap(path, np.uint8, "r")
    length = int(data[:8].view("<u8")[0])
    header = json.loads(bytes(data[8:8 + length]))
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        a, b = entry["data_offsets"]
        yield name, torch.from_numpy(np.array(data[8 + length + a:8 + length + b]).view({"F32": "<f4", "I64": "<i8"}[entry["dtype"]]).reshape(entry["shape"]))


case = json.load(open(sys.argv[2]))
state = dict(read_safetensors(sys.argv[1]))
images = state.pop("images")


def make(channels_last):
    model = virtex.Model(case)
    missing, unexpected = model.load_state_dict(state, strict=False)
    assert not unexpected and all(name.endswith("num_batches_tracked") for name in missing), (missing, unexpected)
    if channels_last:
        model = model.to(memory_format=torch.channels_last)
    groups = [{"params": [p], "weight_decay": 0 if re.match(virtex.UNDECAYED, n) else 1e-4} for n, p in model.named_parameters()]
    return model, torch.optim.SGD(groups, lr=0.0, momentum=0.9), [p.detach().clone() for p in model.parameters()]


models = {}


def padded(length, reverse):
    rows = torch.zeros(len(case["captions"]), length, dtype=torch.long)
    for row, caption in zip(rows, case["captions"]):
        row[:len(caption)] = torch.tensor(caption[::-1] if reverse else caption)
    return rows


steps = 0
for line in sys.stdin:
    words = line.split()
    precision, padding = words[-1].split("-")
    if precision not in models:
        models[precision] = make(precision == "bf16")
    model, optimizer, slow = models[precision]
    length = max(map(len, case["captions"])) if padding == "longest" else int(padding)
    tokens, reverse = padded(length, False), padded(length, True)
    x = images.contiguous(memory_format=torch.channels_last) if precision == "bf16" else images
    model.train(words[0] != "loss")
    start = time.perf_counter()
    with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bf16"):
        if words[0] == "loss":
            with torch.no_grad():
                *_, forward, backward = model.losses(x, tokens, reverse)
        else:
            optimizer.zero_grad()
            *_, forward, backward = model.losses(x, tokens, reverse)
    if words[0] != "loss":
        (forward + backward).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 10)
        optimizer.step()
        steps += 1
        if steps % 5 == 0:
            with torch.no_grad():
                for p, s in zip(model.parameters(), slow):
                    p.copy_(0.5 * p + 0.5 * s)
                    s.copy_(p)
    print(time.perf_counter() - start, float(forward), float(backward), flush=True)
