/**
 * Oracle's API under its own names, for tests of the whole command: a proxy on loopback that leads those names to a server with certificates of an
 * authority of the test's own. The command is told of both by Node's own variables, which a gate refuses: the product has no switch for it.
 */
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { connect } from "node:net";
import { join } from "node:path";
import { testAuthority } from "./certificate-authority.ts";
import { listening } from "./loopback.ts";
import { homeRegion, oracle, type Bent, type Held } from "./oracle-api.ts";

const names: readonly string[] = [
  `iaas.${homeRegion}.oraclecloud.com`,
  `identity.${homeRegion}.oci.oraclecloud.com`,
  `objectstorage.${homeRegion}.oraclecloud.com`,
  `osp-oci-integ.osp.${homeRegion}.oci.oraclecloud.com`,
];

/**
 * Serves it while `work` runs.
 * @param work is given what must stand in the environment of the command
 * @param options.folder takes the authority's certificate
 */
export async function withOracleAtItsNames<T>(
  held: Held,
  work: (environment: Readonly<Record<string, string>>) => Promise<T>,
  options: { readonly folder: string; readonly bent?: Bent },
): Promise<T> {
  const { folder, bent } = options;
  const authority = await testAuthority("oke-proof test of Oracle");
  const caFile = join(folder, "oracle-ca.pem");
  writeFileSync(caFile, authority.pem);
  // The names themselves say which region is asked: one alone is served.
  const within = (): string => `/${homeRegion}`;
  const server = createTlsServer(
    await authority.issue({ names }),
    oracle(held, { within, ...(bent === undefined ? {} : { bent }) }),
  );
  return listening(server, async (port) =>
    listening(leadingTo(port), async (proxy) => {
      const address = `http://127.0.0.1:${proxy}`;
      const nobody = "127.0.0.1,localhost";
      return work({
        NODE_USE_ENV_PROXY: "1",
        NODE_EXTRA_CA_CERTS: caFile,
        HTTPS_PROXY: address,
        https_proxy: address,
        NO_PROXY: nobody,
        no_proxy: nobody,
      });
    }),
  );
}

/** Leads whoever asks for one of the names to a port of this machine, and nobody to anywhere else. */
function leadingTo(port: number): ReturnType<typeof createServer> {
  const proxy = createServer();
  proxy.on("connect", (request, socket) => {
    if (!names.some((name) => request.url === `${name}:443`)) {
      socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
      return;
    }
    const onward = connect(port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      socket.pipe(onward).pipe(socket);
    });
    onward.on("error", () => socket.destroy());
    socket.on("error", () => onward.destroy());
  });
  return proxy;
}
