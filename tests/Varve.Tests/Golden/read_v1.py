#!/usr/bin/env python3
"""Reads a Varve repository of format version 1. Written from docs/format.md alone, to show that it suffices; section numbers are its.

    read_v1.py REPOSITORY (--key-file FILE | --password PASSWORD | --paper-key FILE) [--extract DIRECTORY | --tell]
    read_v1.py --vectors docs/vectors.json

Prints one line for each entry of each snapshot: the snapshot's number (by start time, from 1), then the entry as tests/Varve.Tests/Golden/Manifest.cs has it.
With --tell it prints what every object says, who signed it and what it is worth, and goes on with what is signed falsely or missing.
With --vectors it verifies the test vectors (15): it makes each from what goes in, and reads the repository that they make up. With --extract the regular files are written below DIRECTORY/NUMBER too. Verifies all that can be verified on the way and stops at the first thing that is wrong.
Needs python3-cryptography and the program zstd.
"""
import argparse, base64, hashlib, hmac, json, os, re, struct, subprocess, sys, tempfile
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

KINDS = ["", "file", "directory", "symlink", "fifo", "socket", "char", "block"]


class Damaged(Exception):
    pass


def need(condition, what):
    if not condition:
        raise Damaged(what)


# ---- 1. Conventions ----

class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, n):
        need(0 <= n <= len(self.data) - self.at, "a length reaches beyond its container")
        self.at += n
        return self.data[self.at - n:self.at]

    def u8(self):
        return self.take(1)[0]

    def varint(self):
        value = 0
        for i in range(10):
            byte = self.u8()
            value |= (byte & 0x7F) << (7 * i)
            if byte < 0x80:
                need(value < 1 << 64, "a varint is over 2^64-1")
                return value
        raise Damaged("a varint is longer than 10 bytes")

    def svarint(self):
        n = self.varint()
        return (n >> 1) ^ -(n & 1)

    def bytes(self):
        return self.take(self.varint())

    def time(self):
        seconds, nanoseconds = self.svarint(), self.varint()
        need(nanoseconds <= 999_999_999, "a time makes no sense")
        return seconds, nanoseconds

    def done(self):
        return self.at == len(self.data)

    def end(self):
        need(self.done(), "there are bytes after the end")


def fields(data, repeating=(), known=0):
    """A list of (tag, value), ascending by tag. Of the known tags, which are 1 to that number, only the repeating ones stand twice."""
    reader, result = Reader(data), []
    while not reader.done():
        tag = reader.varint()
        need(not result or tag > result[-1][0] or tag == result[-1][0] and (tag in repeating or tag > known), "tags do not ascend")
        result.append((tag, reader.bytes()))
    return result


def whole(value, read):
    """The value of a field, which ends where its type ends."""
    reader = Reader(value)
    result = read(reader)
    reader.end()
    return result


def fixed(value, length):
    need(len(value) == length, f"a value has not {length} bytes")
    return value


def number(reader, limit):
    value = reader.varint()
    need(value < limit, "a number is too large")
    return value


def require(found, tags):
    need(set(tags) <= set(found), "a required tag is missing")


# JSON

class Unsupported(Exception):
    pass


def parse_json(text):
    def members(pairs):
        need(len({name for name, _ in pairs}) == len(pairs), "a member occurs twice")
        return dict(pairs)

    def depth(value):
        below = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        return 1 + max(map(depth, below), default=0) if isinstance(value, (dict, list)) else 0

    def no_constant(name):
        raise Damaged(f"{name} is no JSON")

    try:
        value = json.loads(text, object_pairs_hook=members, parse_constant=no_constant, parse_float=lambda text: ("fraction", text))
    except ValueError:
        raise Damaged("it is no JSON") from None
    need(isinstance(value, dict) and depth(value) <= 8, "it is no object, or more than 8 levels deep")
    return value


def integer(json_object, name, least, most):
    value = json_object.get(name)
    need(type(value) is int and least <= value <= most, f"{name} makes no sense")
    return value


def text(json_object, name, most=1024):
    value = json_object.get(name)
    need(isinstance(value, str) and not re.search("[\0-\x1f\x7f-\x9f\ud800-\udfff]", value), f"{name} makes no sense")
    need(len(value.encode("utf-16-le")) <= 2 * most, f"{name} is too long")
    return value


def json_time(json_object, name):
    need(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", text(json_object, name)), f"{name} is no time")


def plain_base64(value):
    try:
        data = base64.b64decode(value, validate=True)
    except ValueError:
        raise Damaged("it is no base64") from None
    need(base64.b64encode(data).decode() == value, "it is not the base64 of its bytes")
    return data


def repository_id(json_object):
    need(re.fullmatch("[0-9a-f]{32}", text(json_object, "repository")), "it has no repository id")


def parse_header(data):
    """3."""
    need(len(data) <= 1 << 16, "a header is too long")
    header = parse_json(data)
    if integer(header, "varve", 1, (1 << 31) - 1) > 1:
        raise Unsupported("a version above 1")
    repository_id(header)
    json_time(header, "created")
    most = integer(header, "chunkMax", 64, 16 << 20)
    average = integer(header, "chunkAverage", 64, most)
    integer(header, "chunkMin", 64, average)
    integer(header, "blockSize", 1, 32 << 20)
    integer(header, "packSize", 1, 1 << 30)
    return header


def parse_slot(data):
    """4."""
    need(len(data) <= 1 << 16, "a slot is too long")
    slot = parse_json(data)
    if integer(slot, "slot", 1, (1 << 31) - 1) > 1 or text(slot, "level") not in ("full", "write") or text(slot, "method") not in ("password", "keyfile"):
        raise Unsupported("a slot of another sort")
    kdf = slot.get("kdf")
    need(isinstance(kdf, dict), "a slot has no kdf")
    if text(kdf, "name") != ("scrypt" if slot["method"] == "password" else "hkdf-sha256"):
        raise Unsupported("an unknown kdf")
    if slot["method"] == "password":
        n, r, p = integer(kdf, "n", 2, 1 << 62), integer(kdf, "r", 1, (1 << 32) - 1), integer(kdf, "p", 1, 16)
        need(n & n - 1 == 0 and 128 * r * (n + p + 2) <= (1 << 30) + (1 << 20) and n < 1 << 16 * min(r, 4), "unacceptable scrypt parameters")
    repository_id(slot)
    text(slot, "label")
    text(slot, "created")
    fixed(plain_base64(text(slot, "salt", 1 << 16)), 32)
    need(len(plain_base64(text(slot, "sealed", 1 << 16))) >= 28, "a slot seals nothing")
    return slot


class NoKeyFile(Exception):
    pass


def parse_key_file(data):
    """4."""
    try:
        content = data.decode()
    except ValueError:
        raise NoKeyFile("it is not UTF-8") from None
    lines = content.split("\n")
    lines = [(line[:-1] if line.endswith("\r") and i < len(lines) - 1 else line).strip(" \t") for i, line in enumerate(lines)]
    lines = [line for line in lines if line and not line.startswith("#")]
    found = re.fullmatch("varve-key-([0-9]+) (.*)", lines[0]) if len(lines) == 1 else None
    if not found:
        raise NoKeyFile("it has not one line of a key")
    if found[1] != "1":
        raise Unsupported("a key file of another version")
    try:
        return fixed(plain_base64(found[2]), 32)
    except Damaged:
        raise NoKeyFile("its key is not 32 bytes") from None


# 4.1. Paper keys

PAPER_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def to_digits(data):
    count = (len(data) * 8 + 4) // 5
    number = int.from_bytes(data, "big") << (count * 5 - len(data) * 8)
    return "".join(PAPER_DIGITS[number >> 5 * (count - 1 - i) & 31] for i in range(count))


def from_digits(digits):
    length, number = len(digits) * 5 // 8, 0
    for digit in digits.upper().translate(str.maketrans("OIL", "011")):
        need(digit in PAPER_DIGITS, f"{digit} is no digit")
        number = number << 5 | PAPER_DIGITS.index(digit)
    spare = len(digits) * 5 - length * 8
    need(len(digits) == (length * 8 + 4) // 5 and number & (1 << spare) - 1 == 0, "bits that belong to no byte are set")
    return (number >> spare).to_bytes(length, "big")


def paper_check(number, data):
    return to_digits(hashlib.sha256(b"varve/1 paper line" + bytes([number]) + data).digest())[:4]


def paper_lines(data):
    pieces = [data[i:i + 15] for i in range(0, len(data), 15)]
    group = lambda text: " ".join(text[i:i + 4] for i in range(0, len(text), 4))
    return [f"{n:2}: {group(to_digits(piece))} {paper_check(n, piece)}" for n, piece in enumerate(pieces, 1)]


def paper_bytes(text):
    data, number = b"", 0
    for line in text.splitlines():
        line = line.strip(" \t\r")
        if not line or line[0] == "#" or not re.search("[0-9A-Za-z]", line):
            continue
        if line.lower().startswith("varve-paper-"):
            version, _, code = line[12:].partition(":")
            if version != "1":
                raise Unsupported() if version.isdigit() else Damaged("no paper key")
            if code:
                return from_digits(code)
            continue
        number += 1
        digits = re.sub("[ \t-]", "", line.partition(":")[2] if ":" in line else line)
        piece = from_digits(digits[:-4])
        need(len(piece) <= 15 and paper_check(number, piece) == to_digits(from_digits(digits[-4:] + "0000"))[:4], f"line {number} is mistyped")
        data += piece
    return data


def parse_paper(data):
    """The fields of a bundle."""
    reader = Reader(data)
    body = Reader(reader.bytes())
    need(reader.take(6) == hashlib.sha256(b"varve/1 paper key" + data[:-6]).digest()[:6], "the checksum of a paper key")
    reader.end()
    level = body.u8()
    need(level in (1, 2), "there is no such level")
    bundle = {1: bytes([level]), 2: body.take(16), 3: body.take(32), 4: body.take(32), 5: body.take(32)}
    if level == 2:
        bundle[7] = body.take(32)
        bundle[6] = point(ec.derive_private_key(int.from_bytes(bundle[7], "big"), ec.SECP256R1()))
    else:
        bundle[6] = body.take(65)
    created = body.bytes().decode()
    sizes = [body.varint() for _ in range(5)]
    body.end()
    names = ("packSize", "blockSize", "chunkMin", "chunkAverage", "chunkMax")
    header = {"varve": 1, "repository": bundle[2].hex(), "created": created, **dict(zip(names, sizes))}
    bundle[8] = json.dumps(header, separators=(",", ":")).encode()
    parse_header(bundle[8])
    return bundle


def parse_session(data):
    """10."""
    need(len(data) <= 1 << 16, "a session is too long")
    session = parse_json(data)
    if integer(session, "session", 1, (1 << 31) - 1) == 1:
        text(session, "kind")
        text(session, "host")
        for name, least in (("life", 1), ("refresh", 0), ("pid", 0)):
            integer(session, name, least, (1 << 63) - 1)
        for name in ("started", "refreshed"):
            json_time(session, name)


def hkdf(ikm, salt, info, length=32):
    return HKDF(hashes.SHA256(), length, salt, info).derive(ikm)


# HPKE, RFC 9180, base mode, single-shot: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.

def extract(salt, ikm):
    return hmac.new(salt or bytes(32), ikm, hashlib.sha256).digest()


def labeled_extract(suite, salt, label, ikm):
    return extract(salt, b"HPKE-v1" + suite + label + ikm)


def labeled_expand(suite, prk, label, info, length):
    return HKDFExpand(hashes.SHA256(), length, struct.pack(">H", length) + b"HPKE-v1" + suite + label + info).derive(prk)


def hpke_key(own, peer, enc, public, info):
    """Key and nonce: own is the pair whose private half is known, peer the other's public key."""
    kem, suite = b"KEM\x00\x10", b"HPKE\x00\x10\x00\x01\x00\x02"
    dh = own.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), peer))
    shared = labeled_expand(kem, labeled_extract(kem, b"", b"eae_prk", dh), b"shared_secret", enc + public, 32)
    context = b"\0" + labeled_extract(suite, b"", b"psk_id_hash", b"") + labeled_extract(suite, b"", b"info_hash", info)
    secret = labeled_extract(suite, shared, b"secret", b"")
    key = labeled_expand(suite, secret, b"key", context, 32)
    return AESGCM(key), labeled_expand(suite, secret, b"base_nonce", context, 12)


