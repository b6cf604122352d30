import { createServer } from "node:http";
import { expect, test } from "vitest";
import type { Reading } from "../../harness/verdict.ts";
import { withCluster } from "../../test/api-server.ts";
import { listening } from "../../test/loopback.ts";
import { attributesOf } from "./access-review.ts";
import { readAccountRights, type AccountRights } from "./rights.ts";

const rbac = "/apis/rbac.authorization.k8s.io/v1";
const named = (name: string, namespace?: string) => ({
  metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
});
const bound = (name: string, role: string, subject: object, namespace?: string) => ({
  ...named(name, namespace),
  roleRef: { kind: role.split(" ")[0], name: role.split(" ")[1] },
  subjects: [subject],
});
const group = (name: string) => ({ kind: "Group", name });
const web = { kind: "ServiceAccount", name: "web", namespace: "shop" };

const good: Record<string, unknown[]> = {
  "/api/v1/serviceaccounts": [named("web", "shop"), named("default", "other")],
  [`${rbac}/roles`]: [
    {
      ...named("reads", "shop"),
      rules: [{ verbs: ["get"], apiGroups: [""], resources: ["secrets"], resourceNames: ["one"] }],
    },
    { ...named("reads", "other"), rules: [{ verbs: ["delete"], apiGroups: [""], resources: ["secrets"] }] },
  ],
  [`${rbac}/clusterroles`]: [
    {
      ...named("all"),
      rules: [
        { verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
        { verbs: ["get"], nonResourceURLs: ["*"] },
      ],
    },
    { ...named("scales"), rules: [{ verbs: ["patch"], apiGroups: ["apps"], resources: ["deployments/scale"] }] },
    { ...named("empty"), rules: null },
    { ...named("system:discovery"), rules: [{ verbs: ["get"], nonResourceURLs: ["/api"] }] },
  ],
  [`${rbac}/rolebindings`]: [
    bound("b1", "Role reads", { kind: "ServiceAccount", name: "web" }, "shop"),
    bound("b2", "ClusterRole scales", web, "other"),
    bound("b3", "ClusterRole scales", { kind: "ServiceAccount", name: "web" }, "other"),
  ],
  [`${rbac}/clusterrolebindings`]: [
    bound("c1", "ClusterRole all", group("system:serviceaccounts:shop")),
    bound("c2", "ClusterRole system:discovery", group("system:authenticated")),
    bound("c3", "ClusterRole empty", { kind: "User", name: "system:serviceaccount:shop:web" }),
    bound("c4", "ClusterRole missing", web),
    bound("c5", "ClusterRole all", { kind: "User", name: "somebody" }),
  ],
};

async function readFrom(lists: Record<string, unknown>): Promise<Reading<readonly AccountRights[]>> {
  const server = createServer((request, response) => {
    const items = lists[(request.url ?? "").split("?")[0] ?? ""];
    response.writeHead(items === undefined ? 403 : 200).end(JSON.stringify({ metadata: {}, items }));
  });
  return listening(server, async (port) => withCluster(port, readAccountRights));
}

test("rights of an account come by its name, its user and its groups, where they are bound", async () => {
  const found = await readFrom(good);
  expect(found).toMatchObject({
    ok: true,
    value: [
      {
        name: "web",
        rights: [
          { verb: "get", resource: "secrets:one", where: "shop", via: "Role reads by RoleBinding b1" },
          {
            verb: "patch",
            resource: "deployments.apps/scale",
            where: "other",
            via: "ClusterRole scales by RoleBinding b2",
          },
          { verb: "*", resource: "*.*", where: "cluster", via: "ClusterRole all by ClusterRoleBinding c1" },
          { verb: "get", resource: "/*", where: "cluster" },
        ],
      },
      { name: "default", rights: [] },
    ],
  });
});

test.each(Object.keys(good))("without the list %s there is no reading", async (path) => {
  const { [path]: _, ...rest } = good;
  expect(await readFrom(rest)).toMatchObject({ ok: false, why: expect.stringMatching(/403/) });
  expect(await readFrom({ ...good, [path]: [{ metadata: {} }] })).toMatchObject({ ok: false });
});

test.each([
  ["get pods @kafka", { verb: "get", group: "", resource: "pods", namespace: "kafka" }],
  [
    "get pods/proxy:p-0:80 @kafka",
    { verb: "get", group: "", resource: "pods", subresource: "proxy", name: "p-0:80", namespace: "kafka" },
  ],
  [
    "patch deployments.apps/scale @cluster",
    { verb: "patch", group: "apps", resource: "deployments", subresource: "scale" },
  ],
  ["* *.* @cluster", { verb: "*", group: "*", resource: "*" }],
  ["sign signers.certificates.k8s.io @cluster", { verb: "sign", group: "certificates.k8s.io", resource: "signers" }],
])("%s is asked with its parts", (words, resourceAttributes) => {
  const [verb = "", resource = "", where = ""] = words.split(" ");
  expect(attributesOf({ verb, resource, where: where.slice(1) })).toEqual({ resourceAttributes });
});

test("a path is asked as one", () => {
  const asked = { verb: "get", resource: "/metrics", where: "cluster" };
  expect(attributesOf(asked)).toEqual({ nonResourceAttributes: { verb: "get", path: "/metrics" } });
  expect(attributesOf({ ...asked, resource: "/*" })).toEqual({ nonResourceAttributes: { verb: "get", path: "*" } });
});
