"""Moves files among the directories new, cur and tmp of each maildir below a directory, until its standard input ends.

Usage: movers.py DIRECTORY SECONDS_BETWEEN_MOVES
"""
import os
import random
import select
import sys

top, pause = sys.argv[1], float(sys.argv[2])
boxes = [os.path.join(top, box) for box in sorted(os.listdir(top))]
places = {}
for box in boxes:
    for folder in ("new", "cur", "tmp"):
        for name in os.listdir(os.path.join(box, folder)):
            places[box, name] = folder
mails = list(places)
print("moving", flush=True)
moves = 0
while not select.select([sys.stdin], [], [], pause)[0]:
    box, name = mail = random.choice(mails)
    target = random.choice([f for f in ("new", "cur", "tmp") if f != places[mail]])
    os.rename(os.path.join(box, places[mail], name), os.path.join(box, target, name))
    places[mail] = target
    moves += 1
print(moves, flush=True)
