#!/usr/bin/python3
"""The service under load: how many radiographs it absorbs, how long one waits for its answer and for its report's arrival, beside the floor of reading and model alone; memory and queue over time.

    dotnet build -c Release && bench/serve-load.py FLOAT.onnx [INT8.onnx] [--absorb 1800] [--absorb-seconds 60] [--rates 1,2,4] [--seconds 60] [--work FOLDER] [--plot FILE.svg] > docs/results/serve-load.md

Absorbing: DICOM of 2 MB (1024 x 1024, 16 bits) by STOW-RS at an even rate, each request timed to its yes. Latency: synthetic radiographs of 3,000 x 3,000 by HTTP at an even rate, each timed to its JSON; to the
report's arrival at the destination (a folder) by the audit's own times. Floor: `radtex predict --batch-size 1` of the same files. Needs python3-pydicom, python3-numpy.
"""
import argparse, concurrent.futures, http.client, json, os, shutil, socket, sqlite3, subprocess, sys, tempfile, threading, time, urllib.request
import numpy, pydicom, pydicom.uid

parser = argparse.ArgumentParser()
parser.add_argument("models", nargs="+")
parser.add_argument("--absorb", type=int, default=1800)
parser.add_argument("--absorb-seconds", type=float, default=60)
parser.add_argument("--rates", default="1,2,4")
parser.add_argument("--seconds", type=float, default=60)
parser.add_argument("--work")
parser.add_argument("--plot")
parser.add_argument("--radtex", default=os.path.join(os.path.dirname(__file__), "../src/RadTex.Cli/bin/Release/net10.0/linux-x64/radtex"))
arguments = parser.parse_args()
radtex, work = os.path.abspath(arguments.radtex), arguments.work or tempfile.mkdtemp(prefix="serve-load-")
os.makedirs(work, exist_ok=True)
path = lambda *names: os.path.join(work, *names)


def run(*command):
    return subprocess.run([radtex, *command], check=True, capture_output=True, text=True).stdout


def drawn(size, count):
    folder = path(f"phantoms-{size}")
    if not os.path.exists(folder):
        run("phantoms", "--count", str(count), "--size", str(size), "--dicom", "--out", folder)
    return sorted(os.path.join(d, f) for d, _, fs in os.walk(folder) for f in fs if f.endswith(".dcm"))


def bytes_of(template, tag):
    d = pydicom.dcmread(template)
    d.SOPInstanceUID = d.file_meta.MediaStorageSOPInstanceUID = pydicom.uid.generate_uid(entropy_srcs=["load", tag])
    d.save_as(path("one.dcm"))
    return open(path("one.dcm"), "rb").read()


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Service:
    def __init__(self, model, name):
        self.folder, self.port, self.samples, self.end = path(name), free_port(), [], False
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)
        self.config = os.path.join(self.folder, "serve.json")
        json.dump({"listen": {"port": self.port}, "limits": {"free_megabytes": 0, "answer_seconds": 120}, "destinations": [{"name": "archive", "folder": "archive"}]}, open(self.config, "w"))
        run("serve", "add", model, "--name", "chest-1", "--config", self.config)
        begin = time.monotonic()
        self.process = subprocess.Popen([radtex, "serve", "--config", self.config], stdout=open(os.path.join(self.folder, "log"), "w"))
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/ready", timeout=2).read()
                break
            except OSError:
                time.sleep(0.02)
        self.ready = time.monotonic() - begin
        self.begin = time.monotonic()
        self.thread = threading.Thread(target=self.sample)
        self.thread.start()

    def database(self, sql):
        connection = sqlite3.connect(f"file:{self.folder}/spool/queue.sqlite?mode=ro", uri=True, timeout=60)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    def sample(self):
        while not self.end:
            try:
                memory = int(next(l for l in open(f"/proc/{self.process.pid}/status") if l.startswith("VmRSS")).split()[1]) / 1024
                self.samples.append((time.monotonic() - self.begin, memory, self.database("SELECT count(*) FROM instances WHERE state != 'Sent'")[0][0]))
            except (OSError, StopIteration, sqlite3.Error):
                pass
            time.sleep(0.5)

    def post(self, where, body, kind):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        try:
            begin = time.monotonic()
            connection.request("POST", where, body, {"Content-Type": kind})
            answer = connection.getresponse()
            answer.read()
            return answer.status, time.monotonic() - begin
        finally:
            connection.close()

    def idle(self, limit):
        until = time.monotonic() + limit
        while time.monotonic() < until and self.database("SELECT count(*) FROM instances WHERE state NOT IN ('Sent', 'Dead')")[0][0]:
            time.sleep(0.3)

    def stop(self):
        self.end = True
        self.thread.join()
        self.process.terminate()
        self.process.wait()


def quantiles(values):
    return " | ".join(f"{numpy.quantile(values, q) * 1000:.0f}" for q in (0.5, 0.95, 0.99))


def evenly(count, rate, send, workers):
    begin = time.monotonic()
    def one(i):
        wait = begin + i / rate - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        return send(i)
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        results = list(pool.map(one, range(count)))
    return results, time.monotonic() - begin


