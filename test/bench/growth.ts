/** How a measure grows with a size: the exponent of the power law that fits best. */

export type Measured = { readonly size: number; readonly value: number };

/**
 * The slope of the line through the logarithms, by least squares: 1 is linear, 2 quadratic, 0 constant.
 * @throws Error for fewer than two different sizes, and for sizes and values that are not above zero
 */
export function exponentOf(measured: readonly Measured[]): number {
  if (measured.some(({ size, value }) => !(size > 0 && value > 0))) throw new Error("sizes and values are above zero");
  if (new Set(measured.map(({ size }) => size)).size < 2) throw new Error("growth needs two sizes at least");
  const points = measured.map(({ size, value }) => ({ x: Math.log(size), y: Math.log(value) }));
  const mean = (of: (point: { readonly x: number; readonly y: number }) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean((point) => point.x), mean((point) => point.y)];
  const [across, along] = [
    mean((point) => (point.x - x) * (point.y - y)),
    mean((point) => (point.x - x) * (point.x - x)),
  ];
  return across / along;
}
