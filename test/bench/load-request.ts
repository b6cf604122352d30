/** The bench's target in the place of the platforms, for `runK6`: a profile, users whom nobody asks for their token, and the files that these name. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LoadRequest } from "../../fixtures/load/run-k6.ts";

/** Names of the target's certificate: those of the platforms, and the one that the API server has in a kubeconfig. */
export const targetNames = ["health.test", "todo.test", "localhost"] as const;

const requestMs = 5000;
const secondsOfToken = 3600;

/**
 * @param target its port on loopback, and who signed its certificate
 * @param directory that the authority and the kubeconfig are written to
 */
export function requestTo(
  target: { readonly port: number; readonly authority: string },
  directory: string,
): Pick<LoadRequest, "profile" | "users"> {
  const { port, authority } = target;
  const [caFile, kubeconfig] = [join(directory, "ca.crt"), join(directory, "kubeconfig")];
  writeFileSync(caFile, authority);
  writeFileSync(kubeconfig, JSON.stringify(kubeconfigOf(port, authority)));
  const expires = Math.round(Date.now() / 1000) + secondsOfToken;
  const token = `none.${Buffer.from(JSON.stringify({ exp: expires })).toString("base64url")}.none`;
  const [alice, bob] = ["alice-a", "bob-b"];
  const [health, todo] = targetNames;
  return {
    users: [
      { user: alice, tenant: "clinic-a", token },
      { user: bob, tenant: "clinic-b", token },
    ],
    profile: {
      health: { host: health, users: [alice], roles: {}, prober: { namespace: "none", pod: "none", port: 1 } },
      todo: { host: todo, user: bob },
      ingress: {
        https: [{ host: "127.0.0.1", port }],
        http: [{ host: "127.0.0.1", port }],
        caFile,
        daysLeftMin: 1,
        routes: [{ host: health, path: "/healthz", status: 404 }],
      },
      cluster: { kubeconfig },
      timeouts: { requestMs, checkMs: requestMs },
    },
  };
}

/** Clocks are compared with an API server's as well: the target is one, as far as that goes. */
function kubeconfigOf(port: number, authority: string): object {
  const data = Buffer.from(authority).toString("base64");
  const cluster = { server: `https://localhost:${port}`, "certificate-authority-data": data };
  return {
    clusters: [{ name: "target", cluster }],
    users: [{ name: "nobody", user: {} }],
    contexts: [{ name: "target", context: { cluster: "target", user: "nobody" } }],
    "current-context": "target",
  };
}
