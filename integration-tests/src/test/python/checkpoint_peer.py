"""Decoder checkpoints in PyTorch: GPT-NeoX, Llama, Qwen2 and GPT-2, from their published descriptions.

python3 checkpoint_peer.py make FOLDER
    writes small random checkpoints, each with golden.safetensors: logits, loss and gradients in float64, and
    provenance.json beside them.
python3 checkpoint_peer.py logits IDS CHECKPOINT...
    loads checkpoints, refusing missing, surplus and misshaped tensors, and writes into each, as answer.safetensors,
    its float64 logits for a JSON list of equally long rows of ids.

Rotary positions, in all that have them: of a head's first r columns, j and j + r/2 turn together by
position * base ** (-2j/r).
"""

import json
import math
import pathlib
import platform
import struct
import sys

import torch
from torch.nn.functional import embedding, silu, softmax

torch.set_num_threads(1)
SEED = 20240711
TYPES = {"F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16, "BOOL": torch.bool}
WORDS = {value: key for key, value in TYPES.items()}


# The file format: header size, JSON header, values.


def write(path, tensors, metadata):
    header, offset = {"__metadata__": metadata}, 0
    for name, t in tensors.items():
        end = offset + t.numel() * t.element_size()
        header[name] = {"dtype": WORDS[t.dtype], "shape": list(t.shape), "data_offsets": [offset, end]}
        offset = end
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for t in tensors.values():
            file.write(t.contiguous().view(torch.uint8).numpy().tobytes() if t.dim() else t.numpy().tobytes())


def read(path):
    content = path.read_bytes()
    (size,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + size])
    metadata, tensors = header.pop("__metadata__", {}), {}
    for name, entry in header.items():
        begin, end = (8 + size + offset for offset in entry["data_offsets"])
        flat = torch.frombuffer(bytearray(content[begin:end]), dtype=TYPES[entry["dtype"]])
        tensors[name] = flat.reshape(entry["shape"])
    return metadata, tensors


def read_folder(folder):
    index = folder / "model.safetensors.index.json"
    if not index.exists():
        metadata, tensors = read(folder / "model.safetensors")
        assert metadata.get("format") == "pt", metadata
        return tensors
    tensors = {}
    for shard in sorted(set(json.loads(index.read_text())["weight_map"].values())):
        tensors.update(read(folder / shard)[1])
    return tensors


# What the families' tensors are called, and their shapes.


def shapes(c):
    return {"gpt_neox": neox_shapes, "llama": llama_shapes, "qwen2": llama_shapes, "gpt2": gpt2_shapes}[c["model_type"]](c)


def neox_shapes(c):
    v, d, f = c["vocab_size"], c["hidden_size"], c["intermediate_size"]
    found = {"gpt_neox.embed_in.weight": (v, d)}
    for i in range(c["num_hidden_layers"]):
        at = f"gpt_neox.layers.{i}."
        for name in ("input_layernorm", "post_attention_layernorm"):
            found |= {f"{at}{name}.weight": (d,), f"{at}{name}.bias": (d,)}
        sizes = {
            "attention.query_key_value": (3 * d, d),
            "attention.dense": (d, d),
            "mlp.dense_h_to_4h": (f, d),
            "mlp.dense_4h_to_h": (d, f),
        }
        for name, size in sizes.items():
            found |= {f"{at}{name}.weight": size, f"{at}{name}.bias": size[:1]}
    found |= {"gpt_neox.final_layer_norm.weight": (d,), "gpt_neox.final_layer_norm.bias": (d,)}
    return found | ({} if c["tie_word_embeddings"] else {"embed_out.weight": (v, d)})


