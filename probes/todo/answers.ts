/** What the todo backend answers, parsed at the door. */
import { z } from "zod";

/** A task as its user gets it; what the checks ask nothing of is left out. */
export const taskAnswer = z.object({
  id: z.uuid(),
  title: z.string(),
  description: z.string().optional(),
  status: z.enum(["open", "done"]),
  priority: z.string(),
  tags: z.array(z.string()),
  dueAt: z.string().optional(),
  remindAt: z.string().optional(),
  recurring: z.string().optional(),
  createdAt: z.iso.datetime(),
  previousId: z.string().optional(),
  nextId: z.string().optional(),
});

export const tasksAnswer = z.object({ tasks: z.array(taskAnswer), total: z.int().min(0) });

export const notificationsAnswer = z.object({
  notifications: z.array(
    z.object({
      id: z.string().min(1),
      taskId: z.uuid(),
      title: z.string(),
      remindAt: z.iso.datetime(),
      deliveredAt: z.iso.datetime(),
    }),
  ),
});

export type Task = Readonly<z.output<typeof taskAnswer>>;
export type TaskList = Readonly<z.output<typeof tasksAnswer>>;
export type Notification = Readonly<z.output<typeof notificationsAnswer>["notifications"][number]>;
