/**
 * A witness reads a question and says which statements are true of the frames, from measurements alone (observer.fixture.ts):
 * positions, areas, light, outlines, colours. It shares no code and no variable with what wrote the questions.
 */
import { type Colour, colours, type Film, renderFilm, type Shape, shapes } from "../../world/index.ts";
import { look, type Sight, shiftBetween, turnBetween } from "./observer.fixture.ts";
import { renderedOutline } from "./outlines.fixture.ts";

/** Everything that was measured of a film: whole frames, and the halves above and below by themselves. */
export type Testimony = Readonly<{ whole: readonly Sight[]; above: readonly Sight[]; below: readonly Sight[] }>;

const size = { width: 64, height: 64 };

export function watch(film: Film): Testimony {
  const frames = [...renderFilm(film, size)];
  const half = (i: 0 | 1) =>
    frames.map(({ width, height, data }) => {
      const part = data.length / 2;
      return look({ width, height: height / 2, data: data.slice(i * part, (i + 1) * part) });
    });
  // Looking is slow, and most questions are about whole frames.
  let [above, below]: (readonly Sight[] | undefined)[] = [];
  return {
    whole: frames.map(look),
    get above() {
      above ??= half(0);
      return above;
    },
    get below() {
      below ??= half(1);
      return below;
    },
  };
}

/** Is it true? `ask` is the question that a short option answers. */
export function isTrue(statement: string, testimony: Testimony, ask = ""): boolean {
  const { whole } = testimony;
  const asked = `${ask} ${statement}`;
  if (/first|, .*, |same time|before or after/.test(asked) && !/same speed/.test(asked)) {
    return orderIs(statement, ask, whole);
  }
  if (/faster than|slower than|same speed as|Which is faster/.test(asked))
    return comparisonHolds(statement, ask, testimony);
  if (/camera/.test(asked)) return cameraDoes(statement, whole);
  if (/speed|faster and|slower and/.test(asked)) return speedIs(statement, whole);
  const [from, to] = /from (?:an? )?(\w+) to (?:an? )?(\w+)/.exec(statement)?.slice(1) ?? [];
  if (from && to) return looks(from, whole[0]) && looks(to, whole.at(-1)) && from !== to;
  if (/remain/.test(statement)) return /unchanged/.test(statement) ? isUnchanged(whole) : isStill(whole);
  return statement.split(" and ").every((part) => happens(part, whole));
}

function happens(what: string, sights: readonly Sight[]): boolean {
  const [first, last] = [sights[0] as Sight, sights.at(-1) as Sight];
  const there = (sight: Sight) => sight.area > 0.005;
  const growth = last.area / first.area;
  const brightening = last.light / first.light;
  const turned = turning(sights);
  const [spanX, spanY] = [span(sights, "x"), span(sights, "y")];
  const [dx, dy] = [last.x - first.x, last.y - first.y];
  if (/disappear/.test(what)) return there(first) && !there(last);
  if (/appear/.test(what)) return !there(first) && there(last);
  if (!there(first) || !there(last)) return false;
  if (/grow|larger/.test(what)) return growth > 1.5;
  if (/shrink|smaller/.test(what)) return growth < 1 / 1.5;
  if (/brighten|brighter/.test(what)) return brightening > 1.4;
  if (/darken|dimmer/.test(what)) return brightening < 1 / 1.4;
  if (/spin/.test(what)) return Math.abs(turned) > 90;
  if (/counterclockwise/.test(what)) return turned < -90;
  if (/clockwise/.test(what)) return turned > 90;
  if (/bounce/.test(what)) return spanY > 0.1 && spanX < 0.05 && dy < 0.12;
  if (/shake/.test(what)) return spanX > 0.1 && spanY < 0.05 && Math.abs(dx) < 0.2;
  if (/left/.test(what)) return dx < -0.2 && spanY < 0.05;
  if (/right/.test(what)) return dx > 0.2 && spanY < 0.05;
  if (/up/.test(what)) return dy < -0.2 && spanX < 0.05;
  if (/down/.test(what)) return dy > 0.2 && spanX < 0.05;
  throw new Error(`Expected a statement that can be seen, got "${what}".`);
}

