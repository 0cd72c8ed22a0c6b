#!/usr/bin/env python3
"""Kills the studio with SIGKILL at random times, between answers and during them, and starts it again: every answer it acknowledged must be there, once, in
the order it was given.

    dotnet build -c Release && bench/kill-studio.py [--kills 200] [--seed 1] [--work FOLDER] > docs/results/kill-studio.md

A browser is played by plain requests. Each round answers as fast as answers are acknowledged until a random moment, at which the process is killed while a request may be under
way; the next round begins with `radtex studio verify`. At the end a byte of the file is flipped, and a tail cut off: both must be found. Writes a page to standard output; exits
1 where an answer is missing, doubled or out of order.
"""
import argparse, csv, http.client, json, os, random, re, shutil, signal, sqlite3, subprocess, sys, tempfile, threading, time, urllib.parse

parser = argparse.ArgumentParser()
parser.add_argument("--kills", type=int, default=200)
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--work", default=None)
parser.add_argument("--radtex", default=os.path.join(os.path.dirname(__file__), "../src/RadTex.Cli/bin/Release/net10.0/linux-x64/radtex"))
arguments = parser.parse_args()
radtex = os.path.abspath(arguments.radtex)
work = arguments.work or tempfile.mkdtemp(prefix="kill-studio-")
random.seed(arguments.seed)
dataset, project = os.path.join(work, "dataset"), os.path.join(work, "labels.radtex")


def run(*command):
    return subprocess.run([radtex, *command], check=True, capture_output=True, text=True).stdout


class Studio:
    def __init__(self):
        self.process = subprocess.Popen([radtex, "studio", dataset, "--labels", "Edema", "--project", project, "--no-open"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        address = next(urllib.parse.urlparse(line.split()[1]) for line in self.process.stdout if line.startswith("Open "))
        self.host = address.netloc
        self.connection = http.client.HTTPConnection(self.host, timeout=30)
        self.connection.request("GET", "/?" + address.query)
        answer = self.connection.getresponse()
        answer.read()
        self.cookie = answer.getheader("Set-Cookie").split(";")[0]

    def ask(self, path, body=None):
        headers = {"Cookie": self.cookie, "Origin": f"http://{self.host}", "X-RadTex": "1"}
        self.connection.request("GET" if body is None else "POST", path, None if body is None else json.dumps(body), headers)
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise AssertionError(f"{path}: {answer.status} {text.decode()}")
        return json.loads(text)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)


run("phantoms", "--count", "6000", "--size", "64", "--out", os.path.join(work, "phantoms"))
run("prepare", "mimic-cxr-jpg", os.path.join(work, "phantoms"), "--out", dataset, "--short-side", "64", "--split", "hash")

acknowledged, under_way, during, lost, rounds = [], 0, 0, [], 0
for kill in range(arguments.kills):
    studio = Studio()
    moment = threading.Timer(random.uniform(0, 0.8), studio.kill)
    asking = None
    try:
        queue = studio.ask("/api/queue?finding=Edema")["queue"]
        moment.start()
        while queue:
            value = random.choice("01")
            asking = (queue[0]["picture"], value)
            answer = studio.ask("/api/answer", {"finding": "Edema", "picture": queue[0]["picture"], "value": value, "pick": queue[0]["pick"]})
            acknowledged.append((answer["event"], *asking))
            asking = None
            queue = answer["next"]["queue"]
    except (OSError, http.client.HTTPException):
        during += asking is not None
    moment.join()
    studio.process.wait()
    run("studio", "verify", project)
    rounds += 1
    print(f"{kill + 1} kills, {len(acknowledged)} answers acknowledged, {during} killed while a request was under way", file=sys.stderr, flush=True)

database = sqlite3.connect(f"file:{project}?mode=ro", uri=True)
events = database.execute("SELECT id, kind, picture, value FROM events ORDER BY id").fetchall()
database.close()
answers = {row[0]: row for row in events if row[1] in ("Label", "Repeat")}  # a picture that comes again is a repeat
missing = [one for one in acknowledged if one[0] not in answers or answers[one[0]][2:] != one[1:]]
pictures = [row[2] for row in answers.values() if row[1] == "Label"]
doubled = len(pictures) - len(set(pictures))
unacknowledged = len(answers) - len({one[0] for one in acknowledged})
in_order = [one[0] for one in acknowledged] == sorted(one[0] for one in acknowledged)


def refused(name, damage, *options):
    copy = os.path.join(work, name)
    shutil.copy(project, copy)
    shutil.copy(project + ".key", copy + ".key")
    damage(copy)
    result = subprocess.run([radtex, "studio", "verify", copy, *options], capture_output=True, text=True)
    return result.returncode == 2, result.stderr.strip().replace(work + "/", "")


def flip(path):
    with open(path, "r+b") as file:
        data = file.read()
        # a byte of a picture's hash in the middle of the table
        at = data.index(answers[acknowledged[len(acknowledged) // 2][0]][2].encode())
        file.seek(at)
        file.write(bytes([data[at] ^ 1]))


def cut(path):
    database = sqlite3.connect(path)
    database.execute("DROP TRIGGER events_are_kept")
    database.execute("DELETE FROM events WHERE id > (SELECT max(id) - 3 FROM events)")
    database.commit()
    database.close()


# The write-ahead log is folded in by opening the project once more.
head = re.search(r"code is ([0-9a-f]{64})", run("studio", "verify", project)).group(1)
flipped, flip_text = refused("flipped.radtex", flip)
cut_found, cut_text = refused("cut.radtex", cut, "--head", head)

good = not missing and doubled == 0 and in_order and flipped and cut_found
print(f"""# The studio killed {arguments.kills} times

`bench/kill-studio.py --kills {arguments.kills} --seed {arguments.seed}` (synthetic radiographs): SIGKILL 0 to 0.8 s after the first picture was asked for, while answers are given as fast as they are
acknowledged.

| | |
| --- | --- |
| kills | {arguments.kills}, {during} of them while an answer was under way |
| answers acknowledged | {len(acknowledged):,} |
| of them missing or changed afterwards | {len(missing)} |
| pictures with two first answers | {doubled} |
| in the order they were given | {"yes" if in_order else "NO"} |
| kept though the acknowledgement was cut off | {unacknowledged} |
| a flipped byte | {"found" if flipped else "NOT FOUND"}: `{flip_text}` |
| three events cut off the end | {"found" if cut_found else "NOT FOUND"} by the last event's code: `{cut_text}` |
""")
sys.exit(0 if good else 1)
