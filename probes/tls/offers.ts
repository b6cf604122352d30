/** What is offered to an ingress: two that every client of today makes, and such as it must refuse. */
import type { Offer } from "./handshake.ts";

/** At or above the floor: one of these must be agreed to, or no refusal beside it means anything. */
export const soundOffers: readonly Offer[] = [
  { name: "TLS 1.3", protocol: "TLSv1.3", ciphers: [] },
  {
    name: "TLS 1.2 with forward secrecy",
    protocol: "TLSv1.2",
    ciphers: [
      "ECDHE-ECDSA-AES128-GCM-SHA256",
      "ECDHE-RSA-AES128-GCM-SHA256",
      "ECDHE-ECDSA-CHACHA20-POLY1305",
      "ECDHE-RSA-CHACHA20-POLY1305",
    ],
  },
];

/** Keys of static RSA: whoever learns the server's key later reads what was recorded today. */
const withoutForwardSecrecy = [
  "AES128-GCM-SHA256",
  "AES256-GCM-SHA384",
  "AES128-SHA",
  "AES256-SHA",
  "AES128-SHA256",
  "AES256-SHA256",
];

/** CBC: the encryption and its check are two, which padding oracles live on. */
const withoutAuthentication = ["ECDSA", "RSA"].flatMap((key) =>
  ["AES128-SHA", "AES256-SHA", "AES128-SHA256", "AES256-SHA384"].map((cipher) => `ECDHE-${key}-${cipher}`),
);

/** The ciphers that protocols before TLS 1.2 know. */
const oldCiphers = [...withoutForwardSecrecy, ...withoutAuthentication].filter((name) => name.endsWith("-SHA"));

const weak = (why: string, ciphers: readonly string[]): readonly Offer[] =>
  ciphers.map((cipher) => ({ name: `${cipher} in TLS 1.2 (${why})`, protocol: "TLSv1.2", ciphers: [cipher] }));

/** Below the floor, besides SSL 3 (ssl3.ts). Whoever refuses that speaks no SSL 2 either. */
export const offersBelowFloor: readonly Offer[] = [
  { name: "TLS 1.0", protocol: "TLSv1", ciphers: oldCiphers },
  { name: "TLS 1.1", protocol: "TLSv1.1", ciphers: oldCiphers },
  ...weak("no forward secrecy", withoutForwardSecrecy),
  ...weak("CBC", withoutAuthentication),
];
