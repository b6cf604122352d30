/** Kubernetes quantities: "250m", "64Mi", "1e3". Source: the API machinery's resource.Quantity grammar. */

const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** The number that a quantity stands for, in its base unit (bytes, cores); undefined where the text is no quantity. */
export function parseQuantity(text: string): number | undefined {
  const found = /^([+-]?(?:\d+(?:\.\d*)?|\.\d+))(?:([eE][+-]?\d{1,3})|([numkMGTPE]|[KMGTPE]i)?)$/.exec(text);
  if (found === null) return undefined;
  const [, digits = "", exponent, suffix = ""] = found;
  const value = exponent === undefined ? Number(digits) * (factors[suffix] ?? Number.NaN) : Number(digits + exponent);
  return Number.isFinite(value) ? value : undefined;
}
