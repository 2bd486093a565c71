/**
 * References of models behind endpoints: where the server is, which model, and which environment variable holds the key.
 *
 * A key is sent only where it belongs: OPENAI_API_KEY to OpenAI (or OPENAI_BASE_URL), GEMINI_API_KEY to Google, and to any
 * other address ZOETROPE_API_KEY or the variable that the user names.
 */

type Environment = Readonly<Record<string, string | undefined>>;

export type EndpointReference = Readonly<{
  /** Without a slash at the end. */
  baseUrl: string;
  /** null where the server's only model is meant. */
  model: string | null;
  protocol: "chat-completions" | "gemini";
  key: string | null;
  /** Variables that were looked at for the key. */
  keyNames: readonly string[];
}>;

const openAiUrl = "https://api.openai.com/v1";
const geminiUrl = "https://generativelanguage.googleapis.com/v1beta";

/** Is this the reference of an endpoint rather than of a folder, script or run? */
export function isEndpointReference(reference: string): boolean {
  return /^(?:https?:\/\/|openai:|gemini:)/.test(reference);
}

export type ReferenceOptions = Readonly<{
  environment?: Environment;
  /** The variable that holds the key. */
  keyName?: string;
  /** Nothing will be asked, so that no key is needed. */
  isKeyless?: boolean;
}>;

/**
 * Read "http://host:port/v1#model", "openai:NAME" or "gemini:NAME". Throws a
 * RangeError on addresses that carry secrets, and where a key that must be there is not.
 */
export function readEndpointReference(
  reference: string,
  { environment = process.env, keyName, isKeyless = false }: ReferenceOptions = {},
): EndpointReference {
  const [, service, name] = /^(openai|gemini):(.+)$/.exec(reference) ?? [];
  const address =
    service === "openai" ? (environment.OPENAI_BASE_URL ?? openAiUrl) : service === "gemini" ? geminiUrl : reference;
  const url = readAddress(address, reference);
  const isGemini = url.hostname === "generativelanguage.googleapis.com" && !url.pathname.includes("/openai");
  const keyNames = keyName === undefined ? usualKeys(url, service) : [keyName];
  const key = keyNames.map((each) => environment[each]).find((value) => value !== undefined && value !== "") ?? null;
  const model = name ?? decodeURIComponent(url.hash.slice(1));
  url.hash = "";
  const isNeeded =
    keyName !== undefined || ["api.openai.com", "generativelanguage.googleapis.com"].includes(url.hostname);
  if (key === null && isNeeded && !isKeyless)
    throw new RangeError(
      `Expected the key of ${url.host} in ${keyNames.join(" or ")}, got none. Set it in the environment.`,
    );
  return {
    baseUrl: url.href.replace(/\/+$/, ""),
    model: model === "" ? null : model,
    protocol: isGemini ? "gemini" : "chat-completions",
    key,
    keyNames,
  };
}

function readAddress(address: string, reference: string): URL {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (!url || !/^https?:$/.test(url.protocol))
    throw new RangeError(
      `Expected an address like http://127.0.0.1:8000/v1#model, openai:NAME or gemini:NAME, got "${reference}".`,
    );
  // Not repeated: what is wrong with it may be a secret.
  if (url.username !== "" || url.password !== "" || url.search !== "")
    throw new RangeError(
      `Expected an address without user name, password and query, because references are written into logs. Put the key of ${url.host} into the environment and name its variable with --key-env.`,
    );
  return url;
}

function usualKeys(url: URL, service: string | undefined): string[] {
  if (service === "openai" || url.hostname === "api.openai.com") return ["OPENAI_API_KEY"];
  if (url.hostname === "generativelanguage.googleapis.com") return ["GEMINI_API_KEY", "GOOGLE_API_KEY"];
  return ["ZOETROPE_API_KEY"];
}
