#!/usr/bin/env python3
"""Reads a Varve repository of format version 1. Written from docs/format.md alone, to show that it suffices; section numbers are its.

    read_v1.py REPOSITORY (--key-file FILE | --password PASSWORD) [--extract DIRECTORY]
    read_v1.py --vectors docs/vectors.json

Prints one line for each entry of each snapshot: the snapshot's number (by start time, from 1), then the entry as tests/Varve.Tests/Golden/Manifest.cs has it.
With --vectors it verifies the test vectors (15): it makes each from what goes in, and reads the repository that they make up. With --extract the regular files are written below DIRECTORY/NUMBER too. Verifies all that can be verified on the way and stops at the first thing that is wrong.
Needs python3-cryptography and the program zstd.
"""
import argparse, base64, hashlib, hmac, json, os, struct, subprocess, sys, tempfile
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
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


def fields(data):
    """A list of (tag, value), ascending by tag."""
    reader, result = Reader(data), []
    while not reader.done():
        tag = reader.varint()
        need(not result or tag >= result[-1][0], "tags do not ascend")
        result.append((tag, reader.bytes()))
    return result


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


class Repository:
    def __init__(self, path, key_file=None, password=None):
        self.path = path
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
            slot = json.loads(self.get(key))
            salt, sealed = base64.b64decode(slot["salt"]), base64.b64decode(slot["sealed"])
            if slot["method"] == "keyfile" and key_file:
                lines = [line for line in open(key_file).read().splitlines() if line and not line.startswith("#")]
                need(len(lines) == 1 and lines[0].startswith("varve-key-1 "), "not a key file")
                wrapping = hkdf(base64.b64decode(lines[0].split(" ", 1)[1]), salt, b"varve/1 key file")
            elif slot["method"] == "password" and password is not None:
                kdf = slot["kdf"]
                need(kdf["name"] == "scrypt" and 128 * kdf["n"] * kdf["r"] <= 1 << 30 and kdf["p"] <= 16, "unacceptable scrypt parameters")
                wrapping = hashlib.scrypt(password.encode(), salt=salt, n=kdf["n"], r=kdf["r"], p=kdf["p"], maxmem=(1 << 31) - 1 - (1 << 20), dklen=32)
            else:
                continue
            aad = "\n".join(["varve/1 key slot", slot["repository"], slot["level"], slot["method"], slot["label"], slot["created"]]).encode()
            bundle = dict(fields(AESGCM(wrapping).decrypt(sealed[:12], sealed[12:], aad)))
            need(bundle[1] == b"\x02", "not a full key")
            self.id, self.chunk_id_key, self.index_key, self.public = bundle[2], bundle[3], bundle[5], bundle[6]
            self.private = ec.derive_private_key(int.from_bytes(bundle[7], "big"), ec.SECP256R1())
            self.header_copy = bundle[8]
            return
        raise Damaged("no key slot fits")

    # ---- 3. Header ----

    def check_header(self):
        header = json.loads(self.get("varve"))
        need(header["varve"] == 1, "not of version 1")
        need(header["repository"] == self.id.hex(), "another repository")
        need(json.loads(self.header_copy) == header, "the header differs from its copy")

    # ---- 5. Sealed objects ----

    def open_sealed(self, kind, context, data):
        aes = AESGCM(hkdf(self.index_key, data[:32], b"varve/1 object" + self.id + bytes([kind])))
        rest, plain, number = data[32:], [], 0
        while True:
            segment, rest = rest[:(1 << 20) + 16], rest[(1 << 20) + 16:]
            nonce = struct.pack(">Q", number) + b"\0\0\0" + (b"\0" if rest else b"\1")
            plain.append(aes.decrypt(nonce, segment, context))
            number += 1
            if not rest:
                return b"".join(plain)

    # ---- 7. Index runs ----

    def read_runs(self):
        runs = {key.rsplit("/", 1)[1]: self.open_object(key, b"VARVEIDX", 2) for key in self.list("index")}
        parsed = {name: self.parse_run(run) for name, run in runs.items()}
        superseded = {old for _, _, names in parsed.values() for old in names}
        for name, (packs, chunks, _) in parsed.items():
            if name not in superseded:
                self.packs.update(packs)
                self.chunks.update(chunks)

    def open_object(self, key, magic, kind):
        data = self.get(key)
        need(data[:8] == magic, f"{key} does not start with {magic}")
        return self.open_sealed(kind, magic, data[8:])

    def parse_run(self, run):
        need(len(run) <= 64 << 20, "an index run is too long")
        reader = Reader(run)
        names = [reader.take(32).hex() for _ in range(reader.varint())]
        packs, chunks = {}, {}
        for _ in range(reader.varint()):
            name, size, kind, footer = reader.take(32).hex(), reader.varint(), reader.u8(), reader.bytes()
            need(name not in packs and kind in (1, 2), "an index run names a pack twice, or one of no known kind")
            packs[name] = size, kind
            place = 145
            inside = Reader(footer)
            for chunk, location in self.footer(inside, name):
                chunks.setdefault(chunk, location)
                place = max(place, location[2] + location[3])
            inside.end()
            need(place == size - 12 - 32 - len(footer) - 16 * max(1, -(-len(footer) >> 20)), "blocks do not fill their pack")
        reader.end()
        need(len(set(names)) == len(names), "an index run names a run twice")
        return packs, chunks, names

    # ---- 6. Packs ----

    def read_footers(self):
        """The footers must say the same as the index."""
        for key in self.list("packs"):
            data, name = self.get(key), key.rsplit("/", 1)[1]
            need(key.split("/")[1] == name[:2], f"{key} lies in the wrong directory")
            need(data[:8] == b"VARVPACK" and data[8] == 1 and data[9] in (1, 2) and data[10:16] == bytes(6), f"{key} is no pack")
            need(data[-8:] == b"KCAPVRAV", f"{key} is cut short")
            length = struct.unpack("<I", data[-12:-8])[0]
            footer = Reader(self.open_sealed(1, data[:145], data[-12 - length:-12]))
            need(self.packs[name] == (len(data), data[9]), f"the index is wrong about {key}")
            place = 145
            for chunk, location in self.footer(footer, name):
                need(self.chunks[chunk] == location, f"the index is wrong about a chunk of {key}")
                place = max(place, location[2] + location[3])
            footer.end()
            need(place == len(data) - 12 - length, "blocks do not fill their pack")

    def footer(self, reader, pack):
        """The chunks of a footer's plaintext, each with where it lies."""
        place = 145
        for number in range(reader.varint()):
            stored, raw, codec, count, offset = reader.varint(), reader.varint(), reader.u8(), reader.varint(), 0
            for _ in range(count):
                chunk, size = reader.take(32), reader.varint()
                yield chunk, (pack, number, place, stored, raw, codec, offset, size)
                offset += size
            need(offset == raw, "chunks do not fill their block")
            place += stored

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
                payload = subprocess.run(["zstd", "-dcq"], input=payload, stdout=subprocess.PIPE, check=True).stdout
            need(codec in (0, 1) and len(payload) == raw, "a block is not as long as it says")
            self.decoded[name, number] = payload
        return self.decoded[name, number]

    def chunk(self, chunk):
        name, number, place, stored, raw, codec, offset, length = self.chunks[chunk]
        data = self.block(name, number, place, stored, raw, codec)[offset:offset + length]
        need(hmac.new(self.chunk_id_key, data, hashlib.sha256).digest() == chunk, "a chunk does not match its id")
        return data

    def meta(self, chunk):
        need(self.packs[self.chunks[chunk][0]][1] == 2, "a meta chunk lies in a data pack")
        data = self.chunk(chunk)
        need(data[1] == 1, "a meta chunk of another version")
        return data[0], Reader(data[2:])

    # ---- 8.1 Trees ----

    def entries(self, tree, root=False):
        kind, reader = self.meta(tree)
        if kind == 2:
            last = b""
            for _ in range(reader.varint()):
                child, first = reader.take(32), reader.bytes()
                need(first > last, "children do not ascend")
                last = first
                for i, entry in enumerate(self.entries(child)):
                    need(i > 0 or entry["name"] == first, "a node is wrong about its child")
                    yield entry
        else:
            need(kind == 1, "not a tree")
            for _ in range(2):
                for _ in range(reader.varint()):
                    reader.varint(), reader.bytes()
            last = b""
            for _ in range(reader.varint()):
                entry = self.entry(Reader(reader.bytes()))
                need(entry["name"] > last, "names do not ascend")
                need(entry["name"] not in (b"", b".", b"..") and (root or b"/" not in entry["name"]) and b"\0" not in entry["name"], "not a name")
                last = entry["name"]
                yield entry
        reader.end()

    def entry(self, r):
        entry = {"kind": r.u8(), "name": r.bytes(), "mode": r.varint(), "uid": r.varint(), "gid": r.varint(), "size": r.varint(),
                 "mtime": r.time(), "ctime": r.time(), "inode": r.varint(), "flags": r.varint(), "xattrs": []}
        for tag, value in fields(r.data[r.at:]):
            v = Reader(value)
            if tag == 1:
                entry["extents"] = value
            elif tag == 2:
                entry["list"] = value
            elif tag == 3:
                entry["tree"] = value
            elif tag == 4:
                entry["target"] = value
            elif tag == 5:
                entry["device"] = v.varint(), v.varint()
            elif tag == 6:
                entry["group"] = value
            elif tag == 7:
                name = v.bytes()
                entry["xattrs"].append((name, value[v.at:]))
            elif tag == 8:
                entry["birth"] = v.time()
            elif tag == 9:
                entry["attributes"] = v.varint()
        return entry

    # ---- 8.2 Extents ----

    def extents(self, reader, count=None):
        while not reader.done() if count is None else count > 0:
            count = None if count is None else count - 1
            kind = reader.varint()
            if kind == 0:
                yield reader.take(32), reader.varint(), reader.varint()
            else:
                need(kind == 1, "an extent of unknown kind")
                yield None, 0, reader.varint()

    def extent_list(self, chunk, size):
        kind, reader = self.meta(chunk)
        total = 0
        if kind == 4:
            for _ in range(reader.varint()):
                child, length = reader.take(32), reader.varint()
                yield from self.extent_list(child, length)
                total += length
        else:
            need(kind == 3, "not an extent list")
            for extent in self.extents(reader, reader.varint()):
                yield extent
                total += extent[2]
        reader.end()
        need(total == size, "an extent list is not as long as declared")

    def content(self, entry):
        total = 0
        extents = self.extent_list(entry["list"], entry["size"]) if "list" in entry else self.extents(Reader(entry.get("extents", b"")))
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

    # ---- 9. Snapshots ----

    def snapshots(self):
        found = []
        for key in self.list("snapshots"):
            reader = Reader(self.open_object(key, b"VARVESNP", 3))
            public, sealed = reader.bytes(), reader.bytes()
            reader.end()
            private = hpke_open(self.private, self.public, sealed[:65], b"varve/1 snapshot" + self.id, public, sealed[65:])
            f, p = dict(fields(public)), dict(fields(private))
            source = b"varve/1 source" + blob(p[2]) + blob(p[5])
            need(hmac.new(self.chunk_id_key, source, hashlib.sha256).digest() == f[1], "the source id is wrong")
            counts = Reader(f[6])
            found.append((Reader(f[2]).time(), f[5], p[5], [counts.varint() for _ in range(14)]))
            counts.end()
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


