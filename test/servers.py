"""Servers of a test's own, beside that of cluster.sh and from its tree: to be killed, filled up, replicated and upgraded.

Everything lives below the directory of cluster.sh, which removes it. Nothing here knows what a test does with a server.
"""
import os
import pwd
import resource
import shutil
import signal
import subprocess
import sys
import time

BASE = os.environ["PGHOST"]
OWNER = pwd.getpwuid(os.stat(os.path.join(BASE, "data")).st_uid)
SYSTEM_PROGRAMS = os.path.dirname(shutil.which("initdb"))
PROGRAMS = os.path.join(BASE, "tree" + SYSTEM_PROGRAMS)


def leave_on_signals():
    """A signal ends the test by way of its finally blocks: mounts and servers do not outlive it."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda signum, frame: sys.exit(128 + signum))


def as_owner(command):
    """The command line that runs a program as the owner of the servers; it ends when this test does."""
    if os.geteuid() == OWNER.pw_uid:
        return ["setpriv", "--pdeathsig", "INT", *command]
    return ["setpriv", "--pdeathsig", "INT", "--reuid", OWNER.pw_name, "--regid", str(OWNER.pw_gid), "--clear-groups", *command]


def make_directory(path):
    os.makedirs(path, mode=0o700, exist_ok=True)
    if os.geteuid() == 0:
        os.chown(path, OWNER.pw_uid, OWNER.pw_gid)
    return path


def library_directory():
    done = subprocess.run(["pg_config", "--pkglibdir"], stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.strip()


def all_programs():
    """Every program of PostgreSQL in the tree, so that each finds the tree's libraries and this extension."""
    for name in os.listdir(SYSTEM_PROGRAMS):
        if not os.path.exists(os.path.join(PROGRAMS, name)):
            shutil.copy(os.path.join(SYSTEM_PROGRAMS, name), PROGRAMS)


def process_state(process):
    """State and parent of a process; None when it has ended."""
    try:
        with open(f"/proc/{process}/stat", encoding="utf-8", errors="replace") as file:
            state, parent = file.read().rsplit(")", 1)[1].split()[:2]
        return None if state in "ZX" else (state, int(parent))
    except (FileNotFoundError, ProcessLookupError):
        return None


class Server:
    """A cluster in a directory of its own, with its socket there."""

    def __init__(self, name, settings, initdb=()):
        self.base = make_directory(os.path.join(BASE, name))
        self.data = os.path.join(self.base, "data")
        self.log = os.path.join(self.base, "log")
        self.process = None
        subprocess.run(as_owner([os.path.join(PROGRAMS, "initdb"), "-D", self.data, "-U", "postgres", "-A", "trust",
                                 "-E", "UTF8", "--locale=C", "--no-sync", *initdb]),
                       check=True, cwd="/", stdout=subprocess.DEVNULL)
        with open(os.path.join(self.data, "postgresql.conf"), "a", encoding="utf-8") as file:
            for key, value in {"listen_addresses": "", "unix_socket_directories": self.base, "timezone": "UTC",
                               "log_timezone": "UTC", "jit": "off", "fsync": "off", **settings}.items():
                print(f"{key} = '{value}'", file=file)

    def environment(self, **more):
        return dict(os.environ, PGHOST=self.base, PGPORT="5432", **more)

    def start(self, file_limit=None):
        """With a limit in bytes, no file of the server can grow beyond it."""
        def limit():
            if file_limit is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (file_limit, resource.RLIM_INFINITY))

        with open(self.log, "a", encoding="utf-8") as log:
            self.process = subprocess.Popen(as_owner([os.path.join(PROGRAMS, "postgres"), "-D", self.data]), cwd="/",
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=limit)
        self.wait()

    def answers(self):
        done = subprocess.run(["psql", "-XqAtc", "SELECT 1", "-d", "postgres"], env=self.environment(), capture_output=True,
                              check=False)
        return done.returncode == 0

    def runs(self):
        return self.process is not None and self.process.poll() is None

    def wait(self, seconds=60):
        """Until a session is let in; false when the server ended instead."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.answers():
                return True
            if not self.runs():
                return False
            time.sleep(0.05)
        raise SystemExit(f"the server in {self.base} did not come up:\n" + self.last_words())

    def last_words(self):
        with open(self.log, encoding="utf-8", errors="replace") as log:
            return "".join(log.readlines()[-30:])

    def children(self):
        """The ids and titles of the processes of this server, without its first"""
        found = {}
        for entry in filter(str.isdigit, os.listdir("/proc")):
            state = process_state(entry)
            if state is not None and state[1] == self.process.pid:
                with open(f"/proc/{entry}/cmdline", encoding="utf-8", errors="replace") as file:
                    found[int(entry)] = file.read().replace("\0", " ").strip()
        return found

    def kill(self, everybody=False):
        """kill -9 of the postmaster, with or without all that it started; returns when none of them is left."""
        children = self.children()
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()
        if everybody:
            for child in children:
                try:
                    os.kill(child, signal.SIGKILL)
                except ProcessLookupError:
                    pass
        end = time.monotonic() + 60
        while any(process_state(child) for child in children):
            if time.monotonic() > end:
                raise SystemExit("processes outlive their postmaster: " + str(children))
            time.sleep(0.01)

    def stop(self):
        if self.runs():
            self.process.send_signal(signal.SIGINT)
            self.process.wait(60)


class Volume:
    """A small file system whose size can be changed, for what a full disk does. Only where mounting is permitted."""

    def __init__(self, name, megabytes):
        self.path = make_directory(os.path.join(BASE, name))
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", self.path], capture_output=True,
                              check=False)
        self.mounted = done.returncode == 0
        self.megabytes = megabytes
        self.inside = make_directory(os.path.join(self.path, "inside"))

    def leave(self, kilobytes):
        """Make it so small that so much is left."""
        stat = os.statvfs(self.path)
        used = (stat.f_blocks - stat.f_bfree) * stat.f_frsize // 1024
        self.resize(f"{used + kilobytes}k")

    def widen(self):
        self.resize(f"{self.megabytes}m")

    def resize(self, size):
        subprocess.run(["mount", "-o", f"remount,size={size}", self.path], check=True)

    def close(self):
        if self.mounted:
            subprocess.run(["umount", "-l", self.path], check=False)
