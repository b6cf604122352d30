/** The digest of a tag, asked of a real registry: the one beside the local cluster. */
import { expect, test } from "vitest";
import { z } from "zod";
import { readLocalCluster } from "../../environments/local/cluster-record.ts";
import { readDigest } from "../../probes/registry/digest.ts";
import { parseReference } from "../../probes/registry/reference.ts";

const registry = "127.0.0.1:18500";

test("the registry's own digest of a tag is the one that is computed from what it sends", async () => {
  const { appsImage } = readLocalCluster();
  const path = appsImage.replace(/^localhost\//, "");
  const reference = parseReference(`${registry}/${path}`);
  if (reference === undefined) throw new Error(`${appsImage} is no reference with a tag`);
  const reading = await readDigest(reference, AbortSignal.timeout(30_000));
  expect(reading).toMatchObject({ ok: true, value: { digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) } });
  const { repository } = reference;
  const digest = reading.ok ? reading.value.digest : "";
  const again = await fetch(`http://${registry}/v2/${repository}/manifests/${digest}`, {
    headers: { Accept: "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json" },
  });
  expect(again.status).toBe(200);
  expect(z.looseObject({ schemaVersion: z.literal(2) }).parse(await again.json())).toBeDefined();
});
