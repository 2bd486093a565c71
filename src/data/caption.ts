/**
 * A caption with the identity of what it describes.
 */
import type { Span } from "../core/time/index.ts";

export type Caption = Readonly<{
  id: string;
  text: string;
  /** The image or video that it describes; splits keep a source on one side. */
  source: string;
  /** Where in its video it holds, in seconds. */
  span?: Span;
}>;
