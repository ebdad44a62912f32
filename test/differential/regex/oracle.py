"""Answers what Python's re says: a list of cases in, a list of answers out."""
import json
import re
import sys
import warnings

warnings.simplefilter("ignore")

FLAGS = {"multiline": re.M, "ignoreCase": re.I, "dotAll": re.S, "verbose": re.X}


def answer(case):
    flags = 0
    for name in case.get("flags", []):
        flags |= FLAGS[name]
    try:
        pattern = re.compile(case["pattern"], flags)
    except (re.error, OverflowError, RecursionError) as error:
        return {"error": str(error)}
    text = case["text"]

    def of(match):
        return None if match is None else [match.group(), *match.groups()]

    out = {
        "search": of(pattern.search(text)),
        "match": of(pattern.match(text)),
        "fullmatch": of(pattern.fullmatch(text)),
        "findall": [list(item) if isinstance(item, tuple) else item for item in pattern.findall(text)],
    }
    if "replacement" in case:
        try:
            out["sub"] = list(pattern.subn(case["replacement"], text, case.get("count", 0)))
        except (re.error, IndexError) as error:
            out["sub"] = "error"
    return out


json.dump([answer(case) for case in json.load(sys.stdin)], sys.stdout)
