#!/usr/bin/env python3
"""Prints, for each folder of src, how many of its lines ran: from the JSON that coverlet writes. Generated code does not count."""
import json, sys
from collections import defaultdict

lines = defaultdict(dict)
with open(sys.argv[1], encoding="utf-8-sig") as file:
    for documents in json.load(file).values():
        for path, classes in documents.items():
            at = path.rfind("/src/")
            if at < 0 or "/obj/" in path:
                continue
            for methods in classes.values():
                for method in methods.values():
                    for line, hits in method["Lines"].items():
                        key = path[at + 1:], int(line)
                        folder = "/".join(key[0].split("/")[:3]) if key[0].count("/") > 2 else key[0].rsplit("/", 1)[0]
                        lines[folder][key] = lines[folder].get(key, 0) or hits > 0

print(f"{'folder':<28} {'lines':>7} {'ran':>7}")
for folder in sorted(lines):
    print(f"{folder:<28} {len(lines[folder]):>7} {sum(map(bool, lines[folder].values())) / len(lines[folder]):>7.1%}")
every = [hit for folder in lines.values() for hit in folder.values()]
print(f"{'all':<28} {len(every):>7} {sum(map(bool, every)) / max(1, len(every)):>7.1%}")
