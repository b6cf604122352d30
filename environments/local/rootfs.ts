/** Root file systems from Debian packages, made with mmdebstrap and kept as base images in the engine. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { run } from "./command.ts";
import type { Engine } from "./engine.ts";
import { buildImage, hasImage, withContext } from "./images.ts";
import { cachePaths } from "./paths.ts";
import { imageReference, versions } from "./versions.ts";

export type RootFileSystem = {
  readonly name: string;
  readonly packages: readonly string[];
  /** Shell lines run on the finished tree, which is $1; what they delete is not in the image. */
  readonly hooks: readonly string[];
  /** "extract" unpacks the packages and runs none of their scripts: enough for a single program and its libraries. */
  readonly variant?: "minbase" | "extract";
};

const buildMsMax = 1_500_000;
/** What no container of ours reads. */
const slim = `rm -rf "$1"/usr/share/doc "$1"/usr/share/man "$1"/usr/share/info "$1"/usr/share/locale "$1"/var/lib/apt/lists/* "$1"/var/cache/apt "$1"/var/cache/debconf "$1"/var/log/*`;

/** The base image of a root file system; its tag changes with the packages and hooks, not with Debian's own updates. */
export function baseReference(rootFileSystem: RootFileSystem): string {
  const { name, packages, hooks } = rootFileSystem;
  return imageReference(`${name}-base`, versions.debian, [
    ...packages,
    "/",
    ...hooks,
    slim,
    process.arch,
    rootFileSystem.variant ?? "",
  ]);
}

/** Makes the base image if the engine lacks it. */
export async function buildBase(engine: Engine, rootFileSystem: RootFileSystem, signal: AbortSignal): Promise<void> {
  const reference = baseReference(rootFileSystem);
  if (await hasImage(engine, reference)) return;
  await withContext(rootFileSystem.name, async (context) => {
    const hooks = [...rootFileSystem.hooks, slim].map((hook) => `--customize-hook=${hook}`);
    const args = [
      `--variant=${rootFileSystem.variant ?? "minbase"}`,
      "--format=tar",
      `--include=${rootFileSystem.packages.join(",")}`,
    ];
    await run("mmdebstrap", [...args, ...hooks, versions.debian, join(context, "root.tar")], {
      signal,
      timeoutMs: buildMsMax,
      logFile: join(cachePaths.logs, `rootfs-${rootFileSystem.name}.log`),
    });
    await buildImage(engine, { reference, context, containerfile: "FROM scratch\nADD root.tar /\n", signal });
    await rm(join(context, "root.tar"), { force: true });
  });
}

/** systemd, containerd and what kubeadm and the kubelet call on a node. */
export const nodeRoot: RootFileSystem = {
  name: "node",
  packages: [
    ..."systemd,systemd-sysv,dbus,containerd,runc,containernetworking-plugins,iptables,ipset,ipvsadm,conntrack,iproute2,kmod,jq".split(
      ",",
    ),
    ..."ethtool,socat,ebtables,util-linux,mount,e2fsprogs,ca-certificates,procps,libseccomp2,hostname,tar,zstd,psmisc,openssl".split(
      ",",
    ),
  ],
  hooks: [
    `mkdir -p "$1"/opt/cni/bin "$1"/etc/cni/net.d "$1"/kind "$1"/etc/kubernetes/manifests && cp -a "$1"/usr/lib/cni/. "$1"/opt/cni/bin/`,
    `rm -f "$1"/etc/cni/net.d/* "$1"/etc/machine-id && touch "$1"/etc/machine-id`,
    `rm -rf "$1"/lib/systemd/system/multi-user.target.wants/systemd-logind.service "$1"/lib/systemd/system/sysinit.target.wants/systemd-firstboot.service`,
  ],
};

/** What Cilium's agent calls: a compiler for its BPF programs and the network tools. */
export const ciliumRoot: RootFileSystem = {
  name: "cilium",
  packages: "clang-19,llvm-19,iproute2,iptables,ipset,bpftool,kmod,ca-certificates,util-linux,mount,jq,procps".split(
    ",",
  ),
  hooks: [
    `rm -rf "$1"/usr/lib/llvm-19/build "$1"/usr/lib/llvm-19/lib/*.a "$1"/usr/lib/llvm-19/lib/libLTO* "$1"/usr/share/perl5`,
  ],
};

/** kube-proxy's helpers. */
export const proxyRoot: RootFileSystem = {
  name: "proxy",
  packages: ["iptables", "ipset", "conntrack", "kmod"],
  hooks: [],
};

/** PostgreSQL without its just-in-time compiler (the LLVM libraries are three quarters of it) and without scripts in Perl and Python. */
export const postgresRoot: RootFileSystem = {
  name: "postgres",
  packages: ["postgresql-15"],
  hooks: [
    `rm -rf "$1"/usr/lib/postgresql/15/lib/llvmjit* "$1"/usr/lib/postgresql/15/lib/bitcode "$1"/usr/lib/*/libLLVM* "$1"/usr/lib/*/libz3* "$1"/usr/share/perl "$1"/usr/share/perl5 "$1"/usr/lib/*/perl* "$1"/usr/lib/python3*`,
  ],
};

/** Accounts and name resolution for a tree that no package script has run in. */
export const account = `mkdir -p "$1"/etc "$1"/tmp && chmod 1777 "$1"/tmp && printf 'root:x:0:0::/:/\\nnobody:x:65532:65532::/:/\\n' > "$1"/etc/passwd && printf 'root:x:0:\\nnobody:x:65532:\\n' > "$1"/etc/group && printf 'hosts: files dns\\n' > "$1"/etc/nsswitch.conf`;

/** The C and C++ libraries and nothing else: what Node and Envoy stand on. */
export const libraryRoot: RootFileSystem = {
  name: "library",
  variant: "extract",
  packages: ["libc6", "libstdc++6", "libgcc-s1"],
  hooks: [account],
};

/** Debian's docker-registry with its one library. */
export const registryRoot: RootFileSystem = {
  name: "registry",
  variant: "extract",
  packages: ["docker-registry", "libc6"],
  hooks: [account],
};
