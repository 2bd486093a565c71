/** Where the bytes of a picture or a video are: base64 in the request, or an address, http(s) or file. */
export type MediaSource = Readonly<{ kind: "base64"; data: string }> | Readonly<{ kind: "url"; url: string }>;
