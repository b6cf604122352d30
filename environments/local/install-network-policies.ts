/** Who may connect to whom: before anything that connects, so that no namespace is open for a while. */
import { backupStoreAddress } from "./backup-store.ts";
import type { Engine } from "./engine.ts";
import { podSubnet } from "./kind-config.ts";
import { kubectl } from "./kubectl.ts";
import { installChart } from "./platform.ts";
import { nodeNames } from "./versions.ts";

/** Installs the policies of all namespaces with this cluster's addresses; again once there is a store of backups. */
export async function installNetworkPolicies(engine: Engine, signal: AbortSignal): Promise<void> {
  const jsonpath =
    '-o=jsonpath={range .items[*]}{.metadata.name}={.status.addresses[?(@.type=="InternalIP")].address} {end}';
  const { stdout } = await kubectl(engine, ["get", "nodes", jsonpath], { signal });
  const nodes = stdout
    .trim()
    .split(/\s+/)
    .map((word) => word.split("="));
  const controlPlane = nodes.find(([name]) => name === nodeNames[0])?.[1];
  if (controlPlane === undefined) throw new Error(`no address of ${nodeNames[0]} among the nodes: ${stdout}`);
  const store = await backupStoreAddress(engine, signal);
  const set = {
    // A node connects to a pod of another node from an address of the pods' network. To the others of that network this opens
    // nothing: Cilium knows pods by their labels and never by address.
    "peers.nodes.cidrs": [...nodes.map(([, address]) => `${address}/32`), podSubnet],
    "peers.api-server.cidrs": [`${controlPlane}/32`],
    "peers.backup-store.cidrs": store === undefined ? [] : [`${store}/32`],
  };
  await installChart({ name: "network-policies", namespace: "oke-proof", chart: "network-policies", set }, signal);
}
