"""Types into a shell on a terminal of its own, as a person does, and prints what the shell showed.

type_into_shell.py END TEXT SHELL [ARGUMENT...]: waits for the prompt 'READY> ', types TEXT (in which \\t is the tab key and \\n the return key)
and waits until END is shown. Exit code 1 if it never is.
"""
import os
import pty
import select
import sys
import time

END, TEXT, COMMAND = sys.argv[1].encode(), sys.argv[2].replace("\\t", "\t").replace("\\n", "\r").encode(), sys.argv[3:]
LIMIT = 120

child, terminal = pty.fork()
if child == 0:
    os.environ["TERM"] = "dumb"
    os.execvp(COMMAND[0], COMMAND)

seen = b""


def wait(for_what, start):
    global seen
    until = time.monotonic() + LIMIT
    while for_what not in seen[start:]:
        ready, _, _ = select.select([terminal], [], [], max(0, until - time.monotonic()))
        try:
            part = os.read(terminal, 65536) if ready else b""
        except OSError:
            part = b""
        if not part:
            return False
        seen += part
    return True


found = wait(b"READY> ", 0)
if found:
    # A key at a time: a shell takes a tab among other keys that wait for text.
    for key in TEXT:
        before = len(seen)
        os.write(terminal, bytes([key]))
        if key not in b"\t\r":
            found = found and wait(bytes([key]), before)
    found = wait(END, 0)
os.write(1, seen)
os.close(terminal)
os.kill(child, 9)
os.waitpid(child, 0)
sys.exit(0 if found else 1)
