"""Answers what Jinja and Ansible make of templates: a list of cases in, for each mode an answer out."""
import datetime
import json
import os
import shutil
import sys
import tempfile
import warnings

warnings.simplefilter("ignore")
HOME = tempfile.mkdtemp(prefix="kprep-oracle-")
os.environ.update(HOME=HOME, ANSIBLE_JINJA2_NATIVE="True", ANSIBLE_LOCAL_TEMP=HOME, ANSIBLE_LOCALHOST_WARNING="False")

import jinja2  # noqa: E402
import jinja2.nativetypes  # noqa: E402
from ansible.parsing.dataloader import DataLoader  # noqa: E402
from ansible.template import AnsibleEnvironment, Templar  # noqa: E402
from ansible.template.native_helpers import AnsibleUndefined  # noqa: E402
from ansible.utils.display import Display  # noqa: E402

Display.warning = lambda *_args, **_kwargs: None
Display.deprecated = lambda *_args, **_kwargs: None


def encoded(value):
    if value is None or isinstance(value, (bool, str)):
        return None if value is None else bool(value) if isinstance(value, bool) else str(value)
    if isinstance(value, int):
        return {"int": str(value)}
    if isinstance(value, float):
        return {"float": float(value) if value - value == 0 else repr(float(value))}
    if isinstance(value, dict):
        return {"dict": sorted([str(key), encoded(item)] for key, item in value.items())}
    if isinstance(value, (list, tuple)):
        return [encoded(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted(encoded(item) for item in value)
    if isinstance(value, (datetime.datetime, datetime.timedelta)):
        return str(value)
    if callable(value) or isinstance(value, jinja2.runtime.Undefined):
        raise TypeError("no value")
    return encoded(list(value))


def jinja(case):
    environment = jinja2.Environment(undefined=AnsibleUndefined, loader=jinja2.DictLoader(case.get("files", {})))
    environment.globals["dict"] = dict
    text = environment.from_string(case["template"]).render(**case.get("vars", {}))
    # As Ansible does, and we: the line ends at the end are kept.
    missing = trailing(case["template"]) - trailing(text)
    return text + "\n" * max(0, missing)


def trailing(text):
    return len(text) - len(text.rstrip("\n"))


def native_jinja(case):
    environment = jinja2.nativetypes.NativeEnvironment(undefined=AnsibleUndefined)
    return encoded(environment.from_string(case["template"]).render(**case.get("vars", {})))


def templar(case):
    return Templar(loader=DataLoader(), variables=case.get("vars", {}))


def native(case):
    return encoded(templar(case).template(case["template"]))


def text(case):
    plain = templar(case).copy_with_new_env(environment_class=AnsibleEnvironment)
    return plain.do_template(case["template"], preserve_trailing_newlines=True, escape_backslashes=False)


MODES = {"jinja": jinja, "nativeJinja": native_jinja, "native": native, "text": text}


def answer(case):
    out = {}
    for mode in case["modes"]:
        try:
            out[mode] = {"value": MODES[mode](case)}
        except Exception as error:  # whatever it raises is a refusal
            out[mode] = {"error": f"{type(error).__name__}: {error}"}
    return out


try:
    json.dump([answer(case) for case in json.load(sys.stdin)], sys.stdout)
finally:
    shutil.rmtree(HOME, ignore_errors=True)
