/** Where a profile asks for an easier load than the one it was laid over. */
import type { LoadPlan } from "./load-plan.ts";

/** One sentence a field that makes a run of load prove less. */
export function loadsLess(builtIn: LoadPlan, load: LoadPlan): string[] {
  const fewer = (
    ["usersFirst", "usersPlateau", "plateauSeconds", "recoverySeconds", "generatorIdlePercentMin"] as const
  )
    .filter((field) => load[field] < builtIn[field])
    .map((field) => `load.${field} is ${load[field]}, not ${builtIn[field]}`);
  const slower = load.thinkSeconds > builtIn.thinkSeconds;
  return [
    ...fewer,
    ...(slower ? [`load.thinkSeconds is ${load.thinkSeconds}, not ${builtIn.thinkSeconds}`] : []),
    ...(load.sharedMachine !== undefined && builtIn.sharedMachine === undefined
      ? [`load.sharedMachine lets the generator measure itself: ${load.sharedMachine}`]
      : []),
    ...(load.balancerMbps !== undefined && builtIn.balancerMbps === undefined
      ? ["load.balancerMbps excuses latency by a cap that the built-in profile does not know"]
      : []),
  ];
}
