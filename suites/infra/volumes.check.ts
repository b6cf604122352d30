/** volume-claims-bound and volumes-below-limit: claims, the volumes behind them, and the kubelets' numbers of both. */
import { readVolumeClaims, readVolumes } from "../../probes/kubernetes/volumes.ts";
import { readNodeVolumes } from "../../probes/prober/volumes.ts";
import { check } from "../check.ts";
import { judgeClaimsBound, judgeVolumesBelowLimit } from "./volumes.judge.ts";

check("volume-claims-bound", async ({ cluster, profile }) => {
  const [claims, volumes] = await Promise.all([readVolumeClaims(cluster), readVolumes(cluster)]);
  return judgeClaimsBound({ claims, volumes }, profile.storage.namespaces);
});

check("volumes-below-limit", async ({ cluster, profile }) => {
  const [claims, volumes, measured] = await Promise.all([
    readVolumeClaims(cluster),
    readVolumes(cluster),
    readNodeVolumes(cluster, profile),
  ]);
  return judgeVolumesBelowLimit({ claims, volumes, measured }, profile.storage, new Date());
});
