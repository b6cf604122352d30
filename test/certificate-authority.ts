/** A certificate authority for a test, made anew, and server certificates of it whose days count from now. */
import { issueCertificate, makeAuthority } from "../environments/local/certificates.ts";

const dayMs = 86_400_000;

export type Issued = { readonly cert: string; readonly key: string };

export type TestAuthority = {
  readonly pem: string;
  issue(wanted: {
    readonly names: readonly string[];
    readonly daysFrom?: number;
    readonly daysTo?: number;
  }): Promise<Issued>;
};

/** Makes an authority with its own key. */
export async function testAuthority(name: string): Promise<TestAuthority> {
  const ca = await makeAuthority(name);
  return {
    pem: ca.certificate,
    async issue({ names, daysFrom = -1, daysTo = 90 }) {
      const now = Date.now();
      const [notBefore, notAfter] = [new Date(now + daysFrom * dayMs), new Date(now + daysTo * dayMs)];
      const { certificate, key } = await issueCertificate({ ca, names, notBefore, notAfter });
      return { cert: certificate, key };
    },
  };
}
