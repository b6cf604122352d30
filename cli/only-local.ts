/** `up`, `down` and `status` are about the cluster that we make ourselves. */
import { loadProfile } from "../environments/load.ts";
import { readSettings, UsageError } from "../environments/settings.ts";

/** @throws UsageError for every environment but `local`, and for an unknown one */
export function requireLocal(command: string, environment: string): void {
  const { name } = loadProfile(environment, readSettings());
  if (name !== "local") {
    throw new UsageError(`'${command}' makes and keeps the local cluster only: '${name}' is yours, see helm/README.md`);
  }
}
