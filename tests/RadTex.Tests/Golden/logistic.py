"""Writes logistic.json: scikit-learn's L2 logistic regression on small made-up cases, solved to convergence.

python3 logistic.py > logistic.json      (scikit-learn 1.2.1, NumPy 1.24.2 of Debian 12)

Features are value(i, j) = sin(3 i + 7 j + i j) + 0.3 sin(i) (j mod 3) in float64, then rounded to float32; standardised by StandardScaler.
"""
import json
import sys

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

cases = []
for name, n, d, classes, strength in [("wide", 12, 30, 2, 0.1), ("tall", 60, 5, 2, 10.0), ("separable", 8, 20, 2, 100.0), ("grades", 40, 6, 4, 0.5), ("wide grades", 15, 25, 3, 0.03)]:
    i, j = np.mgrid[0:n, 0:d].astype(float)
    x = (np.sin(3 * i + 7 * j + i * j) + 0.3 * np.sin(i) * (j % 3)).astype(np.float32).astype(float)
    y = np.array([(k * k + k // 3) % classes for k in range(n)])
    z = StandardScaler().fit_transform(x)
    fit = LogisticRegression(C=strength, solver="newton-cg" if classes == 2 else "lbfgs", multi_class="multinomial" if classes > 2 else "ovr", tol=1e-10, max_iter=100000).fit(z, y)
    w, b = fit.coef_, fit.intercept_
    if classes > 2:
        b = b - b.mean()  # a shift of all biases changes nothing
    proba = fit.predict_proba(z)
    loss = -np.log(proba[np.arange(n), y]).sum()
    cases.append({
        "name": name, "n": n, "d": d, "classes": y.tolist(), "class_count": classes, "strength": strength,
        "objective": loss + (w * w).sum() / 2 / strength, "probabilities": proba[:, 1].tolist() if classes == 2 else proba.flatten().tolist(),
        "weights": w.flatten().tolist(), "biases": b.tolist(),
    })
json.dump({"cases": cases}, sys.stdout, separators=(",", ":"))
print()
