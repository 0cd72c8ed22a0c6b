#!/usr/bin/env python3
"""How hard the synthetic radiographs of `radtex phantoms` are, against what was drawn (phantom-truth.csv.gz).

  logistic   regression on raw 32x32 pixels: grouped five-fold over patients, the L2 strength chosen inside each training part
             (a fifth of its patients held out) from seven values; out-of-fold scores of all images are pooled.
  resnet     ResNet-18 (torchvision, one channel, from scratch) on all nine labels: AdamW, one cycle, small shifts and turns.

Prints JSON: AUC of each finding with a 95% interval by bootstrap over patients. Needs numpy, Pillow, scikit-learn, and torch and torchvision
for `resnet` (Debian: python3-numpy python3-pil python3-sklearn python3-torch python3-torchvision libopenblas0-pthread).
"""
import argparse, csv, gzip, json, os, sys, time
import numpy as np
from PIL import Image

FINDINGS = ["Atelectasis", "Cardiomegaly", "Consolidation", "Edema", "Lung Opacity", "Pleural Effusion", "Pneumonia", "Pneumothorax", "Support Devices"]


def load(root, side, limit):
    """Images [N, side, side] uint8 (the long side is squeezed), truth [N, 9], patients [N]."""
    with gzip.open(os.path.join(root, "phantom-truth.csv.gz"), "rt") as f:
        rows = list(csv.DictReader(f))[:limit]
    images = np.empty((len(rows), side, side), np.uint8)
    for i, r in enumerate(rows):
        p = r["subject_id"]
        path = os.path.join(root, "files", f"p{p[:2]}", f"p{p}", f"s{r['study_id']}", r["dicom_id"] + ".jpg")
        images[i] = np.asarray(Image.open(path).convert("L").resize((side, side), Image.BOX if side < 64 else Image.BILINEAR, reducing_gap=3.0))
    return images, np.array([[int(r[f]) for f in FINDINGS] for r in rows]), np.array([int(r["subject_id"]) for r in rows])


def auc(y, s):
    from scipy.stats import rankdata
    n1 = int(y.sum()); n0 = len(y) - n1
    return float("nan") if n1 == 0 or n0 == 0 else (rankdata(s)[y == 1].sum() - n1 * (n1 + 1) / 2) / (n1 * n0)


def table(truth, scores, patients, draws=500):
    rng = np.random.default_rng(0)
    ids, where = np.unique(patients, return_inverse=True)
    members = [np.flatnonzero(where == k) for k in range(len(ids))]
    samples = [np.concatenate([members[k] for k in rng.integers(0, len(ids), len(ids))]) for _ in range(draws)]
    out, means = {}, np.zeros((len(FINDINGS), draws))
    for j, f in enumerate(FINDINGS):
        means[j] = [auc(truth[s, j], scores[s, j]) for s in samples]
        low, high = np.nanpercentile(means[j], [2.5, 97.5])
        out[f] = {"auc": round(float(auc(truth[:, j], scores[:, j])), 4), "ci95": [round(float(low), 4), round(float(high), 4)], "positives": int(truth[:, j].sum())}
    low, high = np.nanpercentile(means.mean(0), [2.5, 97.5])
    out["mean"] = {"auc": round(float(np.mean([out[f]["auc"] for f in FINDINGS])), 4), "ci95": [round(float(low), 4), round(float(high), 4)]}
    return out


def logistic(args):
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold, GroupShuffleSplit
    images, truth, patients = load(args.root, 32, args.count)
    x = images.reshape(len(images), -1).astype(np.float64) / 255
    scores, strengths = np.zeros(truth.shape), []
    grid = [1e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 1e-1]
    fit = lambda c, x, y: LogisticRegression(C=c, max_iter=400, tol=1e-3).fit(x, y)
    for train, test in GroupKFold(5).split(x, groups=patients):
        mean, sd = x[train].mean(0), x[train].std(0) + 1e-6
        a, b = (x[train] - mean) / sd, (x[test] - mean) / sd
        inner, held = next(GroupShuffleSplit(1, test_size=0.2, random_state=0).split(a, groups=patients[train]))
        for j in range(len(FINDINGS)):
            y = truth[train, j]
            best = max(grid, key=lambda c: auc(y[held], fit(c, a[inner], y[inner]).decision_function(a[held])))
            strengths.append(best)
            # Folds are fits of their own: ranks make their scores comparable.
            s = fit(best, a, y).decision_function(b)
            scores[test, j] = np.argsort(np.argsort(s)) / len(s)
    result = table(truth, scores, patients)
    at_most = sum(result[f]["auc"] <= 0.70 for f in FINDINGS)
    return {"images": len(images), "patients": len(set(patients.tolist())), "chosen_C": sorted(set(strengths)), "findings_at_or_under_0.70": int(at_most), "auc": result}


