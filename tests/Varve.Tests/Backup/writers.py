#!/usr/bin/python3
"""Programs that change their files all the time, and how to recognise every moment of each file.

    writers.py write SORT FILE HISTORY   changes FILE until it is killed; HISTORY, which is not backed up, is for what the file itself cannot tell
    writers.py check [SORT FILE HISTORY]...  prints one line for each FILE that cannot have stood like this at any moment

Every sort works in bursts and rests in between, so that there are files that hold still, some of the time.
"""
import mmap, os, random, sqlite3, struct, sys, time, zlib

BLOCK = 64


def rest():
    time.sleep(random.choice((0, 0.001, 0.01, 0.05, 0.2)))


def burst():
    return range(random.choice((1, 3, 20, 200)))


# ---- append: numbered records with a sum; now and then the log is begun anew ----

def record(n):
    body = b"%012d " % n + (b"%d-" % (n * 7919)) * (n % 40)
    return b"%s %08x\n" % (body, zlib.crc32(body))


def write_append(path, history):
    n = 0
    while True:
        with open(path, "ab", buffering=0) as f:
            for _ in burst():
                f.write(record(n))
                n += 1
            if f.tell() > 2 << 20:
                f.truncate(0)
        rest()


def check_append(data, history):
    expected = None
    while data:
        n = int(data[:12]) if len(data) >= 12 else expected
        if n is None:
            return None  # a beginning too short to tell
        if expected is not None and n != expected:
            return "record %d where %d belongs" % (n, expected)
        whole = record(n)
        if data[:len(whole)] != whole[:len(data)]:
            return "record %d is damaged" % n
        data = data[len(whole):]
        expected = n + 1


# ---- rename: a whole new file takes the name ----

