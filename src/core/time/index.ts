export { contains, duration, type Moment, type Span, span } from "./span.ts";
