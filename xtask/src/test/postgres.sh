# A PostgreSQL of its own for one run of the tests: `sh postgres.sh PROGRAMS PORT`.
#
# It says `ready` once it takes connections, and serves until its standard input is closed. However the run ends
# (even killed), the kernel closes that pipe, and nothing stays behind: no server, no folder.
set -eu
programs=$1
port=$2
server=
folder=$(mktemp -d /tmp/ringup-postgresql.XXXXXX)

finish() {
    if [ -n "$server" ]; then
        kill -INT "$server" 2>/dev/null || true # "fast": does not wait for clients
        wait "$server" || true
    fi
    rm -rf "$folder"
}
trap finish EXIT
trap 'exit 143' TERM HUP
trap '' INT # a terminal's Ctrl-C reaches us as the end of input

"$programs/initdb" --pgdata="$folder/data" --username=ringup --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync >&2
"$programs/postgres" -D "$folder/data" -p "$port" -k "$folder" -c listen_addresses=127.0.0.1 \
    -c max_connections=200 -c fsync=on </dev/null >&2 &
server=$!

tries=0
until "$programs/pg_isready" --quiet --host="$folder" --port="$port"; do
    tries=$((tries + 1))
    [ "$tries" -lt 300 ] || exit 1
    kill -0 "$server"
    sleep 0.1
done
"$programs/createdb" --host="$folder" --port="$port" --username=ringup ringup_browser
echo ready
read -r _ || true