# ---- 15. Test vectors ----

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
            (line,) = [line for line in vector["keyFile"].splitlines() if line and not line.startswith("#")]
            key = hkdf(base64.b64decode(line.split(" ", 1)[1]), salt, b"varve/1 key file")
        self.same("a slot's wrapping key", key, vector["wrappingKey"])
        aad = "\n".join(["varve/1 key slot", said["repository"], said["level"], said["method"], said["label"], said["created"]]).encode()
        need(base64.b64decode(said["salt"]) == salt, "a slot's salt")
        need(base64.b64decode(said["sealed"]) == nonce + AESGCM(key).encrypt(nonce, bundle, aad), "a slot's sealed bundle")
        self.same("a slot's name", hashlib.sha256(vector["object"].encode()).digest(), vector["name"])
        read, keys = dict(fields(bundle)), self.all["repository"]
        need(read[1] == (b"\2" if vector["level"] == "full" else b"\1") and read[8].decode() == keys["header"] and read[2] == self.id, "a bundle")
        for tag, name in ((3, "chunkIdKey"), (4, "chunkerKey"), (5, "indexKey"), (6, "publicKey")):
            self.same("a bundle", read[tag], keys[name])
        need((7 in read) == (vector["level"] == "full") and read.get(7, b"").hex() in ("", keys["privateKey"]), "a bundle's private key")

    def pack(self, vector):
        """6."""
        prefix = b"VARVPACK\1" + bytes([vector["kind"]]) + bytes(6) + bytes.fromhex(vector["random"])
        key = bytes.fromhex(vector["key"])
        pack = prefix + self.hpke_seal(vector["ephemeralPrivateKey"], b"varve/1 pack key", prefix, key)
        self.same("a pack's header", pack, vector["header"])
        for block in vector["blocks"]:
            raw, payload, number, codec = bytes.fromhex(block["raw"]), bytes.fromhex(block["payload"]), block["number"], block["codec"]
            decoded = subprocess.run(["zstd", "-dcq"], input=payload, stdout=subprocess.PIPE, check=True).stdout if codec == 1 else payload
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

    def snapshot(self, vector):
        """9."""
        public = bytes.fromhex(vector["public"])
        private = self.hpke_seal(vector["ephemeralPrivateKey"], b"varve/1 snapshot", public, bytes.fromhex(vector["private"]))
        self.same("a snapshot's private part", private, vector["privateSealed"])
        self.same("a snapshot's plaintext", blob(public) + blob(private), vector["plaintext"])
        self.sealed("a snapshot", vector)

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
        for prefix, one in (("index/", self.all["indexRun"]), ("snapshots/", self.all["snapshot"])):
            objects[prefix + one["name"]] = bytes.fromhex(one["object"])
        for key, data in objects.items():
            os.makedirs(os.path.dirname(os.path.join(folder, key)), exist_ok=True)
            with open(os.path.join(folder, key), "wb") as file:
                file.write(data)
        repository = Repository(folder, password=self.all["slots"][0]["password"])
        ((_, tree, canonical, _),) = repository.snapshots()
        (root,) = repository.entries(tree, root=True)
        need(root["name"] == canonical.rsplit(b"/", 1)[1] and root["tree"].hex() == self.all["treeLeaf"]["id"], "the root")
        entries = list(repository.entries(root["tree"]))
        said = self.all["treeLeaf"]["entries"]
        need(len(entries) == len(said), "the number of entries")
        for entry, one in zip(entries, said):
            made = {key: entry[key] for key in ("kind", "mode", "uid", "gid", "size", "inode", "flags")}
            made.update(name=entry["name"].hex(), mtime=list(entry["mtime"]), ctime=list(entry["ctime"]))
            need(made == one, f"an entry is {made}")
            if entry["kind"] == 1:
                need(sum(len(piece) for piece in repository.content(entry)) == entry["size"], "a file's content")

    def verify(self):
        for slot in self.all["slots"]:
            self.slot(slot)
        for chunk in self.all["chunks"]:
            self.same("a chunk id", hmac.new(self.chunk_id_key, bytes.fromhex(chunk["bytes"]), hashlib.sha256).digest(), chunk["id"])
        for pack in self.all["packs"]:
            self.pack(pack)
        self.sealed("an index run", self.all["indexRun"])
        self.sealed("a condemned list", self.all["condemned"])
        self.snapshot(self.all["snapshot"])
        self.cuts(self.all["chunker"])
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
    parser.add_argument("--extract")
    options = parser.parse_args()
    if options.vectors:
        Vectors(options.vectors).verify()
        return
    if options.repository is None:
        parser.error("a repository, or --vectors")
    repository = Repository(options.repository, options.key_file, options.password)
    for number, (_, tree, canonical, counts) in enumerate(repository.snapshots(), 1):
        (root,) = repository.entries(tree, root=True)
        need(root["name"] == canonical.rsplit(b"/", 1)[1], "the root is not named as the canonical root")
        found = [(b"", root)]
        walk(repository, root["tree"], b"", found)
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
