/** From a kubeconfig file to a server and the means to authenticate. */
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import type { Profile } from "../../environments/profile.ts";
import { whyOf } from "../why.ts";

export type Kubeconfig =
  | { readonly ok: true; readonly config: KubeConfig; readonly server: string }
  | { readonly ok: false; readonly why: string };

/**
 * Opens the kubeconfig that a profile names. Never throws: a missing, unreadable or empty file, a context without a cluster
 * or user, and a server that is no http(s) address come back as one line that names the file.
 */
export function openKubeconfig(cluster: Profile["cluster"]): Kubeconfig {
  const where = `kubeconfig ${cluster.kubeconfig}`;
  const refused = (why: string): Kubeconfig => ({ ok: false, why: `${where}: ${why}` });
  const config = new KubeConfig();
  try {
    const text = readFileSync(cluster.kubeconfig, "utf8");
    if (text.trim() === "") return refused("the file is empty");
    config.loadFromString(text);
    config.makePathsAbsolute(dirname(cluster.kubeconfig));
  } catch (error) {
    return refused(whyOf(error));
  }
  const contextName = cluster.context ?? config.getCurrentContext();
  if (config.getContextObject(contextName) === null) {
    const known = config.getContexts().map(({ name }) => name);
    return refused(`there is no context '${contextName ?? ""}' (known: ${known.join(", ") || "none"})`);
  }
  config.setCurrentContext(contextName);
  const server = config.getCurrentCluster()?.server;
  if (server === undefined) return refused(`the cluster of context '${contextName}' is not in it`);
  if (config.getCurrentUser() === null) return refused(`the user of context '${contextName}' is not in it`);
  if (!URL.canParse(server) || !/^https?:$/.test(new URL(server).protocol)) {
    return refused(`the server '${server}' of context '${contextName}' is not an http(s) address`);
  }
  return { ok: true, config, server };
}
