/** Addresses that go with the cluster: those of its nodes, pods and Services. */
import { z } from "zod";
import { read, type Reading } from "../../harness/verdict.ts";
import type { Cluster } from "./cluster.ts";

/** An IP address or a host name, in lower case, and whose it is ("pod health-platform/minio-0"). */
export type ClusterAddress = { readonly address: string; readonly of: string };

const named = z.object({ name: z.string().min(1), namespace: z.string().min(1) });

const node = z
  .object({
    metadata: z.object({ name: z.string().min(1) }),
    status: z.object({ addresses: z.array(z.object({ address: z.string() })).optional() }),
  })
  .transform(({ metadata, status }) =>
    addressesOf(`node ${metadata.name}`, [metadata.name, ...(status.addresses ?? []).map(({ address }) => address)]),
  );

const pod = z
  .object({
    metadata: named,
    // Pods on the host's network have a node's address, which is counted already.
    status: z.object({ podIPs: z.array(z.object({ ip: z.string() })).optional() }),
  })
  .transform(({ metadata, status }) =>
    addressesOf(
      `pod ${metadata.namespace}/${metadata.name}`,
      (status.podIPs ?? []).map(({ ip }) => ip),
    ),
  );

const service = z
  .object({
    metadata: named,
    spec: z.object({
      clusterIPs: z.array(z.string()).optional(),
      externalIPs: z.array(z.string()).optional(),
    }),
    status: z
      .object({
        loadBalancer: z
          .object({
            ingress: z.array(z.object({ ip: z.string().optional(), hostname: z.string().optional() })).optional(),
          })
          .optional(),
      })
      .optional(),
  })
  .transform(({ metadata, spec, status }) => {
    const balanced = status?.loadBalancer?.ingress ?? [];
    return addressesOf(`Service ${metadata.namespace}/${metadata.name}`, [
      `${metadata.name}.${metadata.namespace}`,
      ...(spec.clusterIPs ?? []).filter((ip) => ip !== "None"),
      ...(spec.externalIPs ?? []),
      ...balanced.flatMap(({ ip, hostname }) => [ip ?? "", hostname ?? ""]),
    ]);
  });

/** All of them; `ok: false` where one of the three lists cannot be had. */
export async function readClusterAddresses(cluster: Cluster): Promise<Reading<readonly ClusterAddress[]>> {
  const [nodes, pods, services] = await Promise.all([
    cluster.list("/api/v1/nodes", node),
    cluster.list("/api/v1/pods", pod),
    cluster.list("/api/v1/services", service),
  ]);
  if (!nodes.ok) return nodes;
  if (!pods.ok) return pods;
  if (!services.ok) return services;
  const found = [...nodes.value, ...pods.value, ...services.value].flat();
  return read(found, cluster.server, new Date(services.at));
}

function addressesOf(of: string, addresses: readonly string[]): readonly ClusterAddress[] {
  return addresses.filter((address) => address !== "").map((address) => ({ address: address.toLowerCase(), of }));
}
