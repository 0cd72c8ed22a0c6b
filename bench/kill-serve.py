#!/usr/bin/python3
"""Kills the service with SIGKILL at random moments while radiographs come in, and stops Orthanc for a while: of each radiograph that was accepted one report must
stand in Orthanc, and no other.

    dotnet build -c Release && bench/kill-serve.py MODEL.onnx [--radiographs 500] [--kills 30] [--away 60] [--seed 1] [--work FOLDER] > docs/results/kill-serve.md

Synthetic radiographs go in turn by HTTP, by STOW-RS, into the folder, and by storescu to Orthanc; every tenth is sent twice, and broken, foreign, huge and half-sent ones lie between. A sender that gets no
answer sends again, as a PACS does. Needs orthanc, orthanc-dicomweb, dcmtk, python3-pydicom. Writes a page to standard output; exits 1 where a report is missing or doubled.
"""
import argparse, collections, http.client, json, os, random, shutil, signal, socket, sqlite3, subprocess, sys, tempfile, threading, time, urllib.request
import pydicom, pydicom.uid

parser = argparse.ArgumentParser()
parser.add_argument("model")
parser.add_argument("--radiographs", type=int, default=500)
parser.add_argument("--kills", type=int, default=30)
parser.add_argument("--away", type=float, default=60, help="seconds that Orthanc is stopped")
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--pace", type=float, default=0.1, help="seconds between radiographs")
parser.add_argument("--postgres", metavar="HOST", help="the queue in PostgreSQL: a server's address or the folder of its socket; "
                    "an empty database radtex of a user radtex without password")
parser.add_argument("--work")
parser.add_argument("--radtex", default=os.path.join(os.path.dirname(__file__), "../src/RadTex.Cli/bin/Release/net10.0/linux-x64/radtex"))
arguments = parser.parse_args()
radtex = os.path.abspath(arguments.radtex)
work = arguments.work or tempfile.mkdtemp(prefix="kill-serve-")
os.makedirs(work, exist_ok=True)
draw = random.Random(arguments.seed)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


http_port, orthanc_port, dicom_port = free_port(), free_port(), free_port()
path = lambda *names: os.path.join(work, *names)
json.dump({"Name": "bench", "StorageDirectory": path("storage"), "IndexDirectory": path("index"), "Plugins": ["/usr/share/orthanc/plugins"], "HttpPort": orthanc_port,
           "DicomPort": dicom_port, "RemoteAccessAllowed": False, "AuthenticationEnabled": False, "DicomCheckCalledAet": False}, open(path("orthanc.json"), "w"))
orthanc_url = f"http://127.0.0.1:{orthanc_port}"
json.dump({"listen": {"port": http_port}, "limits": {"free_megabytes": 0, "instance_megabytes": 8, "request_megabytes": 16}, "orthanc": {"url": orthanc_url, "poll_seconds": 0.2},
           **({"postgres": {"host": arguments.postgres}} if arguments.postgres else {}),
           "folder": {"path": "inbox", "done": "done", "refused": "refused", "poll_seconds": 0.2}, "delivery": {"attempts": 1000, "first_seconds": 0.2, "longest_seconds": 2}},
          open(path("serve.json"), "w"))
os.makedirs(path("inbox"), exist_ok=True)
subprocess.run([radtex, "serve", "add", arguments.model, "--name", "chest-1", "--config", path("serve.json")], check=True, stdout=subprocess.DEVNULL)

