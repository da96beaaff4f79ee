#!/usr/bin/env python3
"""Compares a zip with a tree by what Python's zipfile reads of it. Usage: zipcheck.py ARCHIVE TREE"""

import os
import stat
import struct
import sys
import zipfile


def fields(extra):
    while len(extra) >= 4:
        kind, length = struct.unpack("<HH", extra[:4])
        yield kind, extra[4:4 + length]
        extra = extra[4 + length:]


def main():
    archive, tree = sys.argv[1], os.fsencode(sys.argv[2])
    wrong = []
    with zipfile.ZipFile(archive, metadata_encoding="latin-1") as zip_file:
        assert zip_file.testzip() is None
        found = {}
        for info in zip_file.infolist():
            name = info.filename.encode("utf-8" if info.flag_bits & 0x800 else "latin-1")
            if name in found:
                wrong.append(("twice", name))
            found[name] = info
        top = os.path.dirname(tree)
        expected = [tree]
        for path, directories, files in os.walk(tree):
            expected += [os.path.join(path, name) for name in directories + files]
        for path in expected:
            st = os.lstat(path)
            is_directory = stat.S_ISDIR(st.st_mode)
            name = os.path.relpath(path, top) + (b"/" if is_directory else b"")
            if not (is_directory or stat.S_ISREG(st.st_mode) or stat.S_ISLNK(st.st_mode)):
                if name in found:
                    wrong.append(("special", name))
                continue
            info = found.pop(name, None)
            if info is None:
                wrong.append(("missing", name))
                continue
            if info.external_attr >> 16 != st.st_mode:
                wrong.append(("mode", name, oct(info.external_attr >> 16), oct(st.st_mode)))
            extra = dict(fields(info.extra))
            seconds = st.st_mtime_ns // 1_000_000_000
            if -2**31 <= seconds < 2**31 and struct.unpack("<Bi", extra[0x5455]) != (1, seconds):
                wrong.append(("time", name))
            if struct.unpack("<BBIBI", extra[0x7875]) != (1, 4, st.st_uid, 4, st.st_gid):
                wrong.append(("owner", name))
            content = b"" if is_directory else os.fsencode(os.readlink(path)) if stat.S_ISLNK(st.st_mode) else open(path, "rb").read()
            if zip_file.read(info) != content:
                wrong.append(("content", name))
        wrong += [("surplus", name) for name in found]
    for line in wrong[:20]:
        print(*line)


main()
