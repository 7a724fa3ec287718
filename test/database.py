"""SQL through psql, for tests that are written in Python: the standard library has no driver.

Connection and database come from the environment (cluster.sh).
"""
import os
import subprocess

ARGUMENTS = ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"]


class DatabaseError(Exception):
    pass


def run(script):
    """Run a script in one session; returns the lines it printed."""
    done = subprocess.run(ARGUMENTS, input=script, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode != 0:
        raise DatabaseError(done.stderr.strip())
    return done.stdout.splitlines()


def copy_text(value):
    """One value in the text format of COPY."""
    if value is None:
        return "\\N"
    return str(value).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def copy(table, rows):
    """A COPY command with its data, to stand in a script."""
    data = "".join("\t".join(map(copy_text, row)) + "\n" for row in rows)
    return f"COPY {table} FROM STDIN;\n{data}\\.\n"


def partitions():
    """Where PARTITIONED is person or year, the register goes into partitions."""
    by = os.environ.get("PARTITIONED")
    return f"CALL assistance.partition_register('{by}', 3);" if by else ""
