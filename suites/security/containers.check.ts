/** containers-hardened: what the pods that run allow their containers, and what the runtime says that they run as. */
import { readContainerContexts } from "../../probes/kubernetes/hardening.ts";
import { check } from "../check.ts";
import { judgeContainers } from "./containers.judge.ts";

check("containers-hardened", async ({ cluster, profile }) =>
  judgeContainers(await readContainerContexts(cluster), {
    namespaces: profile.posture.namespaces.map(({ name }) => name),
    peopled: profile.workloads.namespaces,
    exceptions: profile.posture.containers,
  }),
);
