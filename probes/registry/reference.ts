/** Image references: registry, repository and tag. Source: the distribution reference grammar, with Docker's rule for names without a registry. */

export type ImageReference = {
  /** Host and port that the registry's API is asked at. */
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
  /** As it was written, without a digest. */
  readonly written: string;
};

/** Docker's own registry answers at another name than it is called by. */
const hub = { names: ["docker.io", "index.docker.io"], host: "registry-1.docker.io" };

/** The parts of a reference with an explicit tag; undefined where it has none, or is no reference. A digest behind the tag is left out. */
export function parseReference(text: string): ImageReference | undefined {
  const [written = ""] = text.split("@");
  const [, name = "", tag] = /^(.+?):([\w][\w.-]{0,127})$/.exec(written) ?? [];
  if (tag === undefined || !/^[a-zA-Z0-9.:-]+(\/[a-z0-9._-]+)*$/.test(name)) return undefined;
  const [first = "", ...rest] = name.split("/");
  const hasRegistry = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  const registry = hasRegistry ? first : "docker.io";
  const path = hasRegistry ? rest.join("/") : name;
  if (!/^[a-z0-9._/-]+$/.test(path)) return undefined;
  const isHub = hub.names.includes(registry);
  const repository = isHub && !path.includes("/") ? `library/${path}` : path;
  return { registry: isHub ? hub.host : registry, repository, tag, written };
}
