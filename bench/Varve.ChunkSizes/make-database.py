"""Versions of one SQLite database that is updated in place: makedb.py FOLDER. Text of a fixed seed; each version changes one row in a
thousand, most of them among the latest tenth, and adds as many."""
import os, random, shutil, sqlite3, sys

folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)
rng = random.Random(42)
words = ["".join(rng.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(rng.randint(2, 11))) for _ in range(20000)]


def text():
    return " ".join(rng.choices(words, k=rng.randint(5, 120)))


db = sqlite3.connect(os.path.join(folder, "live"))
db.execute("PRAGMA journal_mode = DELETE")
db.execute("CREATE TABLE message(id INTEGER PRIMARY KEY, sender TEXT, sent INTEGER, body TEXT)")
db.execute("CREATE INDEX by_sender ON message(sender, sent)")
count = 600_000
db.executemany("INSERT INTO message(sender, sent, body) VALUES(?, ?, ?)", ((rng.choice(words), rng.getrandbits(31), text()) for _ in range(count)))
db.commit()
shutil.copy(os.path.join(folder, "live"), os.path.join(folder, "0"))


def row():
    return count - rng.randrange(count // 10) if rng.random() < 0.8 else rng.randrange(count) + 1


for version in range(1, 6):
    for _ in range(count // 1000):
        db.execute("UPDATE message SET body = ?, sent = ? WHERE id = ?", (text(), rng.getrandbits(31), row()))
    db.executemany("INSERT INTO message(sender, sent, body) VALUES(?, ?, ?)", ((rng.choice(words), rng.getrandbits(31), text()) for _ in range(count // 1000)))
    db.commit()
    shutil.copy(os.path.join(folder, "live"), os.path.join(folder, str(version)))
db.close()
os.remove(os.path.join(folder, "live"))
