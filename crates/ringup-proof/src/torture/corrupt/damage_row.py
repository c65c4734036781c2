"""Damages one row of a database past Ringup, as somebody with an editor would, and says what it did.

    damage_row.py FILE-OR-URL SEED [TABLE]

It knows no table and no column: it reads the catalogue of the database, so that a new column is damaged from its first
day. A change that the database's own rules refuse is no damage, so it draws again. Equal data and seed, equal damage.
"""

import csv
import io
import random
import sqlite3
import subprocess
import sys

TRIES = 400


class SQLite:
    """A file. Its rules against wrong values stay on; references between tables are not looked after, as by default."""

    def __init__(self, path):
        self.connection = sqlite3.connect(path, isolation_level=None)

    def tables(self):
        listed = self.connection.execute(
            "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name"
        )
        return [name for (name,) in listed]

    def columns(self, table):
        """Names with their kinds (int, text, bytes), and the names that find a row."""
        kinds, key = {}, []
        for _, name, declared, _, _, is_key in self.connection.execute(f"pragma table_info({table})"):
            kinds[name] = {"TEXT": "text", "BLOB": "bytes"}.get(declared.upper(), "int")
            if is_key:
                key.append(name)
        return kinds, key

    def rows(self, table, columns):
        return self.connection.execute(f"select {', '.join(columns)} from {table} order by 1, 2").fetchall()

    def run(self, sql, values):
        try:
            return self.connection.execute(sql, values).rowcount
        except sqlite3.Error:
            return 0

    def close(self):
        self.connection.close()


class PostgreSQL:
    """A server, through its own program. References between tables are not looked after."""

    NULL = "\x01null"

    def __init__(self, url):
        self.url = url

    def ask(self, sql):
        script = f"\\pset null '{self.NULL}'\nset session_replication_role = replica;\n{sql};\n"
        done = subprocess.run(
            ["psql", self.url, "-qX", "--csv", "-t", "-v", "ON_ERROR_STOP=1"],
            input=script, capture_output=True, text=True, check=False,
        )
        if done.returncode != 0:
            return None
        return list(csv.reader(io.StringIO(done.stdout)))

    def tables(self):
        return [name for (name,) in self.ask("select tablename from pg_tables where schemaname = 'public' order by 1")]

    def columns(self, table):
        kinds = {}
        for name, declared in self.ask(
            "select column_name, data_type from information_schema.columns "
            f"where table_schema = 'public' and table_name = '{table}' order by ordinal_position"
        ):
            kinds[name] = {"text": "text", "bytea": "bytes"}.get(declared, "int")
        key = self.ask(
            "select a.attname from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey) "
            f"where i.indrelid = 'public.{table}'::regclass and i.indisprimary order by a.attnum"
        )
        return kinds, [name for (name,) in key]

    def rows(self, table, columns):
        kinds, _ = self.columns(table)
        read = {"int": int, "text": str, "bytes": lambda text: bytes.fromhex(text[2:])}
        rows = self.ask(f"select {', '.join(columns)} from {table} order by 1, 2")
        return [
            tuple(None if text == self.NULL else read[kinds[name]](text) for name, text in zip(columns, row))
            for row in rows
        ]

    def literal(self, value):
        if value is None:
            return "null"
        if isinstance(value, int):
            return str(value)
        if isinstance(value, bytes):
            return f"'\\x{value.hex()}'::bytea"
        return "'" + value.replace("'", "''") + "'"

    def run(self, sql, values):
        parts = sql.split("?")
        text = "".join(part + self.literal(value) for part, value in zip(parts, values)) + parts[-1]
        answer = self.ask(f"with done as ({text} returning 1) select count(*) from done")
        return int(answer[0][0]) if answer else 0

    def close(self):
        pass


def other_value(dice, kind, value, others):
    """Another value for a column: a neighbour's, or its own with something small changed."""
    choices = [other for other in others if other != value]
    if choices and dice.random() < 0.4:
        return dice.choice(choices)
    if value is None:
        return {"int": 1, "text": "x", "bytes": b"\x01" * 16}[kind]
    if kind == "int":
        return dice.choice([value + 1, value - 1, value + 100, 0, -value, value ^ (1 << dice.randrange(40)), None])
    if kind == "text":
        if not value:
            return "x"
        place = dice.randrange(len(value))
        return dice.choice([value[:place], value[:place] + chr(33 + dice.randrange(90)) + value[place + 1:], None])
    if not value:
        return b"\x01"
    place = dice.randrange(len(value))
    flipped = value[:place] + bytes([value[place] ^ (1 << dice.randrange(8))]) + value[place + 1:]
    return dice.choice([flipped, flipped, value[:place], None])


def shown(value):
    text = value.hex() if isinstance(value, bytes) else str(value)
    return text if len(text) <= 60 else text[:57] + "..."


def where_of(names, key, row):
    found = [(name, row[names.index(name)]) for name in key]
    return " and ".join(f"{name} = ?" for name, _ in found), [value for _, value in found]


def damage(database, dice, only):
    """Does one damage and answers what it was; nothing when the rules of the database refused it."""
    tables = [only] if only else database.tables()
    table = dice.choice(tables)
    kinds, key = database.columns(table)
    names = list(kinds)
    rows = database.rows(table, names)
    if not rows:
        return None
    row = dice.choice(rows)
    where, found = where_of(names, key, row)
    at = ", ".join(f"{name}={shown(value)}" for name, value in zip(key, found))
    act = dice.choice(["update"] * 6 + ["delete"] * 2 + ["insert"] * 2)
    if act == "update":
        name = dice.choice(names)
        old = row[names.index(name)]
        new = other_value(dice, kinds[name], old, [other[names.index(name)] for other in rows])
        if new == old or database.run(f"update {table} set {name} = ? where {where}", [new, *found]) != 1:
            return None
        return f"update {table}.{name} from {shown(old)} to {shown(new)} where {at}"
    if act == "delete":
        if database.run(f"delete from {table} where {where}", found) != 1:
            return None
        return f"delete {table} where {at}"
    copy = list(row)
    for name in dice.sample(key, 1) + [name for name in names if name not in key and dice.random() < 0.1]:
        place = names.index(name)
        copy[place] = other_value(dice, kinds[name], copy[place], [other[place] for other in rows])
    marks = ", ".join("?" for _ in names)
    if database.run(f"insert into {table} ({', '.join(names)}) values ({marks})", copy) != 1:
        return None
    changed = [f"{name}={shown(new)}" for name, old, new in zip(names, row, copy) if old != new]
    return f"insert {table} like {at}, but {', '.join(changed)}"


def main():
    address, seed = sys.argv[1], int(sys.argv[2])
    only = sys.argv[3] if len(sys.argv) > 3 else None
    database = PostgreSQL(address) if address.startswith("postgres") else SQLite(address)
    dice = random.Random(seed)
    for _ in range(TRIES):
        done = damage(database, dice, only)
        if done:
            database.close()
            print(done)
            return
    sys.exit("nothing could be damaged")


main()