def llama_shapes(c):
    v, d, f = c["vocab_size"], c["hidden_size"], c["intermediate_size"]
    head = c.get("head_dim", d // c["num_attention_heads"])
    q, kv = head * c["num_attention_heads"], head * c["num_key_value_heads"]
    found = {"model.embed_tokens.weight": (v, d)}
    for i in range(c["num_hidden_layers"]):
        at = f"model.layers.{i}."
        for name, size in {"q": q, "k": kv, "v": kv}.items():
            found[f"{at}self_attn.{name}_proj.weight"] = (size, d)
            if c["model_type"] == "qwen2":
                found[f"{at}self_attn.{name}_proj.bias"] = (size,)
        found[f"{at}self_attn.o_proj.weight"] = (d, q)
        found |= {f"{at}mlp.gate_proj.weight": (f, d), f"{at}mlp.up_proj.weight": (f, d)}
        found[f"{at}mlp.down_proj.weight"] = (d, f)
        found |= {f"{at}input_layernorm.weight": (d,), f"{at}post_attention_layernorm.weight": (d,)}
    found["model.norm.weight"] = (d,)
    return found | ({} if c["tie_word_embeddings"] else {"lm_head.weight": (v, d)})


def gpt2_shapes(c):
    d = c["n_embd"]
    f = c.get("n_inner") or 4 * d
    found = {"wte.weight": (c["vocab_size"], d), "wpe.weight": (c["n_positions"], d)}
    for i in range(c["n_layer"]):
        for name in ("ln_1", "ln_2"):
            found |= {f"h.{i}.{name}.weight": (d,), f"h.{i}.{name}.bias": (d,)}
        sizes = {"attn.c_attn": (d, 3 * d), "attn.c_proj": (d, d), "mlp.c_fc": (d, f), "mlp.c_proj": (f, d)}
        for name, size in sizes.items():
            found |= {f"h.{i}.{name}.weight": size, f"h.{i}.{name}.bias": size[1:]}
    return found | {"ln_f.weight": (d,), "ln_f.bias": (d,)}


# Forward passes: ids [B, T] to logits [B, T, V].


def logits(c, w, ids):
    return {"gpt_neox": neox, "llama": llama, "qwen2": llama, "gpt2": gpt2}[c["model_type"]](c, w, ids)


def layer_norm(w, name, x, eps):
    centred = x - x.mean(-1, keepdim=True)
    scaled = centred / (centred.square().mean(-1, keepdim=True) + eps).sqrt()
    return scaled * w[name + ".weight"] + w[name + ".bias"]


def rms_norm(w, name, x, eps):
    return x / (x.square().mean(-1, keepdim=True) + eps).sqrt() * w[name + ".weight"]


def linear(w, name, x):  # matrices are [out, in]
    y = x @ w[name + ".weight"].t()
    return y + w[name + ".bias"] if name + ".bias" in w else y


def turned(x, columns, base, scale=1.0):  # [B, heads, T, head]
    half = columns // 2
    places = torch.arange(x.shape[2], dtype=x.dtype) / scale
    angles = places[:, None] * base ** (-torch.arange(half, dtype=x.dtype) / half)
    cos, sin = angles.cos(), angles.sin()
    first, second, still = x[..., :half], x[..., half:columns], x[..., columns:]
    return torch.cat((first * cos - second * sin, second * cos + first * sin, still), -1)


def attention(q, k, v):  # each [B, heads, T, head]; result [B, T, heads * head]
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    length = scores.shape[-1]
    future = torch.ones(length, length, dtype=torch.bool).triu(1)
    mixed = softmax(scores.masked_fill(future, -math.inf), -1) @ v
    return mixed.transpose(1, 2).flatten(2)


def heads(x, count):  # [B, T, count * head] to [B, count, T, head]
    return x.unflatten(-1, (count, -1)).transpose(1, 2)


def gelu(x):
    return x * (1 + torch.erf(x / math.sqrt(2))) / 2


def gelu_new(x):
    return x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))) / 2


