/** Questions about videos: what is asked, and which answer is right. */
export {
  type Sample,
  type StaticTask,
  staticTasks,
  type TaskName,
  type TemporalTask,
  temporalTasks,
} from "./sample.ts";
