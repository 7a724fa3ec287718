"""The commands of docs/operations.md, run: operations.py [--update] [--only WORD] [--counts FILE].

Every ```bash block of the page is run in order, each in a shell of its own that stops at the first error, as the operating
system user who owns the clusters, in the directory $SRV of the clusters; a ```text block that follows it must be exactly what
it prints. The register of the primary is filled by random histories (test/register/histories.py) before. A block whose
first line is "# needs NAME" is skipped, and counted as skipped, where the library NAME is not installed.
"""
import argparse
import os
import re
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE]

import servers

PAGE = os.path.join(os.path.dirname(HERE), "docs", "operations.md")
FENCE = re.compile(r"^```(bash|text)\n(.*?)^```$", re.S | re.M)
NEEDS = re.compile(r"# needs (\w+)\n")
PERSONS = 60

PREPARE = """
initdb -D $SRV/primary -U postgres -A trust -E UTF8 --locale=C --no-sync
cat >>$SRV/primary/postgresql.conf <<END
listen_addresses = ''
unix_socket_directories = '$SRV'
timezone = 'UTC'
jit = off
fsync = off
END
pg_ctl -D $SRV/primary -l $SRV/primary.log -w start
createdb register
psql -Xq -v ON_ERROR_STOP=1 -c 'SET client_min_messages = warning' -c 'CREATE EXTENSION assistance CASCADE'
"""
FILLED = """
CALL assistance.create_register_roles();
UPDATE assistance_register.person SET region = 'R1';
INSERT INTO assistance_register.person_identity (person_id, name)
SELECT person_id, 'P' || to_char(person_id, 'FM0000') FROM assistance_register.person;
INSERT INTO assistance_register.enrolment (person_id, region, scheme, valid)
SELECT person_id, 'R1', 'resident', '[2024-01-01,2027-01-01)' FROM assistance_register.person;
CALL assistance.resettle();
"""


def fences(page):
    """(command, match of the text block or None) of a page, in order"""
    found = list(FENCE.finditer(page))
    for fence, after in zip(found, found[1:] + [None]):
        if fence.group(1) == "bash":
            yield fence.group(2), after if after is not None and after.group(1) == "text" else None


class Shell:
    """Runs commands where an operator would"""

    def __init__(self):
        self.directory = servers.make_directory(os.path.join(servers.BASE, "srv"))
        self.environment = dict(os.environ, SRV=self.directory, PGHOST=self.directory, PGPORT="5432", PGUSER="postgres",
                                PGDATABASE="register", HOME=self.directory, BIN=servers.PROGRAMS,
                                PATH=servers.PROGRAMS + ":" + os.environ["PATH"])
        self.environment.pop("PGOPTIONS", None)

    def run(self, command):
        """Exit status and what was printed"""
        done = subprocess.run(servers.as_owner(["bash", "-euo", "pipefail", "-c", command]), cwd=self.directory,
                              env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, encoding="utf-8", check=False)
        return done.returncode, "\n".join(line.rstrip() for line in done.stdout.splitlines()).strip("\n")

    def prepare(self):
        """The primary, with a register in it"""
        status, printed = self.run(PREPARE)
        if status != 0:
            raise SystemExit(printed)
        subprocess.run([sys.executable, os.path.join(HERE, "register", "histories.py"), "--persons", str(PERSONS), "--steps", "8"],
                       env=self.environment, check=True, stdout=subprocess.DEVNULL)
        status, printed = self.run(f"psql -Xq -v ON_ERROR_STOP=1 <<'SQL'\n{FILLED}\nSQL")
        if status != 0:
            raise SystemExit(printed)

    def close(self):
        """Servers that pg_ctl started outlive the shell that started them."""
        for name in os.listdir(self.directory):
            path = os.path.join(self.directory, name, "postmaster.pid")
            if os.path.exists(path):
                with open(path, encoding="utf-8") as file:
                    process = int(file.readline())
                try:
                    os.kill(process, signal.SIGQUIT)
                except ProcessLookupError:
                    continue
                while servers.process_state(process):
                    time.sleep(0.02)


def installed(library):
    return os.path.exists(os.path.join(servers.library_directory(), library + ".so"))


def check(shell, page, options):
    """(passed, failed, skipped) of the page, and the page with what was printed"""
    counts = [0, 0, 0]
    new, shift = page, 0
    for number, (command, text) in enumerate(fences(page), 1):
        needs = NEEDS.match(command)
        if needs and not installed(needs.group(1)):
            print(f"ok {number} - # SKIP {needs.group(1)} is not installed")
            counts[2] += 1
            continue
        start = time.monotonic()
        status, printed = shell.run(command)
        wanted = text.group(2).strip("\n") if text else ""
        good = status == 0 and printed == wanted
        counts[0 if good else 1] += 1
        title = next(line for line in command.splitlines() if not line.startswith("# needs"))
        print(f"{'ok' if good else 'not ok'} {number} - {title[:90]} ({time.monotonic() - start:.1f} s)", flush=True)
        if not good:
            print(f"# status {status}, wanted:\n{wanted}\n# got:\n{printed}")
        if text and options.update and status == 0:
            new = new[:text.start(2) + shift] + printed + "\n" + new[text.end(2) + shift:]
            shift += len(printed) + 1 - len(text.group(2))
    return counts, new


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--update", action="store_true", help="rewrite the text blocks, to be read before they are committed")
    parser.add_argument("--counts", help="file that receives 'passed failed'")
    options = parser.parse_args()
    with open(PAGE, encoding="utf-8") as file:
        page = file.read()
    servers.leave_on_signals()
    servers.all_programs()
    shell = Shell()
    try:
        shell.prepare()
        counts, new = check(shell, page, options)
    finally:
        shell.close()
    if options.update and new != page:
        with open(PAGE, "w", encoding="utf-8") as file:
            file.write(new)
    print(f"1..{sum(counts)}")
    print(f"operations: {counts[0]} blocks as written, {counts[1]} not, {counts[2]} skipped")
    if options.counts:
        with open(options.counts, "w", encoding="utf-8") as out:
            print(counts[0], counts[1], file=out)
    return 1 if counts[1] else 0


if __name__ == "__main__":
    sys.exit(main())
