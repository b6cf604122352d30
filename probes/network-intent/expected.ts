/** Which connections a declaration leaves open. Pure: what a cluster does with it is another question. */
import { BlockList, isIP } from "node:net";
import type { Profile } from "../../environments/profile.ts";
import type { Declaration } from "./declaration.ts";

type Target = Profile["networkIntent"]["targets"][number];

/** Whether a pod in `place` may connect to the target: its own side must let it out, and the other's must let it in. */
export function isDeclared(declaration: Declaration, place: string, target: Target): boolean {
  const { connections } = declaration;
  const fits = ({ ports }: { readonly ports?: readonly number[] | undefined }): boolean =>
    ports === undefined || ports.includes(target.peer?.port ?? target.port);
  const goesOut = Object.values(connections).some(
    (one) => fits(one) && one.from.includes(place) && one.to.some((to) => coversTarget(declaration, to, target)),
  );
  if (!goesOut || target.peer === undefined || !isPods(declaration, target.peer.name)) return goesOut;
  const name = target.peer.name;
  return Object.values(connections).some(
    (one) => fits(one) && one.to.includes(name) && one.from.some((from) => coversPod(declaration, from, place)),
  );
}

function coversTarget(declaration: Declaration, name: string, target: Target): boolean {
  const peer = declaration.peers[name];
  if (peer === undefined) return false;
  if (target.peer !== undefined) {
    return name === target.peer.name || ("everyNamespace" in peer && isPods(declaration, target.peer.name));
  }
  if (!("cidrs" in peer)) return false;
  return isWithin(target.host, peer.cidrs) && !isWithin(target.host, peer.except ?? []);
}

function coversPod(declaration: Declaration, name: string, place: string): boolean {
  const peer = declaration.peers[name];
  return peer !== undefined && (name === place || "everyNamespace" in peer);
}

function isPods({ peers }: Declaration, name: string): boolean {
  const peer = peers[name];
  return peer !== undefined && "pods" in peer;
}

function isWithin(address: string, cidrs: readonly string[]): boolean {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [network = "", bits = ""] = cidr.split("/");
    list.addSubnet(network, Number(bits), isIP(network) === 6 ? "ipv6" : "ipv4");
  }
  return list.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}
