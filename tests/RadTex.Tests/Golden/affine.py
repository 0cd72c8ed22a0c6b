"""Writes affine.json: torchvision's affine map, centre crop and division by the maximum on small pictures.

python3 affine.py > affine.json      (torchvision 0.14.1, torch 1.13.0 of Debian 12; affine on float tensors, as RandomAffine calls it)
"""
import json
import sys

import torch
from torchvision.transforms import InterpolationMode, functional as F

cases = []
for height, width, side, angle, shift in [(9, 12, 9, 17.0, (2, -1)), (13, 10, 10, -20.0, (0, 1)), (11, 11, 11, 90.0, (0, 0)), (8, 11, 8, 0.0, (-1, 2)), (12, 15, 12, 3.25, (1, 1))]:
    image = torch.tensor([[(37 * y * y + 91 * x + 13 * x * y) % 256 for x in range(width)] for y in range(height)], dtype=torch.float32)
    case = {"height": height, "width": width, "side": side, "angle": angle, "shift_x": shift[0], "shift_y": shift[1]}
    for name, mode in [("bilinear", InterpolationMode.BILINEAR), ("nearest", InterpolationMode.NEAREST)]:
        moved = F.affine(image[None], angle=angle, translate=list(shift), scale=1.0, shear=[0.0, 0.0], interpolation=mode)
        crop = F.center_crop(moved, [side, side])[0]
        case[name] = [round(v, 6) for v in (crop / crop.max()).flatten().tolist()]
    cases.append(case)
json.dump({"cases": cases}, sys.stdout, separators=(",", ":"))
print()
