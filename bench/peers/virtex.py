"""VirTex's bicaptioning model in PyTorch, written from the description in tests/RadTex.Learning.Tests/Golden/README.md with torch's own nn.TransformerDecoder and torchvision's
ResNet; shares no code with src/. The reference of bench/golden-case.py and the peer of bench/captioning.cs."""
import math
import torch, torchvision
from torch import nn
import torch.nn.functional as F

UNDECAYED = r".*textual.(embedding|transformer).*(norm.*|bias)"  # parameters without weight decay (VirTex)


class Direction(nn.Module):
    def __init__(self, case):
        super().__init__()
        layer = nn.TransformerDecoderLayer(case["hidden"], case["heads"], case["feedforward"], dropout=case.get("dropout", 0.0), activation="gelu", batch_first=True)
        self.transformer = nn.TransformerDecoder(layer, case["layers"])


class Model(nn.Module):
    def __init__(self, case):
        super().__init__()
        V, D = case["vocab"], case["hidden"]
        self.visual = nn.Module()
        self.visual.cnn = torchvision.models.__dict__[case["backbone"]]()
        width = self.visual.cnn.fc.in_features
        self.visual.cnn.fc = nn.Identity()
        if case["channels"] != 3:
            self.visual.cnn.conv1 = nn.Conv2d(case["channels"], 64, 7, 2, 3, bias=False)
        self.textual, self.backward_textual = Direction(case), Direction(case)
        self.textual.visual_projection = nn.Linear(width, D)
        self.textual.embedding = nn.Module()
        self.textual.embedding.words = nn.Embedding(V, D, padding_idx=0)
        self.textual.embedding.positions = nn.Embedding(case["max_length"], D)
        self.textual.embedding.layer_norm = nn.LayerNorm(D, eps=1e-8)
        self.dropout = nn.Dropout(case.get("dropout", 0.0))
        self.textual.output = nn.Module()
        self.textual.output.bias = nn.Parameter(torch.zeros(V))

    def features(self, x):
        c = self.visual.cnn
        return c.layer4(c.layer3(c.layer2(c.layer1(c.maxpool(c.relu(c.bn1(c.conv1(x))))))))

    def logits(self, features, tokens, head):
        e = self.textual.embedding
        memory = self.textual.visual_projection(features.flatten(2).transpose(1, 2))
        x = self.dropout(e.layer_norm(e.words(tokens) + e.positions(torch.arange(tokens.shape[1]))))
        x = x * (tokens != 0).unsqueeze(-1)
        n = tokens.shape[1]
        mask = torch.triu(torch.full((n, n), -math.inf), 1)
        x = head.transformer(x, memory, tgt_mask=mask, tgt_key_padding_mask=tokens == 0)
        return x @ e.words.weight.t() + self.textual.output.bias

    def losses(self, images, tokens, reverse):
        f = self.features(images)
        forward, backward = self.logits(f, tokens, self.textual), self.logits(f, reverse, self.backward_textual)
        loss = lambda z, t: F.cross_entropy(z[:, :-1].reshape(-1, z.shape[-1]).float() if z.dtype == torch.bfloat16 else z[:, :-1].reshape(-1, z.shape[-1]), t[:, 1:].reshape(-1), ignore_index=0)
        return f, forward, backward, loss(forward, tokens), loss(backward, reverse)
