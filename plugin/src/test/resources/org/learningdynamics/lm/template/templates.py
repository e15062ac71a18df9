"""Renders the templates beside this file as Hugging Face transformers does.

python3 templates.py; made with Python 3.11 and Jinja2 3.1.6.
"""

import json
import pathlib

import jinja2
from jinja2.ext import Extension, loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment

HERE = pathlib.Path(__file__).parent


class Generation(Extension):
    """A block that marks the assistant's words and renders them."""

    tags = {"generation"}

    def parse(self, parser):
        next(parser.stream)
        return parser.parse_statements(["name:endgeneration"], drop_needle=True)


def fail(message):
    raise jinja2.exceptions.TemplateError(message)


def to_json(value, indent=None):
    return json.dumps(value, ensure_ascii=False, indent=indent)


def main():
    env = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[Generation, loopcontrols]
    )
    env.filters["tojson"] = to_json
    env.globals["raise_exception"] = fail
    env.globals["strftime_now"] = lambda form: "05 Mar 2026"
    conversations = json.loads((HERE / "messages.json").read_text())
    golden = {}
    for file in sorted(HERE.glob("*.jinja")):
        template = env.from_string(file.read_text())
        for name, messages in conversations.items():
            for prompt in (False, True):
                golden[f"{file.stem} {name} {str(prompt).lower()}"] = template.render(
                    messages=messages,
                    tools=None,
                    documents=None,
                    add_generation_prompt=prompt,
                    bos_token="<s>",
                    eos_token="</s>",
                )
    text = json.dumps(golden, ensure_ascii=False, indent=1) + "\n"
    (HERE / "golden.json").write_text(text)


main()
