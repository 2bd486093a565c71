export { nearestNumber, numberAt, numberCount, secondOfNumber } from "./numbering.ts";
export { hundredthAt, secondOfHundredth, secondOfShare, shareOfSecond } from "./share.ts";
export { contains, duration, type Moment, type Span, span } from "./span.ts";
export {
  evenTimeline,
  frameCount,
  frameSpan,
  framesWithin,
  indexAt,
  type Timeline,
  timeAt,
  timeline,
} from "./timeline.ts";
export { formatTimestamp, parseTimestamp } from "./timestamp.ts";
