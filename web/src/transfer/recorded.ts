/** Files of docs/results that the page shows and that are shipped beside it, in their order on the page. */
export const recordedResults = [
  "reproduce-t3.json",
  "probe-micro.json",
  "probe-after-t3.json",
  "reproduce-t3-full.json",
  "knock-out-micro.json",
  "knock-out-after-t3.json",
] as const;