def state(n, blocks):
    return struct.pack("<Q", n) * (BLOCK // 8) * blocks


def write_rename(path, history):
    n = 1
    while True:
        for _ in burst():
            with open(history, "wb") as f:
                f.write(struct.pack("<Q", 1 + n % 3000) + state(n, 1 + n % 3000))
            os.rename(history, path)
            n += 1
        rest()


def check_rename(data, history):
    (blocks,), (n,) = struct.unpack("<Q", data[:8]), struct.unpack("<Q", data[8:16])
    if data[8:] != state(n, blocks):
        return "not what number %d was" % n


# ---- truncate: cut to nothing, written, grown by a hole, its end filled in ----

def shape(n):
    return 10 + n * 7919 % 3000, n % 5 * 4096


def write_truncate(path, history):
    n = 0
    with open(path, "wb", buffering=0) as f:
        while True:
            for _ in burst():
                n += 1
                blocks, more = shape(n)
                f.truncate(0)
                os.pwrite(f.fileno(), state(n, blocks), 0)
                f.truncate(blocks * BLOCK + more)
                os.pwrite(f.fileno(), state(n, more // BLOCK), blocks * BLOCK)
            rest()


def check_truncate(data, history):
    if not data:
        return None
    (n,) = struct.unpack("<Q", data[:8])
    blocks, more = shape(n)
    if len(data) <= blocks * BLOCK:
        return None if data == state(n, blocks)[:len(data)] else "the first part of %d is mixed" % n
    if len(data) != blocks * BLOCK + more or data[:blocks * BLOCK] != state(n, blocks):
        return "%d has the wrong length or beginning" % n
    tail = data[blocks * BLOCK:].rstrip(b"\0")
    tail += b"\0" * (-len(tail) % 8)
    if tail != state(n, more // BLOCK)[:len(tail)]:
        return "the end of %d is mixed" % n


# ---- overwrite: the same size always, in single writes from the beginning; small, and large enough to be cut ----

def overwrite(path, size):
    n = 0
    f = os.open(path, os.O_RDWR | os.O_CREAT)
    while True:
        for _ in burst()[:max(1, (8 << 20) // size)]:
            os.pwrite(f, struct.pack("<Q", n) * (size // 8), 0)
            n += 1
        rest()


def check_overwrite(data, history):
    numbers = struct.unpack("<%dQ" % (len(data) // 8), data)
    kinds = sorted(set(numbers))
    if len(kinds) > 2 or (len(kinds) == 2 and (kinds[1] != kinds[0] + 1 or any(numbers[i] < numbers[i + 1] for i in range(len(numbers) - 1)))):
        return "mixes %s" % kinds[:10]


# ---- mmap: number n goes to page n modulo the pages; each page has the latest number that is its own ----

def write_mmap(path, history):
    pages = 2048
    f = os.open(path, os.O_RDWR | os.O_CREAT)
    os.ftruncate(f, pages * 4096)
    with mmap.mmap(f, pages * 4096) as m:
        os.close(f)
        words = memoryview(m).cast("Q")
        for n in range(pages):
            words[n * 512] = n
        n = pages
        while True:
            for _ in burst():
                for _ in range(100):
                    words[n % pages * 512] = n
                    n += 1
            rest()


def check_mmap(data, history):
    numbers = [struct.unpack_from("<Q", data, i)[0] for i in range(0, len(data), 4096)]
    newest, pages = max(numbers), len(numbers)
    if not pages or newest < pages:
        return None  # it had not begun
    for i, n in enumerate(numbers):
        if n != newest - (newest - i) % pages:
            return "page %d has %d while the newest is %d" % (i, n, newest)


# ---- sqlite: transactions on a database of a fixed size; the history has the sums of all pages after each of them ----

def sums(data):
    return [zlib.crc32(data[i:i + 4096]) for i in range(0, len(data), 4096)]


def write_sqlite(path, history):
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode=MEMORY")
    db.execute("PRAGMA synchronous=OFF")
    db.execute("CREATE TABLE IF NOT EXISTS account(id INTEGER PRIMARY KEY, balance INTEGER, filler BLOB)")
    if db.execute("SELECT count(*) FROM account").fetchone()[0] == 0:
        db.execute("BEGIN")
        db.executemany("INSERT INTO account VALUES(?, 1000000, zeroblob(1000))", ((i,) for i in range(300)))
        db.execute("COMMIT")
    with open(history, "ab", buffering=0) as log:
        def note():
            with open(path, "rb") as f:
                page = sums(f.read())
            log.write(struct.pack("<I%dI" % len(page), len(page), *page))
        note()
        while True:
            for _ in burst():
                db.execute("BEGIN")
                for _ in range(random.randint(1, 8)):
                    amount, a, b = random.randint(1, 1000), random.randrange(300), random.randrange(300)
                    db.execute("UPDATE account SET balance = balance - ? WHERE id = ?", (amount, a))
                    db.execute("UPDATE account SET balance = balance + ? WHERE id = ?", (amount, b))
                db.execute("COMMIT")
                note()
            rest()


def check_sqlite(data, history):
    with open(history, "rb") as f:
        log = f.read()
    page = sums(data)
    size = 4 + 4 * len(page)
    known = [struct.unpack_from("<%dI" % len(page), log, at + 4) for at in range(0, len(log) - size + 1, size)
             if struct.unpack_from("<I", log, at)[0] == len(page)]
    page = tuple(page)
    if page in known:
        return None
    # A transaction under way: its pages are written in their order, so the first are new and the rest old. The latest may not be noted yet.
    for old, new in zip(known, known[1:]):
        differ = [i for i in range(len(page)) if old[i] != new[i]]
        if any(all(page[i] == (new[i] if differ.index(i) < k else old[i]) for i in differ) for k in range(len(differ) + 1)):
            if all(page[i] == old[i] for i in range(len(page)) if i not in differ):
                return None
    return "no moment of the database"


SORTS = {
    "append": (write_append, check_append),
    "rename": (write_rename, check_rename),
    "truncate": (write_truncate, check_truncate),
    "overwrite": (lambda p, h: overwrite(p, 64 << 10), check_overwrite),
    "large": (lambda p, h: overwrite(p, 6 << 20), check_overwrite),
    "mmap": (write_mmap, check_mmap),
    "sqlite": (write_sqlite, check_sqlite),
}


def main():
    if sys.argv[1] == "write":
        SORTS[sys.argv[2]][0](*sys.argv[3:5])
    for sort, path, history in zip(*[iter(sys.argv[2:])] * 3):
        with open(path, "rb") as f:
            problem = SORTS[sort][1](f.read(), history)
        if problem:
            print("%s: %s" % (path, problem))


main()
