"""Prints sample receipts on emupos, a receipt printer in software that is not ours, and makes it fail.

    .venv/bin/python paper.py PROGRAM FONT [FOLDER]

PROGRAM is the built example `print_receipt`, FONT what it draws with. What came out is put into FOLDER as pictures, when
there is one. Each check prints a line, and the exit code is 1 if any failed.
"""

import json
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

from PIL import Image

PROGRAM, FONT = sys.argv[1:3]
FOLDER = pathlib.Path(sys.argv[3]) if len(sys.argv) > 3 else None
PATIENCE_SECONDS = 30
ADDRESS = "https://topup.example/verify/K7QM2P9XTR4W8ZBN5HDC3VFJ6S"
WIDTHS = {"narrow": 384, "wide": 576}


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def until(true, what):
    """Waits for `true()` to be so, and returns what it was."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        value = true()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError(f"waited {PATIENCE_SECONDS} s for {what}")


class Emupos:
    """The printers `narrow` (58 mm) and `wide` (80 mm), each with a port of its own, and the interface that makes them fail."""

    def __init__(self, folder):
        control, narrow, wide = free_ports(3)
        self.control = f"http://127.0.0.1:{control}/api/v1"
        self.ports = {"narrow": narrow, "wide": wide}
        self.receipts = folder / "receipts"
        for name, dots in WIDTHS.items():
            profile = {
                "type": "printer", "name": name, "dpi": 203, "width_dots": dots, "code_pages": {0: "PC437"},
                "font_a": {"width": 12, "height": 24}, "font_b": {"width": 9, "height": 17},
                "default_code_page": 0, "drawer_sensor_open_level": "high",
                "serial": {"baud": 9600, "data_bits": 8, "parity": "none", "stop_bits": 1},
            }
            # YAML takes JSON, but for keys that are numbers.
            (folder / f"{name}.yaml").write_text(json.dumps(profile).replace('"0": ', "0: "))
        devices = [
            {"id": name, "type": "printer", "profile": f"./{name}.yaml", "receipts_dir": str(self.receipts),
             "connections": [{"tcp": {"port": port}}]}
            for name, port in self.ports.items()
        ]
        config = {"schema": 1, "api": {"host": "127.0.0.1", "port": control}, "devices": devices}
        (folder / "emupos.yaml").write_text(json.dumps(config))
        self.log = folder / "log"
        emupos = pathlib.Path(sys.executable).parent / "emupos"
        with self.log.open("w") as log:
            self.process = subprocess.Popen([emupos, "run"], cwd=folder, stdout=log, stderr=log)
        until(self.answers, "emupos to answer")

    def answers(self):
        if self.process.poll() is not None:
            raise AssertionError(f"emupos ended: {self.log.read_text()}")
        try:
            return bool(self.call("GET", "/devices"))
        except OSError:
            return False

    def call(self, method, path):
        request = urllib.request.Request(self.control + path, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.read()

    def fault(self, name, fault):
        self.call("PUT", f"/devices/{name}/faults/{fault}")

    def clear(self, name, fault):
        self.call("DELETE", f"/devices/{name}/faults/{fault}")

    def count(self):
        return len(list(self.receipts.glob("*.json")))

    def latest(self, name):
        """What the printer printed last: what is known of it, its text, its picture."""
        meta = json.loads(self.call("GET", f"/devices/{name}/receipts/latest"))
        text = self.call("GET", f"/devices/{name}/receipts/latest/text").decode()
        return meta, text, Image.open(self.receipts / f"{meta['id']}.png").convert("1")


class Relay:
    """Stands between the program and the printer, and has something happen just before the slip passes."""

    def __init__(self, port, before_the_slip):
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.printer = socket.create_connection(("127.0.0.1", port))
        self.before_the_slip = before_the_slip
        threading.Thread(target=self.forward, daemon=True).start()

    def forward(self):
        program, _ = self.server.accept()
        threading.Thread(target=self.back, args=(program,), daemon=True).start()
        waiting = True
        while data := program.recv(65536):
            if waiting and b"\x1b@" in data:
                waiting = False
                self.before_the_slip()
            self.printer.sendall(data)
        self.printer.close()

    def back(self, program):
        try:
            while data := self.printer.recv(4096):
                program.sendall(data)
        except OSError:
            pass  # one of the two has gone


def run(port, *options):
    done = subprocess.run([PROGRAM, "--font", FONT, *options, f"127.0.0.1:{port}"], capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout.strip() + done.stderr.strip()


def same(found, wanted):
    assert found == wanted, f"{found!r}, not {wanted!r}"


def receipts(emupos):
    """Both widths in both languages are out, whole and in their place."""
    for name, dots in WIDTHS.items():
        for language in ["chinese", "english"]:
            options = [*(["--80"] if name == "wide" else []), *(["--english"] if language == "english" else []), "--reprint"]
            before = emupos.count()
            same(run(emupos.ports[name], *options), (0, "out"))
            same(emupos.count(), before + 1)
            meta, text, picture = emupos.latest(name)
            if FOLDER:
                picture.save(FOLDER / f"{name}-{language}.png")
            same((meta["width_dots"], meta["boundary"]), (dots, "cut"))
            assert f"[qr {ADDRESS}]" in text, text
            assert "K7QM 2P9X TR4W 8ZBN" in text, text
            if language == "english":
                assert "Top-up receipt" in text and "Paid in cash" in text, text
            # The rules reach from edge to edge, and are as thin as they were drawn.
            rows = "".join(shade([picture.getpixel((x, y)) for x in range(dots)]) for y in range(picture.height))
            same(rows.count("_##_"), 3)


def shade(row):
    """A row of dots as one character: black, white, or some of both."""
    return "#" if not any(row) else "_" if all(row) else "%"


def troubles(emupos):
    """Nothing is printed by a printer that says why not."""
    for fault, code in [
        ("paper-out", "printer_no_paper"),
        ("cover-open", "printer_cover_open"),
        ("offline", "printer_offline"),
    ]:
        before = emupos.count()
        emupos.fault("narrow", fault)
        same(run(emupos.ports["narrow"]), (3, f"not sent: {code}"))
        emupos.clear("narrow", fault)
        same(emupos.count(), before)


def near_end(emupos):
    """A roll that ends soon is told with the slip."""
    emupos.fault("narrow", "paper-near-end")
    same(run(emupos.ports["narrow"]), (0, "out, paper near its end"))
    emupos.clear("narrow", "paper-near-end")


def within_the_slip(emupos):
    """Paper that ends, or a cover that is opened, after the money and within the slip: the slip is not believed to be out."""
    for fault, code in [("paper-out", "printer_no_paper"), ("cover-open", "printer_cover_open")]:
        before = emupos.count()
        relay = Relay(emupos.ports["narrow"], lambda fault=fault: emupos.fault("narrow", fault))
        same(run(relay.port), (4, f"unfinished: {code}"))
        same(emupos.count(), before)
        emupos.clear("narrow", fault)
        # The printer kept it, and prints it now: that is why what is printed in its place is marked as a reprint.
        until(lambda before=before: emupos.count() == before + 1, "the kept slip")


def new_paper(emupos):
    """Who waits is told that the slip came out after all, and there is one slip."""
    before = emupos.count()
    relay = Relay(emupos.ports["narrow"], lambda: emupos.fault("narrow", "paper-out"))
    command = [PROGRAM, "--font", FONT, "--patient", f"127.0.0.1:{relay.port}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        same(program.stdout.readline().strip(), "unfinished: printer_no_paper")
        emupos.clear("narrow", "paper-out")
        same(program.stdout.readline().strip(), "out")
    same((program.returncode, emupos.count()), (0, before + 1))


def chinese_text(_emupos):
    """For a Chinese printer, Chinese is text as Python encodes it; what takes four bytes is not."""
    program = [PROGRAM, "--font", FONT, "--gb18030", "--reprint"]
    sent = subprocess.run(program, capture_output=True, check=True, timeout=60).stdout
    for text in ["充值凭证", "补打 · 不是第二笔充值", "实付（现金）", "请保管好本凭证。"]:
        assert text.encode("gb18030") in sent, text
    assert "¥".encode("gb18030") not in sent
    same(sent.count(b"\x1dv0\0"), 3 + 1)  # the rules, and the line with the sign


def understood(emupos):
    """The printer knew every command that it got."""
    unknown = [line for line in emupos.log.read_text().splitlines() if "unknown" in line or "unsupported" in line]
    same(unknown, [])


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="paper-"))
    emupos = Emupos(folder)
    failed = 0
    try:
        for check in [receipts, troubles, near_end, within_the_slip, new_paper, chinese_text, understood]:
            try:
                check(emupos)
                print(f"ok      {check.__doc__}", flush=True)
            except (AssertionError, OSError, subprocess.SubprocessError) as error:
                failed += 1
                print(f"FAILED  {check.__doc__}\n        {error}", flush=True)
    finally:
        emupos.process.terminate()
        emupos.process.wait(timeout=10)
        shutil.rmtree(folder)
    print(f"{failed} failed" if failed else "all well")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