def resnet(args):
    import torch, torchvision
    torch.set_num_threads(args.threads); torch.manual_seed(args.seed)
    images, truth, patients = load(args.root, args.side, args.train + args.test)
    cut = patients[min(args.train, len(patients) - 1)]  # patients lie together: cut between two of them
    first = int(np.flatnonzero(patients == cut)[0])
    train, test = np.arange(first), np.arange(first, len(images))
    assert not set(patients[train]) & set(patients[test])
    net = torchvision.models.resnet18(weights=None, num_classes=len(FINDINGS))
    net.conv1 = torch.nn.Conv2d(1, 64, 7, 2, 3, bias=False)
    torch.nn.init.kaiming_normal_(net.conv1.weight, mode="fan_out", nonlinearity="relu")
    x = torch.from_numpy(images).unsqueeze(1); y = torch.from_numpy(truth).float()
    mean, sd = images[train].mean(), images[train].std()
    prepare = lambda b: ((b.float() - mean) / sd)
    steps = args.epochs * (len(train) // args.batch)
    opt = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=0.05)
    sched = torch.optim.lr_scheduler.OneCycleLR(opt, 2e-3, total_steps=steps, pct_start=0.25)
    g = torch.Generator().manual_seed(args.seed)
    start, step = time.time(), 0
    for epoch in range(args.epochs):
        net.train(); total = 0.0
        order = torch.randperm(len(train), generator=g)
        for k in range(0, len(order) - args.batch + 1, args.batch):
            i = order[k:k + args.batch]
            b = prepare(x[i])
            t = (torch.rand(len(i), 3, generator=g) * 2 - 1) * torch.tensor([0.12, 0.12, 0.10])  # shifts of 6%, turns of 6 degrees
            c, s = torch.cos(t[:, 2]), torch.sin(t[:, 2])
            theta = torch.stack([torch.stack([c, -s, t[:, 0]], 1), torch.stack([s, c, t[:, 1]], 1)], 1)
            b = torch.nn.functional.grid_sample(b, torch.nn.functional.affine_grid(theta, list(b.shape), align_corners=False), padding_mode="border", align_corners=False)
            out = net(b)
            loss = torch.nn.functional.binary_cross_entropy_with_logits(out, y[i])
            opt.zero_grad(); loss.backward(); opt.step(); sched.step(); step += 1
            total += loss.item()
        print(f"epoch {epoch + 1}: loss {total / (len(train) // args.batch):.4f}, {time.time() - start:.0f} s", file=sys.stderr, flush=True)
    net.eval()
    with torch.no_grad():
        scores = np.concatenate([net(prepare(x[k:k + 64])).float().numpy() for k in range(first, len(images), 64)])
    result = table(truth[test], scores, patients[test])
    return {"train": len(train), "test": len(test), "side": args.side, "epochs": args.epochs, "seconds": round(time.time() - start),
            "findings_under_0.95": int(sum(result[f]["auc"] < 0.95 for f in FINDINGS)), "auc": result}


if __name__ == "__main__":
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("what", choices=["logistic", "resnet"]); p.add_argument("root", help="a folder written by radtex phantoms")
    p.add_argument("--count", type=int, default=3000); p.add_argument("--train", type=int, default=6000); p.add_argument("--test", type=int, default=1500)
    p.add_argument("--side", type=int, default=128); p.add_argument("--epochs", type=int, default=8); p.add_argument("--batch", type=int, default=32)
    p.add_argument("--threads", type=int, default=1); p.add_argument("--seed", type=int, default=0)
    args = p.parse_args()
    print(json.dumps({"what": args.what, "phantoms": json.load(open(os.path.join(args.root, "phantoms.json")))["options"], **(logistic if args.what == "logistic" else resnet)(args)}, indent=1, default=float))
