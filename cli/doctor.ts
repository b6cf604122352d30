/** `oke-proof doctor`. */
import { doctor } from "../environments/local/doctor.ts";

/** Lists what the local cluster needs of this machine. Exit code 0 where nothing is missing, 3 otherwise. */
export async function runDoctor(context: { readonly say: (line: string) => void }): Promise<number> {
  const findings = await doctor();
  for (const finding of findings) {
    context.say(`${finding.ok ? "ok     " : "missing"}  ${finding.what}: ${finding.found}`);
    if (!finding.ok && finding.mend !== undefined) context.say(`         mend it with: ${finding.mend}`);
  }
  return findings.every((finding) => finding.ok) ? 0 : 3;
}
