-- The application's role owns nothing and passes no policy by; the owner's role migrates and answers no request.
\set owner_password `cat /passwords/owner-password`
\set app_password `cat /passwords/app-password`
\set probe_password `cat /passwords/probe-password`
SET log_statement = 'none';
CREATE ROLE :"owner" LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD :'owner_password';
CREATE ROLE :"app" LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD :'app_password';
CREATE ROLE oke_proof_probe LOGIN NOSUPERUSER NOBYPASSRLS CONNECTION LIMIT 5 PASSWORD :'probe_password';
CREATE DATABASE :"database" OWNER :"owner";
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO :"app";
-- The superuser signs in over the network for backups; nobody else may see its databases.
REVOKE CONNECT ON DATABASE postgres FROM PUBLIC;
-- The harness writes into a schema of its own and sees no other.
GRANT CONNECT ON DATABASE :"database" TO oke_proof_probe;
\connect :"database"
CREATE SCHEMA oke_proof AUTHORIZATION oke_proof_probe;
