/** Certificates of the ingress: every host of the profile, at every address behind every https address. */
import { readAuthority } from "../../probes/http/authority.ts";
import { readCertificate } from "../../probes/http/certificate.ts";
import { resolveAll } from "../../probes/http/endpoints.ts";
import { fewAtATime } from "../../probes/few-at-a-time.ts";
import { check } from "../check.ts";
import { judgeCertificates, type Handshake } from "./certificates.judge.ts";

const handshakesAtOnce = 16;

check("certificates-valid", async ({ profile, signal }) => {
  const { https, caFile, daysLeftMin, routes } = profile.ingress;
  const timeoutMs = profile.timeouts.requestMs;
  const authority = await readAuthority(caFile);
  const { addresses, endpoints } = await resolveAll(https, { timeoutMs, signal });
  const hosts = [...new Set(routes.map(({ host }) => host))];
  const pairs = endpoints.flatMap((endpoint) => hosts.map((host) => ({ endpoint, host })));
  const handshakes = !authority.ok
    ? []
    : await fewAtATime(pairs, handshakesAtOnce, async ({ endpoint, host }): Promise<Handshake> => {
        const asked = { endpoint, host, authority: authority.value, timeoutMs, signal };
        return { host, address: endpoint.label, reading: await readCertificate(asked) };
      });
  return judgeCertificates({ authority, addresses, handshakes }, { daysLeftMin }, new Date());
});
