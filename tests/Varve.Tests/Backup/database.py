#!/usr/bin/python3
"""A program that works with an SQLite database, and what must be true of the database at every moment.

    database.py write MODE FILE   moves money between accounts until it is killed; MODE is the journal mode: wal, delete, truncate, persist
    database.py check FILE...     opens each and prints one line for each that is damaged or does not add up
"""
import os, random, sqlite3, sys, time

ACCOUNTS, EACH = 2000, 1000


def write(mode, path):
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode=" + mode)
    db.execute("PRAGMA synchronous=" + random.choice(("OFF", "NORMAL")))
    db.execute("PRAGMA wal_autocheckpoint=%d" % random.choice((20, 200, 1000)))
    db.execute("PRAGMA cache_size=20")  # so that pages go to the file while a transaction is under way
    db.execute("CREATE TABLE account(id INTEGER PRIMARY KEY, balance INTEGER, filler BLOB)")
    db.execute("CREATE TABLE booking(id INTEGER PRIMARY KEY, amount INTEGER)")
    db.execute("BEGIN")
    db.executemany("INSERT INTO account VALUES(?, ?, zeroblob(1000))", ((i, EACH) for i in range(ACCOUNTS)))
    db.execute("COMMIT")
    print("ready", flush=True)
    while True:
        for _ in range(random.choice((1, 3, 20, 200))):
            db.execute("BEGIN")
            for _ in range(random.choice((1, 2, 8, 60))):
                amount, a, b = random.randint(1, 1000), random.randrange(ACCOUNTS), random.randrange(ACCOUNTS)
                db.execute("UPDATE account SET balance = balance - ? WHERE id = ?", (amount, a))
                db.execute("UPDATE account SET balance = balance + ? WHERE id = ?", (amount, b))
                db.execute("INSERT INTO booking(amount) VALUES(?)", (-amount,))
                db.execute("INSERT INTO booking(amount) VALUES(?)", (amount,))
            if random.random() < 0.02:
                db.execute("DELETE FROM booking WHERE id < (SELECT max(id) FROM booking) - 1000 AND id % 2 = 0")
                db.execute("DELETE FROM booking")
            db.execute("COMMIT")
        time.sleep(random.choice((0, 0.001, 0.01, 0.05, 0.2)))


def check(path):
    db = sqlite3.connect(path, isolation_level=None)
    tables = [name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    said = [row for (row,) in db.execute("PRAGMA integrity_check")]
    if said != ["ok"]:
        return "is damaged: %s" % said[:3]
    if tables != ["account", "booking"]:
        return "has the tables %s" % tables
    count, total = db.execute("SELECT count(*), sum(balance) FROM account").fetchone()
    if (count, total) not in ((ACCOUNTS, ACCOUNTS * EACH), (0, None)):
        return "has %s accounts with %s instead of %s" % (count, total, ACCOUNTS * EACH)
    booked = db.execute("SELECT coalesce(sum(amount), 0) FROM booking").fetchone()[0]
    return "has bookings of %s that should be none" % booked if booked else None


if sys.argv[1] == "write":
    write(*sys.argv[2:4])
for name in sys.argv[2:]:
    try:
        problem = check(name)
    except sqlite3.DatabaseError as e:
        problem = "cannot be opened: %s" % e
    if problem:
        print("%s %s" % (os.path.basename(name), problem))
