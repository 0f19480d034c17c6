"""What a page costs: ``python benchmarks/web.py [SECONDS]`` with ``TRIPOINT_HOME`` as the store.

Starts the server in a process of its own, asks for pages that are kept with 20 clients at once, then for pairs that are
not, and prints CPU seconds to the first answer, medians and 99th percentiles, and memory before and after.
"""

from __future__ import annotations

import socket
import statistics
import subprocess
import sys
import threading
import time

import httpx
import psutil

CLIENTS = 20
UNKEPT = ("FRA-RUS", "IND-USA", "JPN-USA", "KAZ-RUS", "IRN-ISR", "BRA-CHN", "EGY-USA", "DEU-POL")


def main() -> None:
    """Measure and print."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 20.0
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    code = f"from tripoint.cli.main import main; main(['web', '--no-open', '--port', '{port}'])"
    server = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.DEVNULL)
    site = f"http://127.0.0.1:{port}"
    process = psutil.Process(server.pid)
    try:
        while True:
            try:
                httpx.get(f"{site}/-/patterns").raise_for_status()
                break
            except httpx.TransportError:
                time.sleep(0.05)
        print(f"start to first page: {_cpu(process):.2f} s CPU")
        for pair in UNKEPT[:1]:
            httpx.get(f"{site}/pair/{pair}", timeout=120)
        cold = [_timed(f"{site}/pair/{pair}") for pair in UNKEPT[1:]]
        print(f"pair that is not kept: median {1000 * statistics.median(cold):.0f} ms, most {1000 * max(cold):.0f} ms")
        size = len(httpx.get(f"{site}/pair/{UNKEPT[0]}").content)
        before = process.memory_info().rss
        times = _crowd(f"{site}/pair/{UNKEPT[0]}", seconds)
        times.sort()
        print(
            f"kept pair, {CLIENTS} clients for {seconds:.0f} s: {len(times) / seconds:,.0f} a second, "
            f"median {1000 * statistics.median(times):.1f} ms, 99th {1000 * times[int(0.99 * len(times))]:.1f} ms"
        )
        after = process.memory_info().rss
        print(f"page {size / 1000:.0f} kB; memory {before / 1e6:.0f} MB before, {after / 1e6:.0f} after")
    finally:
        server.terminate()


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _timed(address: str) -> float:
    began = time.perf_counter()
    httpx.get(address, timeout=120).raise_for_status()
    return time.perf_counter() - began


def _crowd(address: str, seconds: float) -> list[float]:
    times: list[float] = []
    until = time.perf_counter() + seconds

    def client() -> None:
        with httpx.Client() as asked:
            while time.perf_counter() < until:
                began = time.perf_counter()
                asked.get(address).raise_for_status()
                times.append(time.perf_counter() - began)

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


if __name__ == "__main__":
    main()