print(f"""# The service under load
`bench/serve-load.py {' '.join(os.path.basename(m) for m in arguments.models)} --absorb {arguments.absorb} --absorb-seconds {arguments.absorb_seconds:g} --rates {arguments.rates} --seconds {arguments.seconds:g}` on {time.strftime('%F')}, {os.cpu_count()} processors; load average at the start {os.getloadavg()[0]:.1f}. **Synthetic** radiographs.
""")
small, large = drawn(1024, 4), drawn(3000, 4)
large_templates = [open(f, "rb").read() for f in large]

# Absorbing.
service = Service(arguments.models[0], "absorb")
template = open(small[0], "rb").read()
uid = str(pydicom.dcmread(small[0]).SOPInstanceUID).encode()


def renamed(source, own, i):
    # Same length, so that the file stays whole: the last digits of the identifier, in head and body.
    return source.replace(own, own[:-6] + b"%06d" % i)


def stow(i):
    body = b"--b\r\nContent-Type: application/dicom\r\n\r\n" + renamed(template, uid, i) + b"\r\n--b--\r\n"
    try:
        return service.post("/dicom-web/studies", body, 'multipart/related; type="application/dicom"; boundary=b')
    except OSError:
        return 0, 0
results, took = evenly(arguments.absorb, arguments.absorb / arguments.absorb_seconds, stow, 64)
taken = sum(1 for status, _ in results if status == 200)
queued = service.database("SELECT count(*) FROM instances")[0][0]
print(f"""## Absorbing
| | |
| --- | --- |
| sent, of {len(template) / 1e6:.1f} MB | {arguments.absorb} at {arguments.absorb / arguments.absorb_seconds:.0f} a second |
| accepted | {taken} in {took:.0f} s |
| in the queue | {queued} |
| to the yes, ms: p50, p95, p99 | {quantiles([t for s, t in results if s == 200]).replace(" | ", ", ")} |
| largest memory, MiB | {max(m for _, m, _ in service.samples):.0f} |
| from start to ready, s | {service.ready:.1f} |
""".replace("p50, p95, p99 | ", "p50, p95, p99 | ").replace(" | ", " | ", 1))
absorbed = service.samples
service.stop()

# Latency.
print("""## Latency, 3,000 x 3,000
Milliseconds. *answer*: request to JSON; *report*: received (durable) to accepted by the destination; *floor*: reading and model alone, one after the other.

| model | a second | radiographs | answer p50 | p95 | p99 | report p50 | p95 | p99 | floor | largest memory, MiB |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |""")
plots = [("absorb", absorbed)]
for model in arguments.models:
    folder = path("floor")
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for k in range(8):
        shutil.copy(large[k % len(large)], os.path.join(folder, f"{k}.dcm"))
    told = run("predict", model, folder, "--out", path("floor.csv"), "--batch-size", "1", "--force")
    floor = 1000 / float(told.split(" pictures/s")[0].split()[-1])
    service = Service(model, os.path.splitext(os.path.basename(model))[0])
    for k in range(3):
        service.post("/v1/predictions", renamed(large_templates[0], str(pydicom.dcmread(large[0]).SOPInstanceUID).encode(), 990000 + k), "application/dicom")
    uids = [str(pydicom.dcmread(f).SOPInstanceUID).encode() for f in large]
    for r, rate in enumerate(float(x) for x in arguments.rates.split(",")):
        count = max(4, int(rate * arguments.seconds))
        last = service.database("SELECT max(id) FROM instances")[0][0]
        results, _ = evenly(count, rate, lambda i: service.post("/v1/predictions", renamed(large_templates[i % len(large)], uids[i % len(large)], 10000 * r + i), "application/dicom"), 64)
        service.idle(300)
        times = service.database("SELECT (SELECT min(time) FROM audit a WHERE a.sop_instance = i.sop_instance AND a.kind = 'Sent') - i.received FROM instances i WHERE i.id > %d" % last)
        print(f"| {os.path.basename(model)} | {rate:g} | {sum(1 for s, _ in results if s == 200)} of {count} | {quantiles([t for _, t in results])} | {quantiles([t / 1000 for (t,) in times if t is not None])} | {floor:.0f} | {max(m for _, m, _ in service.samples):.0f} |")
        sys.stdout.flush()
    plots.append((os.path.basename(model), service.samples))
    service.stop()

if arguments.plot:
    # Memory and queue over time, a pane each run: no library needed.
    width, height, gap, out = 640, 140, 40, []
    for k, (name, samples) in enumerate(plots):
        top, longest = k * (height + gap) + 20, max(t for t, _, _ in samples) or 1
        for j, colour in ((1, "#1f4e79"), (2, "#b3541e")):
            most = max(s[j] for s in samples) or 1
            points = " ".join(f"{40 + s[0] / longest * (width - 60):.1f},{top + height - s[j] / most * height:.1f}" for s in samples)
            out.append(f'<polyline fill="none" stroke="{colour}" points="{points}"/><text x="{44 + 300 * (j - 1)}" y="{top - 4}" fill="{colour}">{name}: {["memory, MiB, to", "queue, instances, to"][j - 1]} {most:.0f} in {longest:.0f} s</text>')
    open(arguments.plot, "w").write(f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{len(plots) * (height + gap) + 20}" font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="#fff"/>{"".join(out)}</svg>\n')
    print(f"\n![Memory and queue over time]({os.path.basename(arguments.plot)})")
