# Prints configurations that differ from an example in one place, one JSON document a line, each with what a JSON schema says of it:
#   config-mutations.py SCHEMA EXAMPLE   ->   {"valid": true, "scalar": false, "text": "..."}
# scalar: the change is to a scalar of another type, which the reader of YAML may take for text.
import copy, json, sys
import jsonschema, yaml

schema = json.load(open(sys.argv[1]))
jsonschema.Draft202012Validator.check_schema(schema)
judge = jsonschema.Draft202012Validator(schema)
example = yaml.safe_load(open(sys.argv[2]))


def places(node, path=()):
    yield path
    for key in node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ():
        yield from places(node[key], path + (key,))


def at(document, path):
    for key in path:
        document = document[key]
    return document


def tell(document, scalar=False):
    print(json.dumps({"valid": judge.is_valid(document), "scalar": scalar, "text": json.dumps(document)}))


tell(example)
for path in places(example):
    old = at(example, path)
    if path:
        for value in ("text", "", 7, 0, True, [], {}, ["a"], {"x": 1}, None):
            changed = copy.deepcopy(example)
            at(changed, path[:-1])[path[-1]] = value
            tell(changed, not isinstance(value, (list, dict)))
        changed = copy.deepcopy(example)
        del at(changed, path[:-1])[path[-1]]
        tell(changed)
    if isinstance(old, dict):
        changed = copy.deepcopy(example)
        at(changed, path)["unknown"] = "x"
        tell(changed)
