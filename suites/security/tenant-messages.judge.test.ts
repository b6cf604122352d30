import { expect, test } from "vitest";
import { read, unread } from "../../harness/verdict.ts";
import { judgeTenantMessages, type Channel } from "./tenant-messages.judge.ts";

const now = new Date("2026-11-22T09:00:00Z");
const good: Channel = {
  name: "rabbitmq",
  owner: { tenant: "clinic-a", user: "alice-a" },
  places: ["health-data"],
  messages: read([{ where: "health-data", tenant: "clinic-a", user: "alice-a" }], "prober", now),
  forged: read(4, "prober", now),
  moved: read([], "api", now),
  controls: [{ what: "the narrative written anew", moved: read(true, "api", now) }],
};
const judge = (changes: Partial<Channel>) => judgeTenantMessages([{ ...good, ...changes }], 1);
const messages = (tenant?: string, user?: string): Partial<Channel> => ({
  messages: read(
    [{ where: "health-data", ...(tenant === undefined ? {} : { tenant }), ...(user === undefined ? {} : { user }) }],
    "prober",
    now,
  ),
});

test("messages that name their tenant, and forged ones that move nobody, pass", () => {
  expect(judge({})).toMatchObject({ outcome: "pass" });
});

test.each<readonly [string, Partial<Channel>, RegExp]>([
  ["a message without a tenant", messages(), /^a message of health-data names no tenant/],
  ["a message in another tenant's name", messages("clinic-b", "alice-a"), /about data of clinic-a names clinic-b/],
  ["a message in another user's name", messages("clinic-a", "bob-a"), /about data of alice-a names bob-a/],
  ["a message without a user", messages("clinic-a"), /names nobody/],
  ["one effect", { moved: read(["a reminder of alice-a came to alice-b"], "api", now) }, /came to alice-b/],
])("%s fails", (_what, changes, why) => {
  expect(judge(changes)).toMatchObject({ outcome: "fail", because: expect.stringMatching(why) });
});

test.each<readonly [string, Partial<Channel>, RegExp]>([
  ["no message found", { messages: read([], "prober", now) }, /no message of health-data was found/],
  ["messages that could not be read", { messages: unread("403", "prober", now) }, /403/],
  ["nothing forged", { forged: read(0, "prober", now) }, /no message in another tenant's name was sent/],
  ["a forged one that was not taken", { forged: unread("503", "prober", now) }, /503/],
  ["effects that could not be looked for", { moved: unread("timeout", "api", now) }, /timeout/],
  [
    "a right message that moved nobody",
    { controls: [{ what: "the narrative", moved: read(false, "api", now) }] },
    /so nothing follows/,
  ],
  ["no right message", { controls: [] }, /no right message was sent/],
])("%s is unproven", (_what, changes, why) => {
  expect(judge(changes)).toMatchObject({ outcome: "unproven", because: expect.stringMatching(why) });
});

test("a channel that was not looked at leaves the criterion unproven", () => {
  expect(judgeTenantMessages([good], 2).outcome).toBe("unproven");
  expect(judgeTenantMessages([], 2).outcome).toBe("unproven");
});
