"""Writes metrics.json: what scikit-learn, SciPy and plain loops make of a few cases of ours.

python3 metrics.py > metrics.json      (scikit-learn 1.2.1, SciPy 1.10.1, NumPy 1.24.2 of Debian 12)

The paired cases' differences, intervals, p-values and variances were also checked against R's pROC 1.18.0 (roc.test, method
"delong", paired): equal to every digit it prints.
"""
import json
import math
import sys

import numpy as np
from scipy import optimize, stats
from sklearn import metrics as sk
from sklearn.calibration import _SigmoidCalibration, calibration_curve

rng = np.random.default_rng(20240229)


def binary_case(name, scores, labels):
    scores, labels = np.asarray(scores, float), np.asarray(labels, int)
    fpr, tpr, _ = sk.roc_curve(labels, scores, drop_intermediate=False)
    precision, recall, _ = sk.precision_recall_curve(labels, scores)
    called = (scores >= 0.5).astype(int)
    clipped = np.clip(scores, 0, 1)
    true, mean = calibration_curve(labels, clipped, n_bins=10)
    counts = np.histogram(np.clip(np.ceil(clipped * 10) - 1, 0, 9), bins=10, range=(-0.5, 9.5))[0]
    return {
        "name": name, "scores": scores.tolist(), "labels": labels.tolist(),
        "auc": sk.roc_auc_score(labels, scores),
        "roc": [fpr.tolist(), tpr.tolist()],
        "average_precision": sk.average_precision_score(labels, scores),
        "aucpr_trapezoid": sk.auc(recall, precision),
        "f1": sk.f1_score(labels, called, zero_division=0), "accuracy": sk.accuracy_score(labels, called),
        "precision": sk.precision_score(labels, called, zero_division=0), "recall": sk.recall_score(labels, called),
        "balanced_accuracy": sk.balanced_accuracy_score(labels, called),
        "brier": sk.brier_score_loss(labels, clipped),
        "ece10": float(np.sum(counts[counts > 0] * np.abs(true - mean)) / len(labels)),
        "delong_variance": delong(scores, scores, labels)[1],
    }


def delong(a, b, labels):
    """AUC of a, covariance of both AUCs, from the definition: a kernel over all pairs."""
    def kernel(s):
        p, n = s[labels == 1][:, None], s[labels == 0][None, :]
        return (p > n) + 0.5 * (p == n)
    ka, kb = kernel(a), kernel(b)
    m, n = ka.shape
    covariance = np.cov(ka.mean(1), kb.mean(1))[0, 1] / m + np.cov(ka.mean(0), kb.mean(0))[0, 1] / n
    return float(ka.mean()), float(covariance)


def paired_case(a, b, labels):
    auc_a, var_a = delong(a, a, labels)
    auc_b, var_b = delong(b, b, labels)
    error = math.sqrt(var_a + var_b - 2 * delong(a, b, labels)[1])
    z = (auc_a - auc_b) / error
    return {"first": a.tolist(), "second": b.tolist(), "labels": labels.tolist(), "difference": auc_a - auc_b,
            "lower": auc_a - auc_b - 1.959963984540054 * error, "upper": auc_a - auc_b + 1.959963984540054 * error,
            "p": 2 * stats.norm.sf(abs(z))}


def multi_case(name, probabilities, truth, classes):
    predicted = probabilities.argmax(1)
    ordinal = [sk.roc_auc_score(truth > c, probabilities[:, c + 1:].sum(1)) if 0 < (truth > c).sum() < len(truth) else None
               for c in range(classes - 1)]
    each = [sk.roc_auc_score(truth == c, probabilities[:, c]) if 0 < (truth == c).sum() else None for c in range(classes)]
    return {"name": name, "classes": classes, "probabilities": probabilities.ravel().tolist(), "truth": truth.tolist(),
            "accuracy": sk.accuracy_score(truth, predicted),
            "macro_f1": sk.f1_score(truth, predicted, average="macro", zero_division=0),
            "ovr": each, "ordinal": ordinal}


def proportion_case(hits, total, level):
    exact, wilson = (stats.binomtest(hits, total).proportion_ci(level, method=m) for m in ("exact", "wilson"))
    return {"hits": hits, "total": total, "level": level, "exact": [exact.low, exact.high], "wilson": [wilson.low, wilson.high]}


