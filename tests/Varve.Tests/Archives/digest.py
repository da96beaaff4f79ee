#!/usr/bin/env python3
"""Digests of trees, computed by docs/digest.md alone. Usage: digest.py [--content] [--list] PATH"""

import hashlib
import os
import stat
import struct
import sys

PIECE = 16 << 20
KINDS = {
    stat.S_IFREG: b"f", stat.S_IFDIR: b"d", stat.S_IFLNK: b"l", stat.S_IFIFO: b"p",
    stat.S_IFSOCK: b"s", stat.S_IFCHR: b"c", stat.S_IFBLK: b"b",
}


def sha(data):
    return hashlib.sha256(data).digest()


def record(st, name, value):
    kind = KINDS[stat.S_IFMT(st.st_mode)]
    size = st.st_size if kind in b"fl" else 0
    mode = 0 if kind == b"l" else stat.S_IMODE(st.st_mode)
    seconds, nanoseconds = divmod(st.st_mtime_ns, 1_000_000_000)
    return kind + struct.pack("<HQqII", mode, size, seconds, nanoseconds, len(name)) + name + value


def content(path, size):
    with open(path, "rb") as file:
        if size <= PIECE:
            return sha(file.read())
        return sha(b"".join(sha(piece) for piece in iter(lambda: file.read(PIECE), b"")))


def value(path, st, header, found):
    kind = KINDS[stat.S_IFMT(st.st_mode)]
    if kind == b"d":
        inside = header
        for name in sorted(os.listdir(path)):
            below = os.path.join(path, name)
            child = os.lstat(below)
            inside += record(child, name, value(below, child, header, found))
        hashed = sha(inside)
        found.append((path, sha(header + record(st, b"", hashed))))
        return hashed
    if header[14:15] == b"m":
        return b""
    if kind == b"f":
        return content(path, st.st_size)
    if kind == b"l":
        return sha(os.readlink(path))
    if kind in b"cb":
        return sha(b"%d:%d" % (os.major(st.st_rdev), os.minor(st.st_rdev)))
    return b""


def main():
    options = set(sys.argv[1:-1])
    letter = b"c" if "--content" in options else b"m"
    header = b"varve-digest-1" + letter + b"\n"
    path = os.fsencode(sys.argv[-1])
    sys.setrecursionlimit(20_000)
    found = []
    st = os.stat(path)
    top = sha(header + record(st, b"", value(path, st, header, found)))
    lines = sorted(found) if "--list" in options else [(path, top)]
    for where, digest in lines:
        print(letter.decode() + "1-" + digest.hex(), os.fsencode(where).hex())


main()
