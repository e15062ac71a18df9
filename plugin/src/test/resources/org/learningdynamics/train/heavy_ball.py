"""Golden steps of PyTorch's SGD with momentum, weight decay and a cosine schedule.

    python3 heavy_ball.py > heavy-ball.json

A softmax regression in float64; after each update: the rate it used, the weights, the biases.
"""
import json
import torch

UPDATES, EPOCH, RATE, MOMENTUM, DECAY = 40, 8, 0.3, 0.9, 0.02

torch.manual_seed(7)
torch.set_default_dtype(torch.float64)
features = torch.randn(12, 3)
labels = torch.randint(0, 4, (12,))
model = torch.nn.Linear(3, 4)
optimizer = torch.optim.SGD(
    model.parameters(), lr=RATE, momentum=MOMENTUM, weight_decay=DECAY)
schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=UPDATES // EPOCH)


def parameters():
    return {"weight": model.weight.tolist(), "bias": model.bias.tolist()}


golden = {
    "tool": "PyTorch " + torch.__version__,
    "updates_an_epoch": EPOCH,
    "epochs": UPDATES // EPOCH,
    "rate": RATE,
    "momentum": MOMENTUM,
    "weight_decay": DECAY,
    "features": features.tolist(),
    "labels": labels.tolist(),
    "initial": parameters(),
    "steps": [],
}
for update in range(UPDATES):
    optimizer.zero_grad()
    torch.nn.functional.cross_entropy(model(features), labels).backward()
    rate = optimizer.param_groups[0]["lr"]
    optimizer.step()
    golden["steps"].append({"rate": rate, **parameters()})
    if (update + 1) % EPOCH == 0:
        schedule.step()
print(json.dumps(golden))