def neox(c, w, ids):
    count, eps = c["num_attention_heads"], c["layer_norm_eps"]
    columns = int(c["hidden_size"] // count * c["rotary_pct"])

    def attend(at, x):
        # One matrix for all three; its rows go by head first, then by query, key, value.
        fused = linear(w, at + "attention.query_key_value", x).unflatten(-1, (count, 3, -1))
        q, k, v = (part.transpose(1, 2) for part in fused.unbind(-2))
        q, k = (turned(part, columns, c["rotary_emb_base"]) for part in (q, k))
        return linear(w, at + "attention.dense", attention(q, k, v))

    def feed_forward(at, x):
        return linear(w, at + "mlp.dense_4h_to_h", gelu(linear(w, at + "mlp.dense_h_to_4h", x)))

    x = embedding(ids, w["gpt_neox.embed_in.weight"])
    for i in range(c["num_hidden_layers"]):
        at = f"gpt_neox.layers.{i}."
        mixed = attend(at, layer_norm(w, at + "input_layernorm", x, eps))
        between = x if c["use_parallel_residual"] else x + mixed
        wide = feed_forward(at, layer_norm(w, at + "post_attention_layernorm", between, eps))
        x = x + mixed + wide
    x = layer_norm(w, "gpt_neox.final_layer_norm", x, eps)
    return x @ w["gpt_neox.embed_in.weight" if c["tie_word_embeddings"] else "embed_out.weight"].t()


def llama(c, w, ids):
    count, pairs, eps = c["num_attention_heads"], c["num_key_value_heads"], c["rms_norm_eps"]
    scaling = c.get("rope_scaling") or {"type": "linear", "factor": 1.0}
    assert scaling["type"] == "linear"

    def attend(at, x):
        q = heads(linear(w, at + "q_proj", x), count)
        k, v = (heads(linear(w, at + name, x), pairs) for name in ("k_proj", "v_proj"))
        q, k = (turned(part, q.shape[-1], c["rope_theta"], scaling["factor"]) for part in (q, k))
        k, v = (part.repeat_interleave(count // pairs, 1) for part in (k, v))
        return linear(w, at + "o_proj", attention(q, k, v))

    x = embedding(ids, w["model.embed_tokens.weight"])
    for i in range(c["num_hidden_layers"]):
        at = f"model.layers.{i}."
        x = x + attend(at + "self_attn.", rms_norm(w, at + "input_layernorm", x, eps))
        y = rms_norm(w, at + "post_attention_layernorm", x, eps)
        gated = silu(linear(w, at + "mlp.gate_proj", y)) * linear(w, at + "mlp.up_proj", y)
        x = x + linear(w, at + "mlp.down_proj", gated)
    x = rms_norm(w, "model.norm", x, eps)
    return x @ w["model.embed_tokens.weight" if c["tie_word_embeddings"] else "lm_head.weight"].t()


def gpt2(c, w, ids):
    eps = c["layer_norm_epsilon"]

    def affine(name, x):  # matrices are [in, out]
        return x @ w[name + ".weight"] + w[name + ".bias"]

    x = embedding(ids, w["wte.weight"]) + w["wpe.weight"][: ids.shape[1]]
    for i in range(c["n_layer"]):
        at = f"h.{i}."
        q, k, v = affine(at + "attn.c_attn", layer_norm(w, at + "ln_1", x, eps)).chunk(3, -1)
        x = x + affine(at + "attn.c_proj", attention(*(heads(part, c["n_head"]) for part in (q, k, v))))
        wide = gelu_new(affine(at + "mlp.c_fc", layer_norm(w, at + "ln_2", x, eps)))
        x = x + affine(at + "mlp.c_proj", wide)
    return layer_norm(w, "ln_f", x, eps) @ w["wte.weight"].t()


# Small checkpoints.

NEOX = {
    "architectures": ["GPTNeoXForCausalLM"], "model_type": "gpt_neox", "vocab_size": 40, "hidden_size": 32,
    "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 48, "hidden_act": "gelu",
    "rotary_pct": 0.25, "rotary_emb_base": 10000, "max_position_embeddings": 64, "layer_norm_eps": 1e-5,
    "use_parallel_residual": True, "tie_word_embeddings": False, "initializer_range": 0.02, "use_cache": True,
    "bos_token_id": 0, "eos_token_id": 0, "torch_dtype": "float32", "transformers_version": "4.24.0",
}  # fmt: skip
LLAMA = {
    "architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": 40, "hidden_size": 24,
    "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 8,
    "intermediate_size": 40, "hidden_act": "silu", "rope_theta": 5000.0,
    "rope_scaling": {"type": "linear", "factor": 2.5}, "max_position_embeddings": 64, "rms_norm_eps": 1e-6,
    "attention_bias": False, "attention_dropout": 0.0, "mlp_bias": False, "pretraining_tp": 1,
    "tie_word_embeddings": False, "initializer_range": 0.02, "use_cache": True, "bos_token_id": 1,
    "eos_token_id": [2, 3], "torch_dtype": "float32", "transformers_version": "4.44.0",
}  # fmt: skip
QWEN2 = {
    "architectures": ["Qwen2ForCausalLM"], "model_type": "qwen2", "vocab_size": 40, "hidden_size": 24,
    "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2, "intermediate_size": 40,
    "hidden_act": "silu", "rope_theta": 1000000.0, "max_position_embeddings": 64, "rms_norm_eps": 1e-6,
    "attention_dropout": 0.0, "use_sliding_window": False, "sliding_window": 64, "max_window_layers": 2,
    "tie_word_embeddings": True, "initializer_range": 0.02, "use_cache": True, "bos_token_id": 37,
    "eos_token_id": 37, "torch_dtype": "bfloat16", "transformers_version": "4.40.1",
}  # fmt: skip
GPT2 = {
    "architectures": ["GPT2LMHeadModel"], "model_type": "gpt2", "vocab_size": 40, "n_embd": 24, "n_layer": 2,
    "n_head": 3, "n_positions": 32, "n_ctx": 32, "activation_function": "gelu_new", "attn_pdrop": 0.1,
    "embd_pdrop": 0.1, "resid_pdrop": 0.1, "layer_norm_epsilon": 1e-5, "initializer_range": 0.02,
    "bos_token_id": 39, "eos_token_id": 39, "summary_type": "cls_index", "summary_use_proj": True,
    "task_specific_params": {"text-generation": {"do_sample": True, "max_length": 50}},
}  # fmt: skip
CHECKPOINTS = {
    "gpt-neox-parallel": (NEOX, torch.float32, 1),
    "gpt-neox-sequential": (NEOX | {"use_parallel_residual": False, "layer_norm_eps": 1e-3}, torch.float32, 1),
    "llama-grouped": (LLAMA, torch.float32, 3),
    "llama-half": (
        {k: v for k, v in LLAMA.items() if k not in ("head_dim", "rope_scaling")}
        | {"num_key_value_heads": 4, "num_hidden_layers": 1, "torch_dtype": "float16"},
        torch.float16,
        1,
    ),
    "qwen2-tied": (QWEN2, torch.bfloat16, 1),
    "qwen2-untied": (
        QWEN2 | {"num_key_value_heads": 4, "tie_word_embeddings": False, "torch_dtype": "float32"},
        torch.float32,
        1,
    ),
    "gpt2": (GPT2, torch.float32, 1),
}


def draw(c, dtype):
    """Gains about 1, biases and vectors about .3, matrices that keep the size of what they multiply."""
    weights = {}
    for name, shape in shapes(c).items():
        t = torch.randn(shape, dtype=torch.float64)
        if len(shape) == 2:
            t = t * (0.5 if "emb" in name or "wte" in name or "wpe" in name else 1.2 / math.sqrt(min(shape)))
        else:
            t = 0.3 * t + (1 if name.endswith("weight") else 0)
        weights[name] = t.to(dtype)
    return weights


def buffers(c):
    """Entries of old files that are no weights."""
    if c["model_type"] != "gpt2":
        return {}
    past = torch.ones(c["n_ctx"], c["n_ctx"], dtype=torch.bool).tril()[None, None]
    return {f"h.{i}.attn.bias": past for i in range(c["n_layer"])}


def golden(c, weights, ids):
    leaves = {name: t.to(torch.float64).requires_grad_() for name, t in weights.items()}
    result = logits(c, leaves, ids)
    log_probs = result[:, :-1].log_softmax(-1)
    loss = -log_probs.gather(-1, ids[:, 1:, None]).mean()
    gradients = torch.autograd.grad(loss, list(leaves.values()))
    found = {"logits": result.detach(), "loss": loss.detach()}
    return found | {"gradient/" + name: g for name, g in zip(leaves, gradients)}


def make(folder):
    for name, (c, dtype, shards) in CHECKPOINTS.items():
        torch.manual_seed(SEED + len(name))
        at = folder / name
        at.mkdir(parents=True, exist_ok=True)
        weights = draw(c, dtype)
        ids = torch.randint(0, c["vocab_size"], (2, 11))
        (at / "config.json").write_text(json.dumps(c, indent=2) + "\n")
        write_shards(at, buffers(c) | weights, shards)
        write(at / "golden.safetensors", golden(c, weights, ids), {"ids": json.dumps(ids.tolist())})
    provenance = {
        "command": "python3 checkpoint_peer.py make FOLDER",
        "loss": "mean over both rows and every position but the first of -log softmax(logits)[next id]",
        "machine": platform.machine(),
        "python": platform.python_version(),
        "seed": SEED,
        "torch": torch.__version__,
    }
    (folder / "provenance.json").write_text(json.dumps(provenance, indent=2) + "\n")


def write_shards(at, tensors, shards):
    if shards == 1:
        write(at / "model.safetensors", tensors, {"format": "pt"})
        return
    names, places = list(tensors), {}
    for i in range(shards):
        file = f"model-{i + 1:05}-of-{shards:05}.safetensors"
        part = {name: tensors[name] for name in names[i * len(names) // shards : (i + 1) * len(names) // shards]}
        write(at / file, part, {"format": "pt"})
        places |= {name: file for name in part}
    size = sum(t.numel() * t.element_size() for t in tensors.values())
    index = {"metadata": {"total_size": size}, "weight_map": dict(sorted(places.items()))}
    (at / "model.safetensors.index.json").write_text(json.dumps(index, indent=2) + "\n")


def answer(ids, folder):
    c = json.loads((folder / "config.json").read_text())
    weights = read_folder(folder)
    expected, found = shapes(c), {name: tuple(t.shape) for name, t in weights.items()}
    assert found == expected, set(found.items()) ^ set(expected.items())
    wide = {name: t.to(torch.float64) for name, t in weights.items()}
    dtypes = ",".join(sorted({WORDS[t.dtype] for t in weights.values()}))
    write(folder / "answer.safetensors", {"logits": logits(c, wide, torch.tensor(ids))}, {"dtypes": dtypes})


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(pathlib.Path(sys.argv[2]))
    else:
        for argument in sys.argv[3:]:
            answer(json.loads(sys.argv[2]), pathlib.Path(argument))
