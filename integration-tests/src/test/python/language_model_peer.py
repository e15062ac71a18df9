"""A GPT-2-like decoder in PyTorch 1.13: one training step, and one forward pass a response as the paper's loop does.

Arguments: vocabulary, width, layers, heads, batch rows, length, prompt tokens, response tokens, kinds, threads. For
every line "step" or "probes" on standard input one line "CPU milliseconds, wall-clock milliseconds" comes out.
"""

import sys
import time

import torch
from torch import nn
from torch.nn.functional import cross_entropy

V, D, LAYERS, HEADS, ROWS, LENGTH, PROMPT, RESPONSE, KINDS, THREADS = (int(a) for a in sys.argv[1:11])
torch.set_num_threads(THREADS)
torch.manual_seed(1)
HEAD = D // HEADS


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(D), nn.LayerNorm(D)
        self.qkv, self.out = nn.Linear(D, 3 * D), nn.Linear(D, D)
        self.up, self.down = nn.Linear(D, 4 * D), nn.Linear(4 * D, D)

    def forward(self, x, future):
        rows, length, _ = x.shape
        q, k, v = self.qkv(self.norm1(x)).reshape(rows, length, 3, HEADS, HEAD).permute(2, 0, 3, 1, 4).unbind(0)
        mixed = (q @ k.transpose(-1, -2) / HEAD**0.5 + future).softmax(-1) @ v
        x = x + self.out(mixed.permute(0, 2, 1, 3).reshape(rows, length, D))
        wide = self.up(self.norm2(x))
        return x + self.down(wide * (1 + torch.tanh(0.7978845608 * (wide + 0.044715 * wide**3))) / 2)


class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.tokens, self.places = nn.Embedding(V, D), nn.Embedding(1024, D)
        nn.init.normal_(self.tokens.weight, std=0.02)
        self.blocks, self.norm = nn.ModuleList(Block() for _ in range(LAYERS)), nn.LayerNorm(D)

    def forward(self, ids):
        length = ids.shape[1]
        future = torch.full((length, length), float("-inf")).triu(1)
        x = self.tokens(ids) + self.places(torch.arange(length))
        for block in self.blocks:
            x = block(x, future)
        return self.norm(x) @ self.tokens.weight.t()


MODEL = Decoder()
OPTIMIZER = torch.optim.RMSprop(MODEL.parameters(), lr=1e-6)
IDS, LABELS = torch.randint(V, (ROWS, LENGTH)), torch.randint(V, (ROWS, LENGTH))
ANSWERS = torch.randint(V, (KINDS, PROMPT + RESPONSE))


def step():
    OPTIMIZER.zero_grad()
    cross_entropy(MODEL(IDS).reshape(-1, V), LABELS.reshape(-1)).backward()
    OPTIMIZER.step()


def probes():  # every measure of the likelihood table
    with torch.no_grad():
        for row in ANSWERS:
            scores = MODEL(row[None, :-1]).log_softmax(-1)[0, PROMPT - 1 :]
            p, y = scores.exp(), row[PROMPT:, None]
            square, own = (p * p).sum(-1), p.gather(1, y)[:, 0]
            best = scores.max(-1).values
            rest = torch.log1p(-best.exp())
            length = (V * square + V - 2).sqrt()
            gap = (square - 2 * own + 1).sqrt()
            entropy = -(p * scores).sum(-1)
            found = [scores.gather(1, y).sum(), best.sum(), rest.sum(), length.norm(), gap.mean(), (1 - own).mean()]
            torch.stack([*found, entropy.mean()]).tolist()


for line in sys.stdin:
    cpu, wall = time.process_time(), time.perf_counter()
    {"step": step, "probes": probes}[line.strip()]()
    print(1000 * (time.process_time() - cpu), 1000 * (time.perf_counter() - wall), flush=True)