# Radiographs: a few phantoms, each instance of its own identity.
if not os.path.exists(path("phantoms")):
    subprocess.run([radtex, "phantoms", "--count", "20", "--size", "512", "--dicom", "--out", path("phantoms")], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
phantoms = sorted(os.path.join(d, f) for d, _, fs in os.walk(path("phantoms")) for f in fs if f.endswith(".dcm"))
os.makedirs(path("sent"), exist_ok=True)
files = []
for i in range(arguments.radiographs):
    d = pydicom.dcmread(phantoms[i % len(phantoms)])
    d.SOPInstanceUID = d.file_meta.MediaStorageSOPInstanceUID = pydicom.uid.generate_uid(entropy_srcs=["kill-serve", str(arguments.seed), str(i)])
    d.save_as(path("sent", f"{i:05}.dcm"))
    files.append((path("sent", f"{i:05}.dcm"), str(d.SOPInstanceUID)))


class Service:
    def __init__(self):
        self.kills, self.starts, self.log = 0, [], open(path("service.log"), "a")
        self.start()

    def start(self):
        begin = time.monotonic()
        self.process = subprocess.Popen([radtex, "serve", "--config", path("serve.json")], stdout=self.log, stderr=self.log)
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{http_port}/health/ready", timeout=2).read()
                break
            except OSError:
                if self.process.poll() is not None:
                    raise SystemExit("the service did not start: see " + path("service.log"))
                time.sleep(0.02)
        self.starts.append(time.monotonic() - begin)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.kills += 1
        self.start()


def start_orthanc():
    process = subprocess.Popen(["/usr/sbin/Orthanc", path("orthanc.json")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while True:
        try:
            urllib.request.urlopen(orthanc_url + "/system", timeout=5).read()
            return process
        except OSError:
            time.sleep(0.1)


def post(where, body, kind):
    connection = http.client.HTTPConnection("127.0.0.1", http_port, timeout=60)
    try:
        connection.request("POST", where, body, {"Content-Type": kind})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def send(i):
    """Sends until the door says yes; what it says no to for good is counted."""
    file, uid = files[i]
    door = ["http", "stow", "folder", "storescu"][i % 4]
    while True:
        try:
            if door == "folder":
                shutil.copy(file, path("inbox", "." + os.path.basename(file)))
                os.replace(path("inbox", "." + os.path.basename(file)), path("inbox", os.path.basename(file)))
                return door
            if door == "storescu":
                if subprocess.run(["storescu", "127.0.0.1", str(dicom_port), file], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0:
                    return door
            else:
                body = open(file, "rb").read()
                if door == "stow":
                    body = b"--b\r\nContent-Type: application/dicom\r\n\r\n" + body + b"\r\n--b--\r\n"
                status, _ = post("/v1/predictions", body, "application/dicom") if door == "http" else post("/dicom-web/studies", body, 'multipart/related; type="application/dicom"; boundary=b')
                if status in (200, 202):
                    return door
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(0.2)


def bad(kind):
    body = open(files[0][0], "rb").read()
    try:
        if kind == "half-sent":
            with socket.create_connection(("127.0.0.1", http_port), timeout=5) as s:
                s.sendall(b"POST /v1/predictions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %d\r\n\r\n" % len(body) + body[:1000])
            return "cut off"
        return post("/v1/predictions", {"broken": body[:-999], "foreign": b"%PDF-1.4 nothing", "huge": b"\0" * (9 << 20)}[kind], "application/dicom")[0]
    except (OSError, http.client.HTTPException):
        return "connection closed"


orthanc, service = start_orthanc(), Service()
begin, accepted, refused = time.monotonic(), collections.Counter(), collections.Counter()
state = {"done": 0, "end": False}
away_from = arguments.radiographs // 3


def kill_loop():
    # Spread over the sending by what was sent, at moments of chance.
    for at in sorted(draw.uniform(0, arguments.radiographs) for _ in range(arguments.kills)):
        while state["done"] < at and not state["end"]:
            time.sleep(0.005)
        time.sleep(draw.uniform(0, 0.5))
        service.kill()


def away():
    global orthanc
    while state["done"] < away_from:
        time.sleep(0.05)
    orthanc.terminate()
    orthanc.wait()
    time.sleep(arguments.away)
    orthanc = start_orthanc()


threads = [threading.Thread(target=kill_loop), threading.Thread(target=away)]
for t in threads:
    t.start()
# Four senders, so that one door's waiting keeps no other from sending.
def sender(part):
    for i in range(part, arguments.radiographs, 4):
        accepted[send(i)] += 1
        if i % 40 == part:
            send(i)
        state["done"] += 1
        if i % 20 < 4:
            kind = ["broken", "foreign", "huge", "half-sent"][i % 4]
            refused[(kind, bad(kind))] += 1
        time.sleep(arguments.pace * 4)
senders = [threading.Thread(target=sender, args=(k,)) for k in range(4)]
for t in senders:
    t.start()
for t in senders:
    t.join()
state["end"] = True
for t in threads:
    t.join()


def waiting():
    query = "SELECT state, count(*) FROM instances GROUP BY state"
    if arguments.postgres:
        rows = subprocess.run(["psql", "-h", arguments.postgres, "-U", "radtex", "-d", "radtex", "-tAF,", "-c", query], capture_output=True, text=True, check=True).stdout
        return {state: int(count) for state, count in (row.split(",") for row in rows.split())}
    database = sqlite3.connect(f"file:{path('spool/queue.sqlite')}?mode=ro", uri=True, timeout=30)
    try:
        return dict(database.execute(query).fetchall())
    finally:
        database.close()


limit = time.monotonic() + 600
while time.monotonic() < limit:
    states = waiting()
    if states.get("Sent", 0) >= arguments.radiographs and not set(states) - {"Sent"} and not os.listdir(path("inbox")):
        break
    time.sleep(0.5)
service.process.terminate()
drained = service.process.wait()
reports = json.load(urllib.request.urlopen(urllib.request.Request(orthanc_url + "/tools/find", json.dumps({"Level": "Instance", "Query": {"Modality": "SR"}}).encode()), timeout=60))
answered = collections.Counter()
for report in reports:
    with urllib.request.urlopen(f"{orthanc_url}/instances/{report}/file", timeout=60) as stream:
        open(path("report.dcm"), "wb").write(stream.read())
    answered[str(pydicom.dcmread(path("report.dcm")).CurrentRequestedProcedureEvidenceSequence[0].ReferencedSeriesSequence[0].ReferencedSOPSequence[0].ReferencedSOPInstanceUID)] += 1
orthanc.terminate()
audit = subprocess.run([radtex, "serve", "audit", "verify", "--config", path("serve.json")], capture_output=True, text=True)
missing = [uid for _, uid in files if answered[uid] == 0]
doubled = [uid for _, uid in files if answered[uid] > 1]
foreign = set(answered) - {uid for _, uid in files}
print(f"""# The service killed while it works
`bench/kill-serve.py MODEL.onnx --radiographs {arguments.radiographs} --kills {arguments.kills} --away {arguments.away:g} --seed {arguments.seed}{" --postgres HOST" if arguments.postgres else ""}` on {time.strftime('%F')}, {os.cpu_count()} processors shared with other work. **Synthetic** radiographs of 512 x 512 and more.

| | |
| --- | --- |
| radiographs accepted | {sum(accepted.values())}: {', '.join(f'{n} by {d}' for d, n in sorted(accepted.items()))} |
| kills with SIGKILL | {service.kills} |
| seconds Orthanc was stopped | {arguments.away:g} |
| seconds from start to ready, median and largest of {len(service.starts)} | {sorted(service.starts)[len(service.starts) // 2]:.2f}, {max(service.starts):.2f} |
| reports in Orthanc | {sum(answered.values())} |
| radiographs without a report | {len(missing)} |
| radiographs with more than one | {len(doubled)} |
| reports of anything else | {len(foreign)} |
| refused between them | {', '.join(f'{k} {n} times: {s}' for (k, s), n in sorted(refused.items(), key=str))} |
| SIGTERM at the end | exit {drained} |
| the audit's chain | {audit.stdout.strip().split('.')[0] if audit.returncode == 0 else audit.stderr.strip()} |
| seconds in all | {time.monotonic() - begin:.0f} |""")
sys.exit(1 if missing or doubled or foreign or audit.returncode else 0)