def hpke_open(private, public, enc, info, aad, ciphertext):
    aes, nonce = hpke_key(private, enc, enc, public, info)
    return aes.decrypt(nonce, ciphertext, aad)


def open_sealed(index_key, repository, kind, context, data):
    """5."""
    aes = AESGCM(hkdf(index_key, data[:32], b"varve/1 object" + repository + bytes([kind])))
    rest, plain, number = data[32:], [], 0
    while True:
        segment, rest = rest[:(1 << 20) + 16], rest[(1 << 20) + 16:]
        nonce = struct.pack(">Q", number) + b"\0\0\0" + (b"\0" if rest else b"\1")
        try:
            plain.append(aes.decrypt(nonce, segment, context))
        except Exception as e:
            raise Damaged("a segment does not open") from e
        number += 1
        if not rest:
            return b"".join(plain)


def parse_bundle(data):
    """4."""
    bundle = dict(fields(data, known=11))
    require(bundle, (1, 2, 3, 4, 5, 6, 8))
    if 10 in bundle or 11 in bundle:
        require(bundle, (9, 10, 11))
    for tag, length in ((1, 1), (2, 16), (3, 32), (4, 32), (5, 32), (6, 65), (7, 32), (9, 65), (10, 32)):
        fixed(bundle.get(tag, bytes(length)), length)
    need(bundle[1] in (b"\1", b"\2") and (bundle[1] == b"\2") == (7 in bundle), "a bundle's level makes no sense")
    return bundle


# 6. Packs

