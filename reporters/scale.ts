/** From numbers to places on an axis, and the round numbers that stand beside it. */

export type Tick = { readonly at: number; readonly text: string };

/** An axis: `label` names its unit. A place outside is drawn at its edge. */
export type Scale = {
  readonly label: string;
  readonly low: number;
  readonly high: number;
  readonly isLogarithmic: boolean;
  readonly ticks: readonly Tick[];
};

const words = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });

/** What is smaller has no place of its own on any axis here, and its logarithm would be none. */
const smallest = 1e-6;

/** From 0 to a round number that is not below `highest`, in at most six steps; from 0 to 1 where there is nothing to show. */
export function linear(label: string, highest: number): Scale {
  const top = highest > smallest ? highest : 1;
  const step = roundUp(top / 5);
  const steps = Math.ceil(top / step - 1e-9);
  const ticks = Array.from({ length: steps + 1 }, (_, index) => tick(Number((index * step).toPrecision(12))));
  return { label, low: 0, high: steps * step, isLogarithmic: false, ticks };
}

const decadesWithAllTicks = 3;

/** From a power of ten, or two or five of it, to another. A `highest` that is not above `lowest` is taken ten times as large. */
export function logarithmic(label: string, lowest: number, highest: number): Scale {
  const low = roundDown(Math.max(lowest, smallest));
  const high = roundUp(highest > low ? highest : low * 10);
  const decades = Math.log10(high / low);
  const [from, until] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const powers = Array.from({ length: until - from + 1 }, (_, index) => 10 ** (from + index));
  const all = powers.flatMap((power) => (decades <= decadesWithAllTicks ? [power, 2 * power, 5 * power] : [power]));
  return { label, low, high, isLogarithmic: true, ticks: all.filter((at) => at >= low && at <= high).map(tick) };
}

const timeSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400, 604_800];
const timeTicksMax = 10;

/** From 0 to the end of a run, in minutes and seconds. */
export function elapsed(label: string, seconds: number): Scale {
  const high = seconds > smallest ? seconds : 1;
  const step = timeSteps.find((one) => high / one <= timeTicksMax) ?? high;
  const ticks = Array.from({ length: Math.floor(high / step) + 1 }, (_, index) => ({
    at: index * step,
    text: minutes(index * step),
  }));
  return { label, low: 0, high, isLogarithmic: false, ticks };
}

/** Where a value stands on an axis of so many pixels, from its low end: a number from 0 to `length`. */
export function placeOn({ low, high, isLogarithmic }: Scale, value: number, length: number): number {
  const share = isLogarithmic
    ? Math.log(Math.max(value, low) / low) / Math.log(high / low)
    : (value - low) / (high - low);
  return Math.round(Math.min(Math.max(share, 0), 1) * length * 10) / 10;
}

function tick(at: number): Tick {
  return { at, text: words.format(at) };
}

function minutes(seconds: number): string {
  const rest = Math.floor(seconds % 60);
  return `${Math.floor(seconds / 60)}:${String(rest).padStart(2, "0")}`;
}

/** The smallest of 1, 2, 5 and 10 times a power of ten that is not below the value. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5].find((times) => times * power >= value * (1 - 1e-9)) ?? 10) * power;
}

/** The largest of 1, 2 and 5 times a power of ten that is not above the value. */
function roundDown(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([5, 2].find((times) => times * power <= value * (1 + 1e-9)) ?? 1) * power;
}