function span(sights: readonly Sight[], axis: "x" | "y"): number {
  const values = sights.map((sight) => sight[axis]);
  return Math.max(...values) - Math.min(...values);
}

/** Degrees clockwise from first to last, added up over every third frame. */
function turning(sights: readonly Sight[]): number {
  const seen = sights.filter((_, i) => i % 3 === 0);
  return seen.slice(1).reduce((sum, sight, i) => sum + turnBetween(seen[i] as Sight, sight), 0);
}

function isStill(sights: readonly Sight[]): boolean {
  return span(sights, "x") < 0.03 && span(sights, "y") < 0.03 && Math.abs(turning(sights)) < 30;
}

function isUnchanged(sights: readonly Sight[]): boolean {
  const [first, last] = [sights[0] as Sight, sights.at(-1) as Sight];
  const ratio = (a: number, b: number) => Math.max(a, b) / Math.min(a, b);
  return (
    ratio(first.area, last.area) < 1.1 &&
    ratio(first.light, last.light) < 1.1 &&
    Math.abs(first.dark - last.dark) < 0.05 &&
    misfit(first.outline, last.outline) < 8 &&
    mainColour(first) === mainColour(last)
  );
}

function mainColour(sight: Sight | undefined): Colour | undefined {
  return [...(sight?.colours ?? [])].sort(([, a], [, b]) => b.area - a.area)[0]?.[0];
}

/** Has the one thing in sight this colour, shape or texture? */
function looks(word: string, sight: Sight | undefined): boolean {
  if (!sight) return false;
  if (colours.some((name) => name === word)) return mainColour(sight) === word;
  if (word === "plain") return sight.dark < 0.12;
  if (word === "striped" || word === "dotted") return sight.dark > 0.12;
  const distance = (shape: Shape) => misfit(sight.outline, renderedOutline(shape));
  return shapes.every((shape) => distance(word as Shape) <= distance(shape));
}

/** Mean squared difference of two outlines, each scaled to a mean reach of ten. */
function misfit(a: Float64Array, b: Float64Array): number {
  const [scaleA, scaleB] = [sum(a), sum(b)].map((total) => (10 * a.length) / total) as [number, number];
  return sum(a.map((reach, i) => (scaleA * reach - scaleB * (b[i] as number)) ** 2)) / a.length;
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}

function cameraDoes(what: string, sights: readonly Sight[]): boolean {
  const seen = sights.filter((_, i) => i % 2 === 0);
  let [dx, dy] = [0, 0];
  for (const [i, sight] of seen.slice(1).entries()) {
    const [x, y] = shiftBetween(seen[i] as Sight, sight);
    [dx, dy] = [dx + x, dy + y];
  }
  const growth = (sights.at(-1) as Sight).area / (sights[0] as Sight).area;
  const panned = Math.max(Math.abs(dx), Math.abs(dy)) > 0.3;
  // What is seen moves against the camera.
  if (/left/.test(what)) return panned && dx > 2 * Math.abs(dy);
  if (/right/.test(what)) return panned && -dx > 2 * Math.abs(dy);
  if (/up/.test(what)) return panned && dy > 2 * Math.abs(dx);
  if (/down/.test(what)) return panned && -dy > 2 * Math.abs(dx);
  if (/zooms? in/.test(what)) return growth > 1.6 && !panned;
  if (/zooms? out/.test(what)) return growth < 1 / 1.6 && !panned;
  if (/still/.test(what)) return !panned && growth > 0.9 && growth < 1.1;
  throw new Error(`Expected a statement about the camera, got "${what}".`);
}

type Place = Readonly<{ x: number; y: number }>;

/** Frame widths a second, at 8 frames a second: the median over steps of four frames, which a turn at the track's end spoils. */
function speedOf(places: readonly Place[]): number {
  const steps = places
    .slice(4)
    .map(({ x, y }, i) => Math.hypot(x - (places[i]?.x as number), y - (places[i]?.y as number)));
  return (steps.sort((a, b) => a - b)[steps.length >> 1] as number) * 2;
}

