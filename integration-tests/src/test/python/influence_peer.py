"""Inner products of per-example gradients in PyTorch 1.13: by a loop, and by functorch's vmap(grad).

All that one run of ours gives: of probe rows with learnt rows and with two directions of the update, among learnt
rows, and the norms.

Arguments: width, layers, length, vocabulary, heads, probe rows, batch rows. The decoder has the shapes of ours:
root-mean-square norms, rotary positions, a tied head. For every line "loop" or "vmap" on standard input one line
"CPU milliseconds, wall-clock milliseconds" comes out.
"""

import sys
import time

import torch

torch.set_num_threads(1)
torch.manual_seed(1)
WIDTH, LAYERS, LENGTH, VOCABULARY, HEADS, PROBES, BATCH = (int(a) for a in sys.argv[1:8])
HEAD = WIDTH // HEADS
PROMPT = LENGTH * 3 // 8
FUTURE = torch.full((LENGTH, LENGTH), -1e9).triu(1)
ANGLES = torch.arange(LENGTH)[:, None] / 10000 ** (torch.arange(0, HEAD, 2) / HEAD)
COS, SIN = ANGLES.cos().repeat(1, 2), ANGLES.sin().repeat(1, 2)


def parameters():
    shapes = {"embedding": (VOCABULARY, WIDTH), "norm": (WIDTH,)}
    for i in range(LAYERS):
        shapes[f"{i}/qkv"] = (WIDTH, 3 * WIDTH)
        shapes[f"{i}/out"] = (WIDTH, WIDTH)
        shapes[f"{i}/up"] = (WIDTH, 4 * WIDTH)
        shapes[f"{i}/down"] = (4 * WIDTH, WIDTH)
        shapes[f"{i}/norm1"] = (WIDTH,)
        shapes[f"{i}/norm2"] = (WIDTH,)
    return {n: torch.ones(s) if "norm" in n else 0.02 * torch.randn(s) for n, s in shapes.items()}


def norm(x, gain):
    return x * torch.rsqrt((x * x).mean(-1, keepdim=True) + 1e-5) * gain


def rotate(x):  # [heads, T, head]
    left, right = x.chunk(2, -1)
    return x * COS + torch.cat((-right, left), -1) * SIN


def likelihood(p, ids):  # [T]
    x = torch.nn.functional.embedding(ids, p["embedding"])
    for i in range(LAYERS):
        qkv = (norm(x, p[f"{i}/norm1"]) @ p[f"{i}/qkv"]).reshape(LENGTH, 3, HEADS, HEAD)
        q, k, v = qkv.permute(1, 2, 0, 3).unbind(0)
        scores = rotate(q) @ rotate(k).transpose(-1, -2) / HEAD**0.5 + FUTURE
        mixed = (scores.softmax(-1) @ v).permute(1, 0, 2).reshape(LENGTH, WIDTH)
        x = x + mixed @ p[f"{i}/out"]
        wide = norm(x, p[f"{i}/norm2"]) @ p[f"{i}/up"]
        x = x + (wide * torch.sigmoid(1.702 * wide)) @ p[f"{i}/down"]
    logits = norm(x, p["norm"]) @ p["embedding"].t()
    picked = logits[PROMPT - 1 : -1].log_softmax(-1).gather(1, ids[PROMPT:, None])
    return picked.sum()


P = parameters()
D = {name: torch.rand_like(value) for name, value in P.items()}
STEP = {name: torch.rand_like(value) for name, value in P.items()}
SUM = {name: torch.rand_like(value) for name, value in P.items()}
ROWS = torch.randint(0, VOCABULARY, (PROBES + BATCH, LENGTH))


def products(gradients):  # name -> [N, ...]
    total = torch.zeros(PROBES + BATCH, BATCH + 2)
    squares = torch.zeros(PROBES + BATCH)
    for name, g in gradients.items():
        flat = g.flatten(1)
        moved = torch.empty(BATCH + 2, flat.shape[1])
        torch.mul(flat[PROBES:], D[name].flatten(), out=moved[:BATCH])
        moved[BATCH] = STEP[name].flatten()
        torch.mul(SUM[name].flatten(), D[name].flatten(), out=moved[BATCH + 1])
        total += flat @ moved.t()  # of learnt rows too
        squares += torch.linalg.vector_norm(flat, dim=1) ** 2
    return torch.cat((total.flatten(), squares))


def loop():
    leaves = {name: value.detach().requires_grad_() for name, value in P.items()}
    rows = [torch.autograd.grad(likelihood(leaves, ids), list(leaves.values())) for ids in ROWS]
    return products({name: torch.stack([r[i] for r in rows]) for i, name in enumerate(leaves)})


def batched():
    from functorch import grad, vmap

    return products(vmap(grad(likelihood), in_dims=(None, 0))(P, ROWS))


for line in sys.stdin:
    work = loop if line.strip() == "loop" else batched
    cpu, wall = time.process_time(), time.perf_counter()
    result = work()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    print(f"{1000 * cpu:.3f} {1000 * wall:.3f} {result.norm():.6g}", flush=True)
