-- Dapr's role owns the database and makes its other tables in it. The probe's sees what was saved under the probe's own keys, and nothing else.
\set owner_password `cat /passwords/owner-password`
\set probe_password `cat /passwords/probe-password`
SET log_statement = 'none';
CREATE ROLE todo_state LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD :'owner_password';
CREATE ROLE oke_proof_probe LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD :'probe_password';
CREATE DATABASE todo OWNER todo_state;
REVOKE ALL ON DATABASE todo FROM PUBLIC;
GRANT CONNECT ON DATABASE todo TO oke_proof_probe;
REVOKE CONNECT ON DATABASE postgres FROM PUBLIC;
\connect todo
SET ROLE todo_state;
-- As Dapr makes it. Sidecars that start together would make it together, and all but one of them end with an error;
-- where it stands they wait for each other by a lock on it before they make the others.
CREATE TABLE dapr_metadata (key text NOT NULL PRIMARY KEY, value text NOT NULL);
CREATE SCHEMA oke_proof;
-- Dapr's table does not exist yet; the body is looked at when it is called.
CREATE FUNCTION oke_proof.state_of_probe(wanted text) RETURNS TABLE (value text)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $body$
BEGIN
  IF NOT starts_with(wanted, 'oke-proof-prober||') THEN
    RAISE EXCEPTION 'only the state of oke-proof-prober may be looked at';
  END IF;
  RETURN QUERY SELECT state.value::text FROM state WHERE state.key = wanted;
END
$body$;
-- Where a text stands that a check made, and that nobody else can guess: the key, and nothing of what is kept under it.
CREATE FUNCTION oke_proof.keys_holding(text_of_check text) RETURNS TABLE (key text)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $body$
BEGIN
  IF text_of_check !~ '^oke-proof[- ][0-9a-f]{16,64}$' THEN
    RAISE EXCEPTION 'only texts of a check may be looked for';
  END IF;
  RETURN QUERY SELECT state.key FROM state WHERE strpos(state.value::text, text_of_check) > 0 ORDER BY 1 LIMIT 200;
END
$body$;
REVOKE ALL ON FUNCTION oke_proof.state_of_probe(text), oke_proof.keys_holding(text) FROM PUBLIC;
GRANT USAGE ON SCHEMA oke_proof TO oke_proof_probe;
GRANT EXECUTE ON FUNCTION oke_proof.state_of_probe(text), oke_proof.keys_holding(text) TO oke_proof_probe;
