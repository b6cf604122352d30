/** Root file systems of the services that Debian packages well. */
import { account } from "./rootfs.ts";
import type { RootFileSystem } from "./rootfs.ts";

/** Nothing of ours runs a script in these. */
const withoutScripts = `rm -rf "$1"/usr/share/perl "$1"/usr/share/perl5 "$1"/usr/lib/*/perl "$1"/usr/lib/*/perl5 "$1"/usr/lib/python3* "$1"/usr/share/python3`;

/** Accounts redis (100) and its group (101) are made by the package, and the data belongs to them. */
export const redisRoot: RootFileSystem = { name: "redis", packages: ["redis-server"], hooks: [withoutScripts] };

/** RabbitMQ and the parts of Erlang that it needs. User 101, group 103. */
export const rabbitmqRoot: RootFileSystem = {
  name: "rabbitmq",
  packages: ["rabbitmq-server"],
  hooks: [
    withoutScripts,
    `rm -rf "$1"/usr/lib/erlang/lib/*/src "$1"/usr/lib/erlang/lib/*/include "$1"/usr/lib/erlang/lib/*/doc "$1"/usr/lib/erlang/man "$1"/var/lib/rabbitmq/* "$1"/var/lib/rabbitmq/.erlang.cookie`,
  ],
};

/** What a Java virtual machine stands on: the C libraries and zlib. */
export const javaRoot: RootFileSystem = {
  name: "java",
  variant: "extract",
  packages: ["libc6", "libstdc++6", "libgcc-s1", "zlib1g"],
  hooks: [account],
};

export const nodeExporterRoot: RootFileSystem = {
  name: "node-exporter",
  variant: "extract",
  packages: ["prometheus-node-exporter", "libc6"],
  hooks: [account],
};

/** git and what serves and fetches repositories with it; an account for the numbers that containers run as. */
export const gitRoot: RootFileSystem = {
  name: "git",
  packages: ["git", "ca-certificates", "openssh-client", "gnupg", "tini"],
  hooks: [
    `printf 'argocd:x:999:999::/home/argocd:/bin/sh\\nnobody65532:x:65532:65532::/tmp:/bin/sh\\n' >> "$1"/etc/passwd && printf 'argocd:x:999:\\nnobody65532:x:65532:\\n' >> "$1"/etc/group && mkdir -p "$1"/home/argocd && chown 999:999 "$1"/home/argocd`,
  ],
};