function speedIs(what: string, sights: readonly Sight[]): boolean {
  const middle = sights.length >> 1;
  const [before, after] = [speedOf(sights.slice(0, middle)), speedOf(sights.slice(middle))];
  if (/faster/.test(what)) return after > 1.7 * before;
  if (/slower/.test(what)) return before > 1.7 * after;
  if (/same|unchanged/.test(what)) return after < 1.3 * before && before < 1.3 * after;
  const speed = speedOf(sights);
  // Slow is an eighth of a half, normal an eighth, fast a quarter of the frame's width a second; bounds are geometric means.
  const word = speed < Math.SQRT2 / 16 ? "slow" : speed < Math.SQRT2 / 8 ? "normal" : "fast";
  return new RegExp(`\\b${word}\\b`).test(what);
}

function comparisonHolds(statement: string, ask: string, testimony: Testimony): boolean {
  const pathOf = (name: string): readonly Place[] => {
    if (/above/.test(name)) return testimony.above;
    if (/below/.test(name)) return testimony.below;
    const colour = colours.find((word) => name.includes(word));
    return testimony.whole.flatMap((sight) => (colour ? (sight.colours.get(colour) ?? []) : []));
  };
  const options = /^Which is faster, (.*) or (.*)\?/.exec(ask);
  const claim = /^(?:(.*) )?move (faster than|slower than|at the same speed as) (.*)$/.exec(statement);
  const subject =
    options?.[1] ??
    claim?.[1] ??
    /the \w+ \w+(?: above| below)?(?= do)/.exec(ask.replace("the following", ""))?.[0] ??
    "";
  const other = options?.[2] ?? claim?.[3] ?? "";
  const ratio = speedOf(pathOf(subject)) / speedOf(pathOf(other));
  const truth = ratio > 1.4 ? "faster" : ratio < 1 / 1.4 ? "slower" : "same";
  if (claim) return (claim[2] as string).includes(truth);
  return statement === (truth === "same" ? "they are the same" : truth === "faster" ? subject : other);
}

/** More than what shade and noise make of another colour. */
function isVisible({ colours: seen }: Sight, colour: Colour): boolean {
  const area = seen.get(colour)?.area ?? 0;
  const all = [...seen.values()].reduce((total, other) => total + other.area, 0);
  return area > 0.001 && area > 0.04 * all;
}

/** When each colour is in sight: its first and last frame. */
function orderIs(statement: string, ask: string, sights: readonly Sight[]): boolean {
  const inSight = (name: string) => {
    const colour = colours.find((word) => name.includes(word));
    const frames = sights.flatMap((sight, i) => (colour && isVisible(sight, colour) ? [i] : []));
    return { first: frames[0] ?? Number.NaN, last: frames.at(-1) ?? Number.NaN };
  };
  const isBefore = (a: string, b: string) => inSight(a).last < inSight(b).first;
  const together = (a: string, b: string) => inSight(a).first === inSight(b).first;
  const named = (text: string) => text.match(new RegExp(`the (?:${colours.join("|")}) \\w+`, "g")) ?? [];
  const things = named(statement);
  const inSequence = (list: readonly string[]) => list.slice(1).every((thing, i) => isBefore(list[i] as string, thing));
  if (/before or after/.test(ask)) {
    const [a, b] = named(ask) as [string, string];
    if (statement === "at the same time") return together(a, b);
    return statement === "before" ? isBefore(a, b) : isBefore(b, a);
  }
  if (/^Which item do we see first/.test(ask)) {
    const beginning = sights[0]?.colours ?? new Map<Colour, never>();
    const present = [...beginning.keys()].filter((colour) => isVisible(sights[0] as Sight, colour));
    if (things.length === 0) return present.length === 2;
    return present.length === 1 && things[0]?.includes(present[0] as string) === true;
  }
  if (/same time/.test(statement)) return together(things[0] as string, things[1] as string);
  return inSequence(things);
}
