/** The network of the nodes, made before kind would make one: our own name, IPv4 only, labelled with its owner. */
import type { Engine } from "./engine.ts";
import { projectDirectory } from "./paths.ts";
import { clusterName } from "./versions.ts";

const callMsMax = 30_000;
const ownerLabel = "oke-proof.owner";

/** Environment that makes kind use our network. */
export const networkEnvironment = {
  KIND_EXPERIMENTAL_PODMAN_NETWORK: clusterName,
  KIND_EXPERIMENTAL_DOCKER_NETWORK: clusterName,
} as const;

/** Makes the network if it is not there. */
export async function makeNetwork(engine: Engine): Promise<void> {
  if ((await networkOwner(engine)) !== undefined) return;
  await engine.call(
    ["network", "create", "--driver=bridge", "--label", `${ownerLabel}=${projectDirectory}`, clusterName],
    { timeoutMs: callMsMax },
  );
}

/** The project folder that made the network; "" for a network without that label, undefined for no network. */
export async function networkOwner(engine: Engine): Promise<string | undefined> {
  const template = `{{index .Labels "${ownerLabel}"}}`;
  const found = await engine.call(["network", "inspect", "--format", template, clusterName], {
    timeoutMs: 3000,
    accept: [1, 125],
  });
  if (found.code !== 0) return undefined;
  const owner = found.stdout.trim();
  return owner === "<no value>" ? "" : owner;
}

/** The machine's interface that the network's containers are behind. @throws CommandError where there is no such network */
export async function networkBridge(engine: Engine): Promise<string> {
  const template = engine.name === "podman" ? "{{.NetworkInterface}}" : "br-{{slice .Id 0 12}}";
  const found = await engine.call(["network", "inspect", "--format", template, clusterName], { timeoutMs: 3000 });
  return found.stdout.trim();
}

export async function removeNetwork(engine: Engine): Promise<void> {
  await engine.call(["network", "rm", "-f", clusterName], { timeoutMs: callMsMax, accept: [1, 2, 125] });
}