def platt_case(name, scores, labels):
    """scikit-learn's optimum, improved by SciPy from there: its own stops at a gradient of 1e-5."""
    scores, labels = np.asarray(scores, float), np.asarray(labels, int)
    start = _SigmoidCalibration().fit(scores, labels)
    high, low = (labels.sum() + 1) / (labels.sum() + 2), 1 / ((1 - labels).sum() + 2)
    target = np.where(labels == 1, high, low)
    def loss(x):
        z = x[0] * scores + x[1]
        return float(np.sum(np.logaddexp(0, z) - target * z))
    best = optimize.minimize(loss, [-start.a_, -start.b_], method="Nelder-Mead", options={"xatol": 1e-10, "fatol": 1e-14, "maxiter": 10000})
    return {"name": name, "scores": scores.tolist(), "labels": labels.tolist(), "sklearn": [-float(start.a_), -float(start.b_)], "best": best.x.tolist()}


def temperature_case(name, logits, truth):
    def loss(inverse):
        z = inverse * logits
        return float(np.sum(np.log(np.exp(z - z.max(1, keepdims=True)).sum(1)) + z.max(1) - z[np.arange(len(truth)), truth]))
    best = optimize.minimize_scalar(loss, bounds=(1e-3, 50), method="bounded", options={"xatol": 1e-10})
    return {"name": name, "classes": logits.shape[1], "logits": logits.ravel().tolist(), "truth": truth.tolist(), "temperature": 1 / best.x}


def reliability_case(scores, labels, bins):
    rates, means = calibration_curve(labels, scores, n_bins=bins)
    return {"scores": scores.tolist(), "labels": labels.tolist(), "bins": bins, "rates": rates.tolist(), "means": means.tolist()}


def softmax(x):
    e = np.exp(x - x.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def main():
    n = 60
    labels = (rng.random(n) < 0.3).astype(int)
    smooth = 1 / (1 + np.exp(-(rng.normal(size=n) + 1.2 * labels - 0.8)))
    binary = [
        binary_case("smooth", smooth.round(6), labels),
        binary_case("ties", (smooth * 5).round() / 5, labels),
        binary_case("perfect", [0.1, 0.2, 0.3, 0.8, 0.9, 0.95], [0, 0, 0, 1, 1, 1]),
        binary_case("inverted", [0.9, 0.8, 0.7, 0.2, 0.1, 0.05], [0, 0, 0, 1, 1, 1]),
        binary_case("constant", [0.4] * 10, [0, 1, 0, 0, 1, 0, 1, 0, 0, 0]),
        binary_case("rare", rng.random(80).round(4), [1, 1] + [0] * 78),
        binary_case("logits", (rng.normal(size=40) * 3).round(4), (rng.random(40) < 0.5).astype(int)),
    ]
    second = 1 / (1 + np.exp(-(rng.normal(size=n) + 0.6 * labels)))
    truth = np.concatenate([np.arange(4), rng.integers(0, 4, 46)])
    probabilities = softmax(rng.normal(size=(50, 4)) + 1.5 * np.eye(4)[truth]).round(7)
    absent = np.where(truth == 2, 1, truth)
    three = softmax(rng.normal(size=(30, 3))).round(7)
    three_truth = np.concatenate([np.arange(3), rng.integers(0, 3, 27)])
    logits = (rng.normal(size=n) * 2 + 1.5 * labels - 1).round(6)
    rows = (3 * (rng.normal(size=(40, 4)) + 1.2 * np.eye(4)[truth[:40]])).round(6)
    json.dump({
        "binary": binary,
        "paired": [paired_case(smooth.round(6), second.round(6), labels), paired_case((smooth * 4).round() / 4, (second * 6).round() / 6, labels)],
        "multi": [multi_case("four classes", probabilities, truth, 4), multi_case("class 2 absent", probabilities, absent, 4),
                  multi_case("three classes", three, three_truth, 3)],
        "student": [{"n": k, "level": level, "quantile": float(stats.t.ppf(0.5 + level / 2, k - 1))} for k in (2, 3, 5, 10, 30, 200) for level in (0.9, 0.95, 0.99)],
        "proportion": [proportion_case(*c) for c in [(0, 10, 0.95), (10, 10, 0.95), (27, 30, 0.95), (9, 10, 0.95), (1, 200, 0.9), (450, 500, 0.99)]],
        "platt": [platt_case("overlapping", logits, labels), platt_case("parted", [-2, -1, -0.5, 0.5, 1, 3], [0, 0, 0, 1, 1, 1]),
                  platt_case("inverted", (-logits / 50).round(6), labels), platt_case("rare", rng.normal(size=80).round(4), [1, 1] + [0] * 78)],
        "temperature": [temperature_case("four classes", rows, truth[:40]), temperature_case("two classes", np.stack([np.zeros(n), logits], 1), labels)],
        "reliability": [reliability_case(smooth.round(6), labels, bins) for bins in (5, 15)],
    }, sys.stdout, indent=None, separators=(",", ":"))
    print()


if __name__ == "__main__":
    main()
