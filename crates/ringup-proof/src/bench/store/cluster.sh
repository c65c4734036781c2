# A PostgreSQL for one measurement: `sh cluster.sh PROGRAMS FOLDER PORT [-c NAME=VALUE]..`.
#
# It says `ready` once it takes connections, and serves until its standard input is closed. The data stay: they hold the
# worlds that took long to build.
set -eu
programs=$1
folder=$2
port=$3
shift 3
server=

finish() {
    if [ -n "$server" ]; then
        kill -INT "$server" 2>/dev/null || true # "fast": does not wait for clients
        wait "$server" || true
    fi
}
trap finish EXIT
trap 'exit 143' TERM HUP
trap '' INT # a terminal's Ctrl-C reaches us as the end of input

exec 3>&1 >>"$folder/log" 2>&1
if [ ! -f "$folder/data/PG_VERSION" ]; then
    "$programs/initdb" --pgdata="$folder/data" --username=ringup --auth=trust --encoding=UTF8 --locale=C.UTF-8
fi
"$programs/postgres" -D "$folder/data" -p "$port" -k "$folder" -c listen_addresses=127.0.0.1 "$@" </dev/null &
server=$!

tries=0
until "$programs/pg_isready" --quiet --host=127.0.0.1 --port="$port"; do
    tries=$((tries + 1))
    [ "$tries" -lt 600 ] || exit 1
    kill -0 "$server"
    sleep 0.1
done
echo ready >&3
read -r _ || true