def unzstd(frame, raw):
    """One frame, nothing after it, of exactly so many bytes."""
    need(frame[:4] == b"\x28\xb5\x2f\xfd", "it is no zstd frame")
    flags, at = frame[4], 5
    at += (0 if flags & 0x20 else 1) + (0, 1, 2, 4)[flags & 3] + ((1 if flags & 0x20 else 0), 2, 4, 8)[flags >> 6]
    last = False
    while not last:
        need(at + 3 <= len(frame), "a frame is cut short")
        block = int.from_bytes(frame[at:at + 3], "little")
        last, at = block & 1, at + 3 + (1 if block >> 1 & 3 == 1 else block >> 3)
    need(at + (4 if flags & 4 else 0) == len(frame), "a frame is cut short, or something follows it")
    done = subprocess.run(["zstd", "-dcq", "--long=31"], input=frame, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    need(done.returncode == 0 and len(done.stdout) == raw, "a frame does not decode to its raw length")
    return done.stdout


def parse_footer(data, size):
    """The chunks of a footer's plaintext, each with where it lies: (number, place, stored, raw, codec, offset, size)."""
    reader, place, found = Reader(data), 145, []
    for number in range(reader.varint()):
        stored, raw, codec, count, offset = reader.varint(), reader.varint(), reader.u8(), reader.varint(), 0
        need(codec <= 1 and raw <= 32 << 20 and count > 0, "a block makes no sense")
        need(stored == raw + 16 if codec == 0 else stored > 16, "a block's lengths do not match")
        for _ in range(count):
            chunk, length = reader.take(32), reader.varint()
            need(length <= 16 << 20, "a chunk is too long")
            found.append((chunk, (number, place, stored, raw, codec, offset, length)))
            offset += length
        need(offset == raw, "chunks do not fill their block")
        place += stored
    reader.end()
    need(place == size - 12 - 32 - len(data) - 16 * max(1, -(-len(data) >> 20)), "blocks do not fill their pack")
    return found


def parse_pack_header(data):
    need(data[:9] == b"VARVPACK\1" and data[9] in (1, 2) and data[10:16] == bytes(6), "it is no pack")


def parse_run(run):
    """7: the packs with their chunks, the superseded runs, what is signed, and the signature."""
    need(len(run) <= 64 << 20, "an index run is too long")
    reader = Reader(run)
    names = [reader.take(32).hex() for _ in range(reader.varint())]
    packs = []
    for _ in range(reader.varint()):
        name, size, kind, footer = reader.take(32).hex(), reader.varint(), reader.u8(), reader.bytes()
        need(kind in (1, 2), "a pack of no known kind")
        packs.append((name, size, kind, parse_footer(footer, size)))
    for tag, value in [] if reader.done() else fields(reader.bytes(), known=1):
        fixed(value, 16 if tag == 1 else len(value))
    signed = run[:reader.at]
    signature = b"" if reader.done() else reader.bytes()
    while not reader.done():
        reader.bytes()
    return packs, names, signed, signature


# 8. Meta chunks

def parse_meta(data):
    need(len(data) >= 2 and 1 <= data[0] <= 7 and data[1] == 1, "it is no meta chunk of version 1")
    return data[0], Reader(data[2:])


def parse_leaf(reader, root=False):
    for _ in range(2):
        last = -1
        for _ in range(reader.varint()):
            owner = number(reader, 1 << 32)
            reader.bytes()
            need(owner > last, "owners do not ascend")
            last = owner
    last, found = b"", []
    for _ in range(reader.varint()):
        entry = parse_entry(Reader(reader.bytes()))
        need(entry["name"] > last, "names do not ascend")
        need(entry["name"] not in (b"", b".", b"..") and b"\0" not in entry["name"], "not a name")
        need(b"/" not in entry["name"] or root and entry["name"] == b"/", "not a name")
        last = entry["name"]
        found.append(entry)
    reader.end()
    return found


def parse_owners(data):
    """The users and groups of a leaf."""
    reader = Reader(data[2:])
    return [[(reader.varint(), reader.bytes()) for _ in range(reader.varint())] for _ in range(2)]


def parse_entry(r):
    """8.1: what is wrong here costs the whole leaf."""
    entry = {"kind": r.u8(), "name": r.bytes(), "mode": number(r, 0o10000), "uid": number(r, (1 << 32) - 1), "gid": number(r, (1 << 32) - 1), "size": number(r, 1 << 63),
             "mtime": r.time(), "ctime": r.time(), "inode": r.varint(), "flags": number(r, 1 << 31), "xattrs": []}
    need(1 <= entry["kind"] <= 7, "an entry of unknown kind")
    for tag, value in fields(r.data[r.at:], (7,), 10):
        if tag == 1:
            entry["extents"] = value
        elif tag == 2:
            need("extents" not in entry, "extents are inline and in a list")
            entry["list"] = fixed(value, 32)
        elif tag == 3:
            entry["tree"] = fixed(value, 32)
        elif tag == 4:
            entry["target"] = value
        elif tag == 5:
            entry["device"] = whole(value, lambda v: (number(v, 1 << 32), number(v, 1 << 32)))
        elif tag == 6:
            entry["group"] = fixed(value, 8)
        elif tag == 7:
            entry["xattrs"].append(value)
        elif tag == 8:
            entry["birth"] = whole(value, Reader.time)
        elif tag == 9:
            entry["attributes"] = whole(value, lambda v: number(v, 1 << 32))
        elif tag == 10:
            entry["mount"] = fixed(value, 8)
    need(entry["kind"] != 2 or "tree" in entry, "a directory without a tree")
    return entry


def finish_entry(entry):
    """8.1: what is wrong here costs the entry alone. Takes extended attributes and inline extents apart."""
    xattrs = []
    for value in entry["xattrs"]:
        v = Reader(value)
        name = v.bytes()
        need(name and b"\0" not in name, "not the name of an attribute")
        need(not xattrs or name > xattrs[-1][0], "attributes do not ascend")
        xattrs.append((name, value[v.at:]))
    if entry["kind"] == 3:
        need(entry.get("target") and b"\0" not in entry["target"], "a symlink without a possible target")
    if entry["kind"] in (6, 7):
        need("device" in entry, "a device without numbers")
    inline = list(parse_extents(Reader(entry.get("extents", b""))))
    need(len(inline) <= 64, "more than 64 extents are inline")
    if entry["kind"] == 1 and "list" not in entry:
        need(sum(extent[2] for extent in inline) == entry["size"], "extents do not cover their file")
    return dict(entry, xattrs=xattrs, inline=inline)


def parse_extents(reader, count=None):
    """8.2: (chunk or None, offset, length)."""
    while not reader.done() if count is None else count > 0:
        count = None if count is None else count - 1
        kind = reader.varint()
        need(kind <= 1, "an extent of unknown kind")
        chunk, offset = (reader.take(32), reader.varint()) if kind == 0 else (None, 0)
        length = reader.varint()
        need(length > 0 and (chunk is None or chunk != bytes(32) and offset + length <= 16 << 20), "an extent makes no sense")
        yield chunk, offset, length


def tree_entries(fetch, tree, root=False, first=None, level=1, depths=None):
    """The entries of a tree in order. fetch gives a meta chunk's bytes."""
    need(level <= 8, "a tree has too many levels")
    depths = set() if depths is None else depths
    kind, reader = parse_meta(fetch(tree))
    if kind == 2:
        last, children = b"", []
        for _ in range(reader.varint()):
            child, name = reader.take(32), reader.bytes()
            need(name > last, "children do not ascend")
            last = name
            children.append((child, name))
        reader.end()
        need(children and first in (None, children[0][1]), "a node is empty, or does not begin as the node above says")
        last = b""
        for child, name in children:
            for entry in tree_entries(fetch, child, root, name, level + 1, depths):
                need(entry["name"] > last, "names do not ascend over all leaves")
                last = entry["name"]
                yield entry
    else:
        need(kind == 1, "not a tree")
        depths.add(level)
        need(len(depths) == 1, "leaves are not equally deep")
        entries = parse_leaf(reader, root)
        need(first is None or entries and entries[0]["name"] == first, "a node is wrong about its child")
        yield from entries


def list_extents(fetch, chunk, size, level=1):
    """The extents of a list in order."""
    need(level <= 8, "a list has too many levels")
    kind, reader = parse_meta(fetch(chunk))
    total, count = 0, reader.varint()
    need(count > 0, "a part of a list is empty")
    if kind == 4:
        for _ in range(count):
            child, length = reader.take(32), reader.varint()
            yield from list_extents(fetch, child, length, level + 1)
            total += length
    else:
        need(kind == 3, "not an extent list")
        for extent in parse_extents(reader, count):
            yield extent
            total += extent[2]
    reader.end()
    need(total == size, "an extent list is not as long as declared")


def parse_failures(data):
    """8.3."""
    kind, reader = parse_meta(data)
    need(kind == 5, "not a list of failures")
    found = []
    for _ in range(reader.varint()):
        found.append((reader.bytes(), reader.u8(), number(reader, 1 << 31), reader.bytes()))
        need(1 <= found[-1][1] <= 6, "an unknown operation")
    reader.end()
    return found


def parse_pending(data):
    """8.4."""
    kind, reader = parse_meta(data)
    need(kind == 6, "not a list of what is to come")
    found = [(reader.bytes(), number(reader, 1 << 63), reader.time()) for _ in range(reader.varint())]
    reader.end()
    return found


def parse_marks(data):
    """8.5. The rules, and the marks."""
    kind, reader = parse_meta(data)
    need(kind == 7, "not a list of what was left out")
    had, rules, marks, last = number(reader, 1 << 63), [], [], b""
    count = reader.varint()
    need(count <= min(had, 10_000), "more rules than there were, or than are allowed")
    for _ in range(count):
        origin, pattern = reader.u8(), reader.bytes()
        rules.append((origin if origin <= 2 else 0, pattern))
    count = reader.varint()
    need(count <= 10_000, "more marks than are allowed")
    for _ in range(count):
        path, reason, rule = reader.bytes(), reader.u8(), reader.varint()
        need(path > last, "marks do not ascend")
        need(reason != 0, "a mark without a reason")
        need(rule <= len(rules), "a mark names a rule that is not there")
        last = path
        marks.append((path, reason if reason <= 7 else 255, rule))
    reader.end()
    return rules, marks


def parse_left_out(value):
    """9, tag 13."""
    reader, counts, last = Reader(value), {}, 0
    while not reader.done():
        reason, count = reader.varint(), number(reader, 1 << 63)
        need(reason > last, "reasons do not ascend")
        last, known = reason, reason if reason <= 7 else 255
        counts[known] = counts.get(known, 0) + count
    return counts


def derived(material):
    """4.2: DeriveKeyPair of RFC 9180, 7.1.3."""
    root = labeled_extract(b"KEM\0\x10", b"", b"dkp_prk", material)
    for counter in range(256):
        scalar = int.from_bytes(labeled_expand(b"KEM\0\x10", root, b"candidate", bytes([counter]), 32), "big")
        if 0 < scalar < 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551:
            return ec.derive_private_key(scalar, ec.SECP256R1())


def holds(public, signature, message):
    """Whether an ECDSA signature of 64 bytes is that of a message."""
    if len(public) != 65 or len(signature) != 64:
        return False
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    try:
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
        key.verify(utils.encode_dss_signature(r, s), message, ec.ECDSA(hashes.SHA256()))
        return True
    except (InvalidSignature, ValueError):
        return False


def certified(repository, issuing, certificate):
    """4.2: the public key, level and label that a certificate is of; None if it is none, or the issuing key did not make it."""
    try:
        reader = Reader(certificate)
        statement, signature = reader.bytes(), reader.take(64)
        reader.end()
        said = dict(fields(statement, known=3))
        require(said, (1, 2))
        fixed(said[1], 65), fixed(said[2], 1)
    except Damaged:
        return None
    good = said[2] in (b"\1", b"\2") and holds(issuing, signature, b"varve/1 certificate" + repository + statement)
    return (said[1], said[2][0], said.get(3, b"").decode()) if good else None


def signer(repository, issuing, magic, signed, part):
    """5.1: who signed; None if nobody did, or falsely. What is wrong with the part makes it false, and damages nothing."""
    try:
        f = dict(fields(part, known=2))
    except Damaged:
        return None
    said = certified(repository, issuing, f.get(1, b""))
    return said if said and holds(said[0], f.get(2, b""), b"varve/1 signed" + repository + magic + signed) else None


def parse_record(plaintext):
    """5.2: public part, private part, what is signed, the signature."""
    reader = Reader(plaintext)
    public, private = reader.bytes(), reader.bytes()
    signature = b"" if reader.done() else reader.bytes()
    while not reader.done():
        reader.bytes()
    return public, private, blob(public) + blob(private), signature


def parse_public(data):
    """9."""
    f = dict(fields(data, known=13))
    require(f, (1, 2, 3, 5, 6))
    f["generation"], f["moved"] = (whole(f.get(tag, b"\0"), lambda r: number(r, 1 << 63)) for tag in (11, 9))
    f["pending"] = whole(f.get(10, b"\0\0"), lambda r: (number(r, 1 << 63), number(r, 1 << 63)))
    fixed(f.get(12, bytes(16)), 16), flags_of(f)
    need(f[1] != bytes(32), "it is of no source")
    fixed(f[1], 32), fixed(f[5], 32), whole(f[2], Reader.time), whole(f[3], Reader.time), fixed(f.get(7, bytes(32)), 32)
    f["leftOut"] = parse_left_out(f[13]) if 13 in f else None
    f["counts"] = whole(f[6], lambda r: [number(r, 1 << 63) for _ in range(14)])
    return f


def parse_private(data):
    """9. The tags under "tags"."""
    found = fields(data, (7, 9, 10, 11), 12)
    f = dict(found, tags=[value for tag, value in found if tag == 7])
    require(f, (4, 5))
    for tag, value in found:
        if tag == 10:
            whole(value, lambda reader: (reader.take(8), reader.time()))
        if tag == 11:
            whole(value, lambda reader: (reader.bytes(), reader.bytes(), reader.u8()))
    fixed(f.get(6, bytes(32)), 32), fixed(f.get(8, bytes(32)), 32), fixed(f.get(12, bytes(32)), 32)
    return f


def flags_of(public):
    """9, tag 4: partial, some paths failed, moving is flagged; bits beyond mean nothing."""
    flags = whole(public.get(4, b"\0"), lambda r: number(r, 1 << 32))
    return flags & 1, flags >> 1 & 1, flags >> 2 & 1


def parse_condemned(data):
    """11.1: the session, and the packs."""
    found = fields(data, (2,), 3)
    require(dict(found), (1, 3))
    for tag, value in found:
        whole(value, Reader.time) if tag == 1 else fixed(value, {2: 32, 3: 16}.get(tag, len(value)))
    return dict(found)[3], [value.hex() for tag, value in found if tag == 2]


def parse_fence(data):
    """11.2: of sessions, None for a fence, or the names of the snapshots that count; and the objects that it replaces."""
    said, replaced = [], []
    for tag, value in fields(data, (1, 2), 2):
        if tag == 1:
            reader = Reader(value)
            session, decided, names = reader.take(16), reader.u8(), []
            need(decided in (0, 1), "neither fence nor decision")
            while not reader.done():
                names.append(reader.take(32).hex())
            need(decided or not names, "a fence with snapshots")
            said.append((session, names if decided else None))
        elif tag == 2:
            replaced.append(fixed(value, 32).hex())
    return said, replaced


def parse_final(data):
    """11.3."""
    f = dict(fields(data, known=2))
    require(f, (1, 2))
    return fixed(f[1], 32).hex(), fixed(f[2], 16)


def parse_note_public(data):
    """9.1. What repeats under "joins", "snapshots" and "withdraws"."""
    found = fields(data, (4, 5, 6), 7)
    f = dict(found)
    require(f, (1, 2))
    kind = whole(f[1], lambda r: number(r, 1 << 32))
    need(kind != 0, "a note of no kind")
    whole(f[2], Reader.time)
    for tag, value in found:
        if tag in (3, 4):
            fixed(value, 64)
            need(value[:32] != bytes(32), "it is of no source")
        if tag in (5, 6):
            fixed(value, 32)
        if tag == 7:
            whole(value, Reader.time)
    need(kind > 2 or 3 in f, "it is of no source")
    for tag, name in ((4, "joins"), (5, "snapshots"), (6, "withdraws")):
        f[name] = [value.hex() for at, value in found if at == tag]
    return dict(f, kind=kind, at=Reader(f[2]).time())


def parse_note_private(data):
    """9.1. Tags that are given and taken under "adds" and "removes"."""
    found = fields(data, (5, 6), 7)
    return dict(found, adds=[value for tag, value in found if tag == 5], removes=[value for tag, value in found if tag == 6])


class Repository:
    def __init__(self, path, key_file=None, password=None, paper=None):
        self.path = path
        if paper:
            self.take_bundle(parse_paper(paper_bytes(paper)))  # neither slots nor header are looked at
        else:
            self.open_slot(key_file, password)
            self.check_header()
        self.packs, self.blocks, self.chunks = {}, {}, {}
        self.pack_keys, self.decoded = {}, {}
        self.read_runs()
        self.read_footers()

    # ---- 2. Objects ----

    def get(self, key):
        with open(os.path.join(self.path, key), "rb") as file:
            data = file.read()
        if key != "varve":
            need(hashlib.sha256(data).hexdigest() == key.rsplit("/", 1)[1], f"{key} does not hash to its name")
        return data

    def list(self, prefix):
        found = []
        for folder, _, names in os.walk(os.path.join(self.path, prefix)):
            found += [os.path.relpath(os.path.join(folder, name), self.path) for name in names]
        return sorted(found)

    # ---- 4. Key slots ----

    def open_slot(self, key_file, password):
        for key in self.list("keys"):
            try:
                slot = parse_slot(self.get(key))
            except (Damaged, Unsupported):
                continue
            salt, sealed = base64.b64decode(slot["salt"]), base64.b64decode(slot["sealed"])
            if slot["method"] == "keyfile" and key_file:
                with open(key_file, "rb") as file:
                    wrapping = hkdf(parse_key_file(file.read()), salt, b"varve/1 key file")
            elif slot["method"] == "password" and password is not None:
                kdf = slot["kdf"]
                wrapping = hashlib.scrypt(password.encode(), salt=salt, n=kdf["n"], r=kdf["r"], p=kdf["p"], maxmem=(1 << 31) - 1 - (1 << 20), dklen=32)
            else:
                continue
            aad = "\n".join(["varve/1 key slot", slot["repository"], slot["level"], slot["method"], slot["label"], slot["created"]]).encode()
            try:
                bundle = AESGCM(wrapping).decrypt(sealed[:12], sealed[12:], aad)
            except InvalidTag:
                continue
            self.take_bundle(parse_bundle(bundle))
            return
        raise Damaged("no key slot fits")

    def take_bundle(self, bundle):
        need(bundle[1] == b"\x02", "not a full key")
        self.id, self.chunk_id_key, self.index_key, self.public = bundle[2], bundle[3], bundle[5], bundle[6]
        self.private = ec.derive_private_key(int.from_bytes(bundle[7], "big"), ec.SECP256R1())
        self.header_copy = bundle[8]
        self.issuing = point(derived(b"varve/1 issuing key" + self.id + bundle[7]))
        need(bundle.get(9, self.issuing) == self.issuing, "the issuing key is not that of the private key")

    # ---- 3. Header ----

    def check_header(self):
        header = parse_header(self.get("varve"))
        need(header["repository"] == self.id.hex(), "another repository")
        need(json.loads(self.header_copy) == header, "the header differs from its copy")

    # ---- 5. Sealed objects ----

    def open_sealed(self, kind, context, data):
        return open_sealed(self.index_key, self.id, kind, context, data)

    # ---- 7. Index runs ----

    def read_runs(self):
        """Several runs may name a pack, and several packs a chunk: all of what they say is kept."""
        runs = {key.rsplit("/", 1)[1]: self.open_object(key, b"VARVEIDX", 2) for key in self.list("index")}
        self.runs = {name: parse_run(run) for name, run in runs.items()}
        here = {key.rsplit("/", 1)[1] for key in self.list("packs")}
        self.superseded = set()
        for packs, names, signed, signature in self.runs.values():
            by, held = self.signer(b"VARVEIDX", signed, signature), {pack[0] for pack in packs}
            if by and by[1] == 2:
                self.superseded |= {old for old in names if old in self.runs and all(p[0] in held or p[0] not in here for p in self.runs[old][0])}
        for name, (packs, _, _, _) in self.runs.items():
            first = {pack[0]: pack for pack in reversed(packs)}
            for pack, size, kind, chunks in first.values() if name not in self.superseded else []:
                self.packs.setdefault(pack, set()).add((size, kind))
                for chunk, place in chunks:
                    places = self.chunks.setdefault(chunk, [])
                    if (pack, *place) not in places:
                        places.append((pack, *place))

    def signer(self, magic, signed, signature):
        return signer(self.id, self.issuing, magic, signed, signature)

    def open_object(self, key, magic, kind):
        data = self.get(key)
        need(data[:8] == magic, f"{key} does not start with {magic}")
        return self.open_sealed(kind, magic, data[8:])

    # ---- 6. Packs ----

    def read_footers(self):
        """The footers must say the same as the index. A pack that no run names is of a backup that never finished."""
        for key in self.list("packs"):
            data, name = self.get(key), key.rsplit("/", 1)[1]
            need(key.split("/")[1] == name[:2], f"{key} lies in the wrong directory")
            parse_pack_header(data[:145])
            need(data[-8:] == b"KCAPVRAV", f"{key} is cut short")
            length = struct.unpack("<I", data[-12:-8])[0]
            footer = self.open_sealed(1, data[:145], data[-12 - length:-12])
            found = parse_footer(footer, len(data))
            if name in self.packs:
                need(self.packs[name] == {(len(data), data[9])}, f"the index is wrong about {key}")
                for chunk, place in found:
                    need((name, *place) in self.chunks[chunk], f"the index is wrong about a chunk of {key}")

    def pack_key(self, name):
        if name not in self.pack_keys:
            with open(os.path.join(self.path, "packs", name[:2], name), "rb") as file:
                head = file.read(145)
            self.pack_keys[name] = head[:32], AESGCM(hpke_open(self.private, self.public, head[32:97], b"varve/1 pack key" + self.id, head[:32], head[97:145]))
        return self.pack_keys[name]

    def block(self, name, number, place, stored, raw, codec):
        if (name, number) not in self.decoded:
            prefix, aes = self.pack_key(name)
            with open(os.path.join(self.path, "packs", name[:2], name), "rb") as file:
                file.seek(place)
                data = file.read(stored)
            aad = b"varve/1 block" + self.id + prefix + struct.pack("<I", number) + bytes([codec]) + struct.pack("<I", raw)
            payload = aes.decrypt(bytes(8) + struct.pack(">I", number), data, aad)
            if codec == 1:
                payload = unzstd(payload, raw)
            need(codec in (0, 1) and len(payload) == raw, "a block is not as long as it says")
            self.decoded[name, number] = payload
        return self.decoded[name, number]

    def chunk(self, chunk):
        for name, number, place, stored, raw, codec, offset, length in self.chunks.get(chunk, []):
            data = self.block(name, number, place, stored, raw, codec)[offset:offset + length]
            if hmac.new(self.chunk_id_key, data, hashlib.sha256).digest() == chunk:
                return data
        raise Damaged("no place of a chunk holds what its id names")

    # ---- 8. Meta chunks: in packs of either kind, for an id says nothing of what its bytes are used for ----

    def entries(self, tree, root=False):
        return map(finish_entry, tree_entries(self.chunk, tree, root))

    def content(self, entry):
        total = 0
        extents = list_extents(self.chunk, entry["list"], entry["size"]) if "list" in entry else entry["inline"]
        for chunk, offset, length in extents:
            total += length
            if chunk is None:
                for at in range(0, length, 1 << 20):
                    yield bytes(min(1 << 20, length - at))
            else:
                data = self.chunk(chunk)
                need(offset + length <= len(data), "an extent reaches beyond its chunk")
                yield data[offset:offset + length]
        need(total == entry["size"], "extents do not cover their file")

    # ---- 5.2 Records ----

    def record(self, key, magic, kind, label=None):
        """Public part, private part if there is a label, who signed, and whether anybody says to have."""
        public, sealed, signed, signature = parse_record(self.open_object(key, magic, kind))
        private = hpke_open(self.private, self.public, sealed[:65], label + self.id, public, sealed[65:]) if label else None
        return public, private, self.signer(magic, signed, signature), bool(signature)

    # ---- 9.1 Notes ----

    def notes(self):
        """By time, then by name: name, public and private part, who signed, and whether anybody says to have."""
        found = []
        for key in self.list("notes"):
            public, private, by, signed = self.record(key, b"VARVENOT", 5, b"varve/1 note")
            found.append((key.rsplit("/", 1)[1], parse_note_public(public), parse_note_private(private), by, signed))
        return sorted(found, key=lambda note: (note[1]["at"], note[0]))

    # ---- 11. Fences ----

    def fences(self):
        """Name, what it says, who signed, and whether anybody says to have."""
        for key in self.list("fences"):
            public, _, by, signed = self.record(key, b"VARVEFNC", 6)
            yield key.rsplit("/", 1)[1], parse_fence(public), by, signed

    def fenced(self):
        """Of sessions, None if they are fenced, or the snapshots that count."""
        sessions = {}
        for _, (entries, _), by, _ in self.fences():
            for session, names in entries if by and by[1] == 2 else []:
                if names is None:
                    sessions.setdefault(session, None)
                else:
                    before = sessions.get(session)
                    sessions[session] = set(names) if before is None else before & set(names)
        return sessions

    # ---- 9. Snapshots ----

    def standing(self, fenced, name, public):
        session = public.get(12)
        if session is None or session not in fenced:
            return "counts"
        return "undecided" if fenced[session] is None else "counts" if name in fenced[session] else "void"

    def read_snapshots(self):
        """Name, the directory that it lies in (none, of the first programs), public and private part, who signed, and whether anybody says to have."""
        for key in self.list("snapshots"):
            public, private, by, signed = self.record(key, b"VARVESNP", 3, b"varve/1 snapshot")
            f, p = parse_public(public), parse_private(private)
            folder = key.split("/")[1:-1]
            need(folder in ([], [f[1].hex()[:16]]), "a snapshot lies with another source")
            source = b"varve/1 source" + blob(p[2]) + blob(p[5])
            need(hmac.new(self.chunk_id_key, source, hashlib.sha256).digest() == f[1], "the source id is wrong")
            yield key.rsplit("/", 1)[1], folder[0] if folder else None, f, p, by, signed

    def lists(self, f, p):
        """8.3 to 8.5: what is in the lists of a snapshot."""
        failures = parse_failures(self.chunk(p[6])) if 6 in p else []
        pending = parse_pending(self.chunk(p[8])) if 8 in p else []
        rules, marks = parse_marks(self.chunk(p[12])) if 12 in p else ([], [])
        if f["leftOut"] is not None:
            for reason in {reason for _, reason, _ in marks}:
                need(sum(r == reason for _, r, _ in marks) <= f["leftOut"].get(reason, 0), "more marks than are counted")
        return failures, pending, rules, marks

    def snapshots(self):
        found, fenced = [], self.fenced()
        for name, _, f, p, by, signed in self.read_snapshots():
            if self.standing(fenced, name, f) == "void":
                continue
            need(by or not signed, "a snapshot is signed falsely")
            found.append((Reader(f[2]).time(), f[5], p[5], f["counts"], self.lists(f, p)[3]))
        return sorted(found)


def blob(data):
    """Bytes as section 1 encodes them."""
    length, prefix = len(data), b""
    while length >= 0x80:
        prefix += bytes([length & 0x7F | 0x80])
        length >>= 7
    return prefix + bytes([length]) + data


def escape(data):
    return "".join(chr(b) if chr(b).isascii() and (chr(b).isalnum() or chr(b) in "._-/") else f"%{b:02X}" for b in data)


def show(repository, entry, path, groups, extract_to):
    size = entry["size"] if entry["kind"] in (1, 3) else 0
    parts = [escape(path) if path else ".", KINDS[entry["kind"]], f"{entry['mode']:o}", f"{entry['uid']}:{entry['gid']}", str(size), "%d.%09d" % entry["mtime"]]
    if entry["kind"] == 1:
        digest = hashlib.sha256()
        target = open(os.path.join(os.fsencode(extract_to), path), "wb") if extract_to else None
        for piece in repository.content(entry):
            digest.update(piece)
            if target:
                target.write(piece)
        if target:
            target.close()
        parts.append("sha256=" + digest.hexdigest())
    if entry["kind"] == 3:
        need(len(entry["target"]) == entry["size"], "a symlink's size is not that of its target")
        parts.append("target=" + escape(entry["target"]))
    if entry["kind"] in (6, 7):
        parts.append("device=%d:%d" % entry["device"])
    if "group" in entry and len(groups[entry["group"]]) > 1:
        parts.append("link=" + escape(groups[entry["group"]][0]))
    for name, value in entry["xattrs"]:
        parts.append("xattr:" + escape(name) + "=" + value.hex())
    return " ".join(parts)


def walk(repository, tree, path, found):
    for entry in repository.entries(tree):
        at = path + b"/" + entry["name"] if path else entry["name"]
        found.append((at, entry))
        if entry["kind"] == 2:
            walk(repository, entry["tree"], at, found)


# ---- What every object says ----

class Told:
    """Lines of what a repository comes to. tests/Varve.Tests/Golden/Shared/SharedText.cs writes the same with the library, but for "said"."""

    def __init__(self, repository):
        self.repository, self.fenced, self.notes = repository, repository.fenced(), repository.notes()
        self.snapshots = {name: rest for name, *rest in repository.read_snapshots()}
        self.join()

    # 9.1, 9.2

    def stands(self, note):
        """Whether no withdrawal takes a note back that stands itself."""
        takes_back = [other for other in self.notes if other[1]["kind"] == 7 and self.full(other[3]) and note[0] in other[1]["withdraws"]]
        return not any(self.stands(other) for other in takes_back)

    @staticmethod
    def full(by):
        return bool(by) and by[1] == 2

    @staticmethod
    def identity(by):
        return hashlib.sha256(by[0]).digest() if by else None

    def lineage(self, name):
        """Source and identity; None of what is signed falsely."""
        _, public, _, by, signed = self.snapshots[name]
        return None if signed and not by else (public[1] + (self.identity(by) or bytes(32))).hex()

    def says(self, note, snapshot):
        """Whether a note of kind 3 to 6 counts for a snapshot: one that is gone was signed by whoever signed what names it as its parent."""
        _, public, _, by, _ = note
        if self.full(by) or public["kind"] == 4 or not by:
            return self.full(by)
        children = [name for name, rest in self.snapshots.items() if rest[1].get(7, b"").hex() == snapshot]
        by_whom = [self.lineage(name) for name in ([snapshot] if snapshot in self.snapshots else children)]
        return any(lineage and lineage[64:] == self.identity(by).hex() for lineage in by_whom)

    def counts(self, note):
        name, public, _, by, _ = note
        kind = public["kind"]
        if not self.stands(note):
            return "withdrawn"
        if kind in (1, 7):
            good = self.full(by)
        elif kind == 2:
            good = self.full(by) or by and self.identity(by) == public[3][32:]
        else:
            good = 3 <= kind <= 6 and any(self.says(note, snapshot) for snapshot in public["snapshots"])
        return "yes" if good else "no"

    def join(self):
        self.heads, self.adopted, self.names = {}, {}, {}
        valid = [note for note in self.notes if self.counts(note) == "yes"]
        for _, public, _, _, _ in valid:
            if public["kind"] == 1:
                own, nobody = public[3].hex(), "ff" * 32
                if own.endswith(nobody):
                    continue
                for other in public["joins"]:
                    if other.endswith(nobody):
                        continue
                    ends = {self.head(own), self.head(other)}
                    members = {lineage for lineage, head in self.heads.items() if head in ends} | ends | {own, other}
                    self.heads.update(dict.fromkeys(members, own))
                for snapshot in public["snapshots"]:
                    self.adopted[snapshot] = own
        for _, public, private, _, _ in valid:
            if public["kind"] == 2 and private.get(1):
                head = self.head(public[3].hex())
                name, former = self.names.get(head, (None, set()))
                former = (former | {name, private.get(2)}) - {private[1], None, b""}
                self.names[head] = private[1], former
        self.valid = valid

    def head(self, lineage):
        return self.heads.get(lineage, lineage)

    def history(self, name):
        lineage = self.lineage(name)
        return self.head(self.adopted.get(name) or lineage) if lineage else None

    def missing(self):
        for name, (_, public, _, by, signed) in self.snapshots.items():
            parent = public.get(7, b"").hex()
            if not parent or parent in self.snapshots or signed and not by or self.repository.standing(self.fenced, name, public) == "void":
                continue
            if not self.settled(parent, self.lineage(name)):
                yield parent

    def settled(self, snapshot, lineage):
        """Whether a note says that it was forgotten, or that it is known that it is missing or signed falsely."""
        return any(public["kind"] in (3, 4) and snapshot in public["snapshots"]
                   and (self.full(by) or public["kind"] == 3 and by and lineage and lineage[64:] == self.identity(by).hex())
                   for _, public, _, by, _ in self.valid)

    # Lines

    def lines(self):
        return sorted([*self.sessions(), *self.prune(), *self.runs(), *self.said(), *self.all_notes(), *self.all_snapshots(), *self.found()])

    def sessions(self):
        for key in self.repository.list("sessions"):
            with open(os.path.join(self.repository.path, key), "rb") as file:
                data = file.read()
            parse_session(data)
            session, name = parse_json(data), key.rsplit("/", 1)[1][:16]
            known = ("kind", "life", "refresh", "host") if session["session"] == 1 else ()
            yield f"session {name} " + (" ".join(f"{member}={session[member]}" for member in known) or f"version={session['session']}")

    def prune(self):
        for key in self.repository.list("condemned"):
            public, _, by, signed = self.repository.record(key, b"VARVECND", 4)
            session, packs = parse_condemned(public)
            yield f"condemned {short(key)} by={signer_text(by, signed)} session={short_id(session)} packs={shorts(packs)}"
        for key in self.repository.list("final"):
            public, _, by, signed = self.repository.record(key, b"VARVEFIN", 7)
            listed, session = parse_final(public)
            yield f"final {short(key)} by={signer_text(by, signed)} list={listed[:16]} session={short_id(session)}"
        for name, (entries, replaced), by, signed in self.repository.fences():
            said = ";".join(short_id(session) + ("" if names is None else ":" + shorts(names)) for session, names in entries)
            yield f"fences {name[:16]} by={signer_text(by, signed)} entries={said} replaces={shorts(replaced)}"

    def runs(self):
        for name, (packs, names, signed, signature) in self.repository.runs.items():
            by, said = self.repository.signer(b"VARVEIDX", signed, signature), Reader(signed)
            counts = "no" if name in self.repository.superseded else "yes"
            yield f"run {name[:16]} by={signer_text(by, bool(signature))} counts={counts} session={short_id(run_session(said))} " \
                  f"packs={shorts(pack[0] for pack in packs)} supersedes={shorts(names)}"

    def all_notes(self):
        for name, public, private, by, signed in self.notes:
            until = time_text(Reader(public[7]).time()) if 7 in public else "none"
            lineage = lineage_text(public[3].hex()) if 3 in public else "none"
            yield f"note {name[:16]} kind={public['kind']} at={time_text(public['at'])} by={signer_text(by, signed)} lineage={lineage} " \
                  f"joins={','.join(map(lineage_text, public['joins']))} snapshots={shorts(public['snapshots'])} " \
                  f"withdraws={shorts(public['withdraws'])} until={until}"
            text = lambda tag: escape(private.get(tag, b""))
            yield f"note {name[:16]} name={text(1)} former={text(2)} host={text(3)} root={text(4)} " \
                  f"adds={','.join(map(escape, private['adds']))} removes={','.join(map(escape, private['removes']))} why={text(7)}"

    def said(self):
        """What only this reader says: which notes count, and what they say of snapshots."""
        for note in self.notes:
            yield f"said note {note[0][:16]} counts={self.counts(note)}"
        for name, (_, _, private, _, _) in self.snapshots.items():
            tags, pinned = list(private["tags"]), set()
            for note in self.valid:
                _, public, said, _, _ = note
                if name not in public["snapshots"] or public["kind"] not in (5, 6) or not self.says(note, name):
                    continue
                if public["kind"] == 5:
                    pinned.add(time_text(Reader(public[7]).time()) if 7 in public else "always")
                else:
                    tags = [tag for tag in tags if tag not in said["removes"]]
                    tags += [tag for tag in said["adds"] if tag not in tags]
            yield f"said snapshot {name[:16]} tags={','.join(sorted(map(escape, tags)))} pinned={','.join(sorted(pinned)) or 'no'}"

    def all_snapshots(self):
        for name, (folder, f, p, by, signed) in self.snapshots.items():
            id, history, time = name[:16], self.history(name), lambda tag: time_text(Reader(f[tag]).time())
            standing, parent = self.repository.standing(self.fenced, name, f), f[7].hex()[:16] if 7 in f else "none"
            called, (new, former) = p.get(1, b""), self.names.get(history, (None, set()))
            partial, failed, moving = flags_of(f)
            yield f"snapshot {id} place={folder or 'none'} standing={standing} by={signer_text(by, signed)} source={f[1].hex()[:16]} " \
                  f"history={lineage_text(history) if history else 'none'} generation={f['generation']} parent={parent} session={short_id(f.get(12))}"
            yield f"snapshot {id} called={escape(new if called in former else called)} host={escape(p.get(2, b''))} user={escape(p.get(3, b''))} " \
                  f"root={escape(p[5])} tags={','.join(map(escape, p['tags']))} start={time(2)} end={time(3)} tree={f[5].hex()[:16]} " \
                  f"partial={partial} failed={failed} moving={moving}"
            left = f["leftOut"]
            left = "unsaid" if left is None else ",".join(str(left.get(reason, 0)) for reason in range(1, 6)) + f",{sum(n for r, n in left.items() if r > 5)}"
            yield f"snapshot {id} counts={','.join(map(str, f['counts']))} moved={f['moved']} pending={f['pending'][0]},{f['pending'][1]} left-out={left}"
            failures, pending, rules, marks = self.repository.lists(f, p)
            for path, operation, errno, message in failures:
                yield f"failure {id} {escape(path) or '.'} {operation} {errno} {escape(message)}"
            for path, size, changed in pending:
                yield f"pending {id} {escape(path) or '.'} {size} {time_text(changed)}"
            for path, reason, rule in marks:
                origin, pattern = rules[rule - 1] if rule else (0, b"none")
                yield f"mark {id} {escape(path)} {reason} {escape(pattern)} {origin}"
            # What a void snapshot needs may be gone.
            (root,) = self.repository.entries(f[5], root=True)
            found = [(b"", root)]
            walk(self.repository, root["tree"], b"", found)
            groups = {}
            for path, entry in found:
                groups.setdefault(entry.get("group"), []).append(path)
            for path, entry in found:
                if entry["flags"]:
                    yield f"flags {id} {escape(entry['name'])} {entry['flags']}"
                if standing != "void" and (by or not signed):
                    yield f"file {id} " + show(self.repository, entry, path, groups, None)

    def found(self):
        """What is to be said of the repository as a whole: snapshots that are missing, or signed falsely, and nobody says that it is known."""
        yield from {f"missing {name[:16]}" for name in self.missing()}
        for name, (_, _, _, by, signed) in self.snapshots.items():
            if signed and not by and not self.settled(name, None):
                yield f"false {name[:16]}"


def run_session(reader):
    """7: of a run's signed part."""
    reader.take(32 * reader.varint())
    for _ in range(reader.varint()):
        reader.take(32), reader.varint(), reader.u8(), reader.bytes()
    return None if reader.done() else dict(fields(reader.bytes(), known=1)).get(1)


def short(key):
    return key.rsplit("/", 1)[1][:16]


def short_id(value):
    return value.hex()[:16] if value and any(value) else "none"


def shorts(names):
    return ",".join(sorted(name[:16] for name in names)) or "none"


def lineage_text(lineage):
    return f"{lineage[:16]}/{lineage[64:80]}"


def signer_text(by, signed):
    return f"{escape(by[2].encode())}:{by[1]}:{hashlib.sha256(by[0]).hexdigest()[:16]}" if by else "invalid" if signed else "nobody"


def time_text(time):
    return "%d.%09d" % time


# ---- 15. Test vectors ----

def extents_in_words(extents):
    return [{"hole": length} if chunk is None else {"chunk": chunk.hex(), "offset": offset, "length": length} for chunk, offset, length in extents]


def details_in_words(entry):
    words = {}
    if "extents" in entry:
        words["extents"] = extents_in_words(entry["inline"])
    for name, said in (("list", "extentList"), ("tree", "tree"), ("target", "target"), ("group", "linkGroup"), ("mount", "mount")):
        if name in entry:
            words[said] = entry[name].hex()
    for name in ("device", "birth"):
        if name in entry:
            words[name] = list(entry[name])
    if entry["xattrs"]:
        words["xattrs"] = [[name.hex(), value.hex()] for name, value in entry["xattrs"]]
    if "attributes" in entry:
        words["attributes"] = entry["attributes"]
    return words


def scalar(text):
    return ec.derive_private_key(int(text, 16), ec.SECP256R1())


def point(private):
    return private.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


class Vectors:
    """Makes each vector from what goes in. What comes out must be what the file says."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.all = json.load(file)
        keys = self.all["repository"]
        self.id, self.public = bytes.fromhex(keys["id"]), bytes.fromhex(keys["publicKey"])
        self.chunk_id_key, self.index_key = bytes.fromhex(keys["chunkIdKey"]), bytes.fromhex(keys["indexKey"])
        self.issuing = point(derived(b"varve/1 issuing key" + self.id + bytes.fromhex(keys["privateKey"])))
        identities = self.all["identities"]
        need(identities["issuingKey"] == self.issuing.hex(), "the issuing key is not that of the private key")
        for level, name in ((2, "full"), (1, "write")):
            need(certified(self.id, self.issuing, bytes.fromhex(identities[name]))[1] == level, f"the certificate of level {name}")
        need(point(scalar(keys["privateKey"])) == self.public, "the public key is not that of the private key")

    def same(self, what, made, said):
        need(made.hex() == said, f"{what}: made {made.hex()[:80]}, the file says {said[:80]}")

    def hpke_seal(self, ephemeral, info, aad, plaintext):
        own = scalar(ephemeral)
        enc = point(own)
        aes, nonce = hpke_key(own, self.public, enc, self.public, info + self.id)
        return enc + aes.encrypt(nonce, plaintext, aad)

    def seal(self, what, vector, plaintext):
        """5."""
        salt, context = bytes.fromhex(vector["salt"]), bytes.fromhex(vector["context"])
        key = hkdf(self.index_key, salt, b"varve/1 object" + self.id + bytes([vector["type"]]))
        self.same(what + ", object key", key, vector["objectKey"])
        sealed, number = salt, 0
        while True:
            segment, plaintext = plaintext[:1 << 20], plaintext[1 << 20:]
            sealed += AESGCM(key).encrypt(struct.pack(">Q", number) + b"\0\0\0" + (b"\0" if plaintext else b"\1"), segment, context)
            number += 1
            if not plaintext:
                return sealed

    def slot(self, vector):
        """4."""
        said, salt, nonce, bundle = json.loads(vector["object"]), bytes.fromhex(vector["salt"]), bytes.fromhex(vector["nonce"]), bytes.fromhex(vector["bundle"])
        if "password" in vector:
            kdf = said["kdf"]
            key = hashlib.scrypt(vector["password"].encode(), salt=salt, n=kdf["n"], r=kdf["r"], p=kdf["p"], maxmem=1 << 26, dklen=32)
        else:
            key = hkdf(parse_key_file(vector["keyFile"].encode()), salt, b"varve/1 key file")
        self.same("a slot's wrapping key", key, vector["wrappingKey"])
        aad = "\n".join(["varve/1 key slot", said["repository"], said["level"], said["method"], said["label"], said["created"]]).encode()
        need(base64.b64decode(said["salt"]) == salt, "a slot's salt")
        need(base64.b64decode(said["sealed"]) == nonce + AESGCM(key).encrypt(nonce, bundle, aad), "a slot's sealed bundle")
        self.same("a slot's name", hashlib.sha256(vector["object"].encode()).digest(), vector["name"])
        read, keys = dict(fields(bundle)), self.all["repository"]
        need(read[1] == (b"\2" if vector["level"] == "full" else b"\1") and read[8].decode() == keys["header"] and read[2] == self.id, "a bundle")
        for tag, name in ((3, "chunkIdKey"), (4, "chunkerKey"), (5, "indexKey"), (6, "publicKey")):
            self.same("a bundle", read[tag], keys[name])
        self.same("a bundle's issuing key", read[9], self.all["identities"]["issuingKey"])
        self.same("a bundle's certificate", read[11], self.all["identities"][vector["level"]])
        need(certified(self.id, self.issuing, read[11])[0] == point(ec.derive_private_key(int.from_bytes(read[10], "big"), ec.SECP256R1())), "an identity")
        need((7 in read) == (vector["level"] == "full") and read.get(7, b"").hex() in ("", keys["privateKey"]), "a bundle's private key")

    def paper(self, vector):
        """4.1."""
        keys, data = self.all["repository"], bytes.fromhex(vector["bytes"])
        bundle = parse_paper(data)
        need(paper_lines(data) == vector["lines"] and "VARVE-PAPER-1:" + to_digits(data) == vector["code"], "a paper key's text")
        need(paper_bytes("\n".join(vector["lines"])) == data == paper_bytes(vector["code"].lower()), "a paper key's text, read")
        need(bundle[1] == (b"\2" if vector["level"] == "full" else b"\1") and bundle[2] == self.id, "a paper key's level")
        need(bundle[8].decode() == keys["header"], "a paper key's header")
        for tag, name in ((3, "chunkIdKey"), (4, "chunkerKey"), (5, "indexKey"), (6, "publicKey")):
            self.same("a paper key", bundle[tag], keys[name])
        need(bundle.get(7, b"").hex() == (keys["privateKey"] if vector["level"] == "full" else ""), "a paper key's private key")

    def pack(self, vector):
        """6."""
        prefix = b"VARVPACK\1" + bytes([vector["kind"]]) + bytes(6) + bytes.fromhex(vector["random"])
        key = bytes.fromhex(vector["key"])
        pack = prefix + self.hpke_seal(vector["ephemeralPrivateKey"], b"varve/1 pack key", prefix, key)
        self.same("a pack's header", pack, vector["header"])
        for block in vector["blocks"]:
            raw, payload, number, codec = bytes.fromhex(block["raw"]), bytes.fromhex(block["payload"]), block["number"], block["codec"]
            decoded = unzstd(payload, len(raw)) if codec == 1 else payload
            need(decoded == raw, "a block's payload is not its raw bytes")
            aad = b"varve/1 block" + self.id + prefix + struct.pack("<I", number) + bytes([codec]) + struct.pack("<I", len(raw))
            stored = AESGCM(key).encrypt(bytes(8) + struct.pack(">I", number), payload, aad)
            self.same("a block", stored, block["stored"])
            pack += stored
        footer = self.seal("a footer", vector["footer"], bytes.fromhex(vector["footer"]["plaintext"]))
        self.same("a footer", footer, vector["footer"]["sealed"])
        self.object("a pack", pack + footer + struct.pack("<I", len(footer)) + b"KCAPVRAV", vector)

    def object(self, what, made, vector):
        self.same(what, made, vector["object"])
        self.same(what + "'s name", hashlib.sha256(made).digest(), vector["name"])

    def sealed(self, what, vector):
        sealed = self.seal(what, vector, bytes.fromhex(vector["plaintext"]))
        self.same(what, sealed, vector["sealed"])
        self.object(what, bytes.fromhex(vector["context"]) + sealed, vector)

    def of_two_parts(self, what, label, vector):
        """9, 9.1."""
        public = bytes.fromhex(vector["public"])
        private = self.hpke_seal(vector["ephemeralPrivateKey"], label, public, bytes.fromhex(vector["private"]))
        self.same(f"{what}'s private part", private, vector["privateSealed"])
        signature = bytes.fromhex(vector["signature"])
        self.same(f"{what}'s plaintext", blob(public) + blob(private) + blob(signature), vector["plaintext"])
        by = signer(self.id, self.issuing, bytes.fromhex(vector["context"]), blob(public) + blob(private), signature)
        need(by and by[1] == 2, f"{what}'s signature")
        self.sealed(what, vector)

    def cuts(self, vector):
        """12."""
        content = b"".join(hashlib.sha256(struct.pack("<Q", i)).digest() for i in range(31_250))
        gear = struct.unpack("<256Q", HKDF(hashes.SHA256(), 2048, b"", b"varve/1 gear").derive(bytes.fromhex(self.all["repository"]["chunkerKey"])))
        least, average, most = vector["chunkMin"], vector["chunkAverage"], vector["chunkMax"]
        bits = average.bit_length() - 1
        lengths, start = [], 0
        while start < len(content):
            end, value = min(len(content), start + most), 0
            cut = end - start
            for number in range(least, end - start):
                value = (2 * value + gear[content[start + number]]) & (1 << 64) - 1
                if value < 1 << (62 - bits if number < average else 66 - bits):
                    cut = number + 1
                    break
            lengths.append(cut)
            start += cut
        need(lengths == vector["lengths"], f"the chunks are {lengths}")

    def repository(self, folder):
        keys, objects = self.all["repository"], {"varve": self.all["repository"]["header"].encode()}
        for slot in self.all["slots"]:
            objects["keys/" + slot["name"]] = slot["object"].encode()
        for pack in self.all["packs"]:
            objects[f"packs/{pack['name'][:2]}/{pack['name']}"] = bytes.fromhex(pack["object"])
        for prefix, one in (("index/", self.all["indexRun"]), ("notes/", self.all["note"])):
            objects[prefix + one["name"]] = bytes.fromhex(one["object"])
        source = dict(fields(bytes.fromhex(self.all["snapshot"]["public"])))[1].hex()
        objects[f"snapshots/{source[:16]}/{self.all['snapshot']['name']}"] = bytes.fromhex(self.all["snapshot"]["object"])
        for key, data in objects.items():
            os.makedirs(os.path.dirname(os.path.join(folder, key)), exist_ok=True)
            with open(os.path.join(folder, key), "wb") as file:
                file.write(data)
        repository = Repository(folder, password=self.all["slots"][0]["password"])
        bare = Repository(folder, paper=self.all["paperKeys"][0]["code"])
        need([one[:3] for one in bare.snapshots()] == [one[:3] for one in repository.snapshots()], "the paper key opens something else")
        ((_, tree, canonical, counts, _),) = repository.snapshots()
        ((_, said, named, by, _),) = repository.notes()
        need((said[4][:32], named[3], named[4]) == (hashlib.sha256(b"varve vectors: the source before").digest(), b"new-laptop", b"/home/me/papers"), "the note")
        need(by[1] == 2 and said[3][32:] == hashlib.sha256(by[0]).digest(), "who wrote the note")
        (root,) = repository.entries(tree, root=True)
        leaf = self.all["treeLeaf"]
        need(root["name"] == canonical.rsplit(b"/", 1)[1] and root["tree"].hex() == leaf["id"], "the root")
        entries = list(repository.entries(root["tree"]))
        made = [dict({key: entry[key] for key in ("kind", "mode", "uid", "gid", "size", "inode", "flags")}, name=entry["name"].hex(),
                     mtime=list(entry["mtime"]), ctime=list(entry["ctime"]), details=details_in_words(entry)) for entry in entries]
        need(len(made) == len(leaf["entries"]), "the number of entries")
        for one, said in zip(made, leaf["entries"]):
            need(one == said, f"an entry is {one}, the file says {said}")
        owners = [[{"number": n, "name": name.decode()} for n, name in owned] for owned in parse_owners(repository.chunk(root["tree"]))]
        need(owners == [leaf["users"], leaf["groups"]], f"the owners are {owners}")
        kind, node = parse_meta(repository.chunk(bytes.fromhex(self.all["treeNode"]["id"])))
        children = [{"id": node.take(32).hex(), "firstName": node.bytes().hex()} for _ in range(node.varint())]
        need(kind == 2 and children == self.all["treeNode"]["children"], f"a node's children are {children}")
        for said in self.all["extentLists"]:
            kind, reader = parse_meta(repository.chunk(bytes.fromhex(said["id"])))
            count = reader.varint()
            made = {"id": said["id"]}
            if kind == 3:
                made["extents"] = extents_in_words(parse_extents(reader, count))
            else:
                made["children"] = [{"id": reader.take(32).hex(), "length": reader.varint()} for _ in range(count)]
            need(made == said, f"a part of a list is {made}")
        found = [(b"", root)]
        walk(repository, root["tree"], b"", found)
        for _, entry in found:
            if entry["kind"] == 1:
                need(sum(len(piece) for piece in repository.content(entry)) == entry["size"], "a file's content")
        of = lambda *kinds: sum(entry["kind"] in kinds for _, entry in found)
        need(counts[:4] == [of(1), of(2), of(3), of(4, 5, 6, 7)] and sum(counts[6:10]) == len(found) - of(2), f"the counts are {counts}")
        need(counts[4] == sum(entry["size"] for _, entry in found if entry["kind"] == 1), "the sum of the sizes")
        groups = {}
        for _, entry in found:
            if "group" in entry:
                groups.setdefault(entry["group"], []).append(dict(entry, name=b""))
        need(all(entry == group[0] for group in groups.values() for entry in group), "names of one file differ in more than the name")

    def outcome(self, case):
        """What becomes of a case: taken, damaged, unsupported, no key file, or an entry of a tree alone is refused."""
        try:
            return self.read(case)
        except Damaged:
            return "damaged"
        except Unsupported:
            return "unsupported"
        except NoKeyFile:
            return "no key file"

    def read(self, case):
        data = case["text"].encode() if "text" in case else bytes.fromhex(case.get("bytes", ""))
        of = case["of"]
        simple = {"header": parse_header, "slot": parse_slot, "session": parse_session, "keyFile": parse_key_file, "bundle": parse_bundle,
                  "snapshotPublic": parse_public, "snapshotPrivate": parse_private, "condemned": parse_condemned,
                  "fence": parse_fence, "final": parse_final,
                  "notePublic": parse_note_public, "notePrivate": parse_note_private, "failureList": parse_failures,
                  "pendingList": parse_pending, "markList": parse_marks, "packHeader": parse_pack_header, "indexRun": parse_run}
        if of in simple:
            simple[of](data)
        elif of == "footer":
            parse_footer(data, case["size"])
        elif of == "block":
            unzstd(bytes.fromhex(case["payload"]), case["rawLength"])
        elif of == "sealed":
            open_sealed(self.index_key, self.id, case["type"], bytes.fromhex(case["context"]), bytes.fromhex(case["sealed"]))
        else:
            chunks = {self.chunk_id(chunk): chunk for chunk in map(bytes.fromhex, case["chunks"])}
            top = self.chunk_id(bytes.fromhex(case["chunks"][-1]))
            if of == "extentList":
                list(list_extents(chunks.__getitem__, top, case["size"]))
            else:
                need(of == "tree", f"what is a {of}?")
                refused = []
                for entry in list(tree_entries(chunks.__getitem__, top)):
                    try:
                        finish_entry(entry)
                    except Damaged:
                        refused.append(entry["name"])
                return "entry" if refused == [b"a"] else f"{refused} are refused" if refused else "taken"
        return "taken"

    def cases(self):
        for case in self.all["taken"] + self.all["refused"]:
            said, made = case.get("expect", "taken"), self.outcome(case)
            need(made == said, f"{case['of']}, {case['what']}: it is {made}, the file says {said}")

    def chunk_id(self, chunk):
        return hmac.new(self.chunk_id_key, chunk, hashlib.sha256).digest()

    def verify(self):
        for slot in self.all["slots"]:
            self.slot(slot)
        for paper in self.all["paperKeys"]:
            self.paper(paper)
        for chunk in self.all["chunks"]:
            self.same("a chunk id", self.chunk_id(bytes.fromhex(chunk["bytes"])), chunk["id"])
        for pack in self.all["packs"]:
            self.pack(pack)
        self.sealed("an index run", self.all["indexRun"])
        signed, signature = parse_run(bytes.fromhex(self.all["indexRun"]["plaintext"]))[2:]
        by = signer(self.id, self.issuing, b"VARVEIDX", signed, signature)
        need(by and by[1] == 2 and signature.hex() == self.all["indexRun"]["signature"], "an index run's signature")
        self.of_two_parts("a condemned list", b"varve/1 condemned", self.all["condemned"])
        self.of_two_parts("a fence", b"varve/1 fence", self.all["fence"])
        self.of_two_parts("a final mark", b"varve/1 final", self.all["final"])
        self.of_two_parts("a snapshot", b"varve/1 snapshot", self.all["snapshot"])
        self.of_two_parts("a note", b"varve/1 note", self.all["note"])
        self.cuts(self.all["chunker"])
        self.cases()
        long = self.all["longObject"]
        self.same("a long object", hashlib.sha256(self.seal("a long object", long, b"a" * ((1 << 20) + 1))).digest(), long["sha256OfSealed"])
        with tempfile.TemporaryDirectory() as folder:
            self.repository(folder)
        print("all vectors hold")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("repository", nargs="?")
    parser.add_argument("--vectors")
    parser.add_argument("--key-file")
    parser.add_argument("--password")
    parser.add_argument("--paper-key")
    parser.add_argument("--extract")
    parser.add_argument("--tell", action="store_true")
    options = parser.parse_args()
    if options.vectors:
        Vectors(options.vectors).verify()
        return
    if options.repository is None:
        parser.error("a repository, or --vectors")
    paper = open(options.paper_key, encoding="utf-8").read() if options.paper_key else None
    repository = Repository(options.repository, options.key_file, options.password, paper)
    if options.tell:
        print("\n".join(Told(repository).lines()))
        return
    for number, (_, tree, canonical, counts, marks) in enumerate(repository.snapshots(), 1):
        (root,) = repository.entries(tree, root=True)
        need(root["name"] == canonical.rsplit(b"/", 1)[1], "the root is not named as the canonical root")
        found = [(b"", root)]
        walk(repository, root["tree"], b"", found)
        there = {path for path, _ in found}
        # 8.5: what is marked is not there, but for a directory that was not entered, which is empty.
        for path, reason, _ in marks:
            need((path in there) <= (reason == 2) and not any(p.startswith(path + b"/") for p in there), "what was left out is there")
        groups = {}
        for path, entry in found:
            groups.setdefault(entry.get("group"), []).append(path)
        need(counts[0] == sum(e["kind"] == 1 for _, e in found) and counts[1] == sum(e["kind"] == 2 for _, e in found), "the counts are wrong")
        target = os.path.join(options.extract, str(number)) if options.extract else None
        for path, entry in found:
            if target and entry["kind"] == 2:
                os.makedirs(os.path.join(os.fsencode(target), path), exist_ok=True)
            print(number, show(repository, entry, path, groups, target))


if __name__ == "__main__":
    main()
