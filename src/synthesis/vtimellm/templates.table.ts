/**
 * VTimeLLM's question templates of stage 2 (arXiv 2311.18445, Box 3), with {s}, {e} for the times and {T} for the event.
 */

/** Dense captioning, D1 to D10. */
export const denseQuestions = [
  "Could you please detail the events that took place during different time segments in the video?",
  "I'm curious about what happened at different points in the video. Could you please describe the events?",
  "Could you provide a summary of the incidents that occurred at various timestamps in the video?",
  "I'd like to know what events transpired during specific time intervals in the video. Could you please elaborate?",
  "Can you give me a breakdown of the occurrences at different timestamps in the video?",
  "I'm interested in understanding the events that unfolded at different points in the video. Could you please specify?",
  "Could you outline the incidents that happened during different time periods in the video?",
  "I'm trying to grasp the sequence of events in the video. Could you please outline what happened at different times?",
  "Can you go through the video and describe what took place at different time intervals?",
  "I'd appreciate it if you could provide a detailed account of the events that occurred at different timestamps in the video.",
] as const;

/** Event captioning, E1 to E10; the answer is the event. */
export const eventQuestions = [
  "Can you describe what occurred from {s} to {e} in the video?",
  "Could you tell me what happened from {s} to {e} in the video?",
  "What transpired from {s} to {e} in the video?",
  "Describe what took place from {s} to {e} in the video.",
  "Tell me about the events from {s} to {e} in the video.",
  "What was going on from {s} to {e} in the video?",
  "Please recount what occurred from {s} to {e} in the video.",
  "Explain what happened from {s} to {e} in the video.",
  "Provide details about the events from {s} to {e} in the video.",
  "Share what transpired from {s} to {e} in the video.",
] as const;

/** Temporal grounding, T1 to T10; the answer is "From {s} to {e}." */
export const groundingQuestions = [
  "During which frames can we see {T} happening in the video?",
  "Between which frames is {T} visible in the video?",
  "At what point in the video can we observe {T} taking place?",
  "Between which two frames can we witness {T} occurring in the video?",
  "During which frames in the video can we observe {T} happening?",
  "At which time interval in the video can we see {T} occurring?",
  "Between which frames can we find {T} taking place in the video?",
  "At what point in the video can we witness {T} happening?",
  "Between which two frames in the video can we observe {T} taking place?",
  "During which frames does {T} occur in the video?",
] as const;
