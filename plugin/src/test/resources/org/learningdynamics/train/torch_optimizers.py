"""Steps of PyTorch's optimisers, for TorchOptimizersTest: python3 torch_optimizers.py > torch-optimizers.json

Twenty updates of a parameter of seven values by given gradients, of every size between 1e-9 and 10, in both
precisions. Rates warm up as LambdaLR does it in the paper's code: min(1, (i + 1) / (w + 1)), w = 4.
"""

import json

import torch

STEPS, VALUES, RATE, WARM_UP = 20, 7, 3e-3, 4

torch.manual_seed(3)
START = torch.randn(VALUES, dtype=torch.float64)
SIZES = 10.0 ** torch.tensor([-9, -7, -5, -3, -1, 0, 1], dtype=torch.float64)
GRADIENTS = torch.randn(STEPS, VALUES, dtype=torch.float64) * SIZES

OPTIMIZERS = {
    "adam": lambda p: torch.optim.Adam([p], lr=RATE),
    "adamw": lambda p: torch.optim.AdamW([p], lr=RATE, weight_decay=0.1),
    "rmsprop": lambda p: torch.optim.RMSprop([p], lr=RATE),
}


def run(make, dtype):
    parameter = START.to(dtype).clone().requires_grad_()
    optimizer = make(parameter)
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda i: min(1.0, (i + 1) / (WARM_UP + 1)))
    steps = []
    for gradient in GRADIENTS:
        parameter.grad = gradient.to(dtype).clone()
        rate = scheduler.get_last_lr()[0]
        optimizer.step()
        scheduler.step()
        steps.append({"rate": rate, "values": parameter.detach().tolist()})
    return steps


golden = {
    "tool": "PyTorch " + torch.__version__,
    "rate": RATE,
    "warm_up": WARM_UP,
    "start": START.tolist(),
    "gradients": GRADIENTS.tolist(),
    "float64": {name: run(make, torch.float64) for name, make in OPTIMIZERS.items()},
    "float32": {name: run(make, torch.float32) for name, make in OPTIMIZERS.items()},
}
print(json.dumps(golden))
