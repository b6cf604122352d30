import { expect, test } from "vitest";
import type { Profile } from "../../environments/profile.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import { readFrom } from "../../test/one-reply.ts";
import { publishMessages, readMessages } from "./messages.ts";

const prober = { namespace: "health-platform", pod: "flow-prober-0", port: 8080 };
const profile: Pick<Profile, "health"> = { health: { host: "health.example", users: ["alice-a"], roles: {}, prober } };
const reader = (cluster: Cluster) => readMessages(cluster, profile, "an-id");

test("messages are read with what they say, and one that says nothing says nothing", async () => {
  const whole = { id: "1", tenant: "clinic-a", object: "clinic-a/1.json", sha256: "0", recordedAt: "now" };
  const { tenant: _, ...without } = whole;
  const messages = [whole, without, { ...whole, tenant: 1 }].map((one) => JSON.stringify(one));
  const { asked, found } = await readFrom(reader, JSON.stringify({ messages: [...messages, "not JSON"] }));
  expect(asked).toMatch(/pods\/flow-prober-0:8080\/proxy\/messages\/an-id$/);
  expect(found).toMatchObject({ ok: true, value: [whole, without, {}, {}] });
});

test("no answer is a reason", async () => {
  expect((await readFrom(reader, "{}")).found.ok).toBe(false);
  expect((await readFrom(reader, "{}", 503)).found).toMatchObject({ ok: false, why: expect.stringContaining("503") });
});

test("what was sent is counted by the prober", async () => {
  const sender = (cluster: Cluster) => publishMessages(cluster, profile, [{ id: "1" }]);
  expect((await readFrom(sender, JSON.stringify({ published: 1 }))).found).toMatchObject({
    ok: true,
    value: { published: 1 },
  });
});
