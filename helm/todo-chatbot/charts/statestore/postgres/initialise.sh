#!/bin/sh
# Makes the database's files at the first start. They are made beside their place and moved there whole:
# a start that is cut short begins anew and never leaves half a database.
set -eu
if [ -s "$PGDATA/PG_VERSION" ]; then
  echo "the database is there already"
  exit 0
fi
new="$PGDATA.new"
rm -rf "$new"
"$BINARIES/initdb" --pgdata="$new" --username=postgres --pwfile=/passwords/superuser-password \
  --auth-host=scram-sha-256 --auth-local=trust --encoding=UTF8 --locale=C.UTF-8
echo "host all all all scram-sha-256" >>"$new/pg_hba.conf"
# Reachable by its socket in this container only, for as long as the roles are made.
"$BINARIES/pg_ctl" start --pgdata="$new" --wait --timeout=120 \
  --options="-c listen_addresses='' -c unix_socket_directories=/tmp -c jit=off"
"$BINARIES/psql" --host=/tmp --username=postgres --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --file=/scripts/roles.sql
"$BINARIES/pg_ctl" stop --pgdata="$new" --wait --mode=fast
mv "$new" "$PGDATA"
