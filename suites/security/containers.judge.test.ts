import { expect, test } from "vitest";
import { read, unread, type Outcome } from "../../harness/verdict.ts";
import type { ContainerContext } from "../../probes/kubernetes/hardening.ts";
import { judgeContainers } from "./containers.judge.ts";

const now = new Date("2026-11-22T12:00:00.000Z");

function container(changes: Partial<ContainerContext> = {}): ContainerContext {
  return {
    namespace: "kafka",
    pod: "kafka-0",
    workload: "kafka",
    container: "kafka",
    runAsUser: 65532,
    runAsNonRoot: true,
    uid: 65532,
    readOnlyRoot: true,
    escalation: false,
    privileged: false,
    dropsAll: true,
    adds: [],
    seccomp: "RuntimeDefault",
    ...changes,
  };
}

const { uid: _, ...unseen } = container();
const exceptions = [
  {
    namespace: "kafka",
    workload: "kafka",
    container: "agent",
    lacks: ["another user than root" as const, "no capabilities" as const],
    why: "reads the logs of all containers of its node",
  },
];
const rules = { namespaces: ["kafka", "velero"], peopled: ["kafka"], exceptions };

test.each<readonly [string, ContainerContext, Outcome, RegExp]>([
  ["hardened", container(), "pass", /^1 containers are hardened, 0 of them but for .* of 1 the runtime told the user$/],
  ["not seen running, and declared", unseen, "pass", /of 0 the runtime told/],
  ["another number, without runAsNonRoot", { ...unseen, runAsNonRoot: false, runAsUser: 1 }, "pass", /./],
  ["nothing declared, but seen as another user", container({ runAsNonRoot: false, uid: 1 }), "pass", /./],
  [
    "seen as root",
    container({ uid: 0 }),
    "fail",
    /^container kafka of pod kafka\/kafka-0 lacks another user than root$/,
  ],
  ["declared as root", { ...unseen, runAsUser: 0 }, "fail", /lacks another user than root$/],
  ["root by number", { ...unseen, runAsNonRoot: false, runAsUser: 0 }, "fail", /lacks another user/],
  ["writable", container({ readOnlyRoot: false }), "fail", /lacks a read-only root file system$/],
  ["with escalation", container({ escalation: true }), "fail", /lacks no escalation$/],
  ["privileged", container({ privileged: true }), "fail", /lacks no privilege$/],
  ["with the runtime's capabilities", container({ dropsAll: false }), "fail", /lacks no capabilities$/],
  ["with one capability", container({ adds: ["NET_BIND_SERVICE"] }), "fail", /lacks no capabilities$/],
  ["unconfined", container({ seccomp: "Unconfined" }), "fail", /lacks filtered system calls$/],
  ["without a filter named", container({ seccomp: "none named" }), "fail", /lacks filtered system calls$/],
  ["with a filter of its own", container({ seccomp: "Localhost" }), "pass", /./],
  ["excepted", container({ container: "agent", uid: 0 }), "pass", /^1 containers are hardened, 1 of them but for/],
  [
    "lacking more than is excepted",
    container({ container: "agent", uid: 0, readOnlyRoot: false }),
    "fail",
    /^container agent of pod kafka\/kafka-0 lacks a read-only root file system$/,
  ],
  ["excepted in another container", container({ container: "other", uid: 0 }), "fail", /container other/],
])("a container that is %s", (name, given, outcome, because) => {
  const verdict = judgeContainers(read([given], name, now), rules);
  expect(verdict).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test("other namespaces do not count; one that must have pods and has none is a gap", () => {
  const elsewhere = container({ namespace: "kube-system", uid: 0 });
  expect(judgeContainers(read([container(), elsewhere], "pods", now), rules).outcome).toBe("pass");
  expect(judgeContainers(read([container({ namespace: "velero" })], "pods", now), rules)).toMatchObject({
    outcome: "unproven",
    because: "namespace kafka holds no pod: there is nothing to judge",
  });
  expect(judgeContainers(unread("403", "pods", now), rules)).toMatchObject({ outcome: "unproven", because: "403" });
});
