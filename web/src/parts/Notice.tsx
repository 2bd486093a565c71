/** Something that the user should know, with what to do about it. */
import type { ReactNode } from "react";

type Props = Readonly<{ kind?: "bad" | "plain"; title: string; children?: ReactNode }>;

export function Notice({ kind = "plain", title, children }: Props) {
  return (
    <div className={`notice ${kind}`} role={kind === "bad" ? "alert" : "status"}>
      <h3>{title}</h3>
      {children}
    </div>
  );
}

/** Our errors read "Expected X, got Y. Do Z.": the remedy stands apart. */
export function ErrorNotice({ title, error }: Readonly<{ title: string; error: string }>) {
  return (
    <Notice kind="bad" title={title}>
      <p className="quiet" style={{ overflowWrap: "anywhere" }}>
        {error}
      </p>
    </Notice>
  );
}
