import type { Answer, RawAnswer } from "../response.ts";
import type { Download } from "../download.ts";
import type { FaultImplementation } from "./kind.ts";

type ChangeAnswer = (answer: Answer, download: Download) => Answer | RawAnswer;

/** A fault in the answer with a file or a part of it. */
export function ofFile(number: number, summary: string, change: ChangeAnswer): FaultImplementation {
  return {
    number,
    on: "download",
    summary,
    apply: ({ answer, download }) => download && change(answer, download),
  };
}

/** A fault in the answer with a complete file that is not empty. */
export function ofFullFile(
  number: number,
  summary: string,
  change: ChangeAnswer,
): FaultImplementation {
  return {
    number,
    on: "download",
    summary,
    apply: ({ answer, download }) =>
      answer.status === 200 && download?.body.length ? change(answer, download) : undefined,
  };
}

/** A fault in the answer with a part of a file, which resumes a download. */
export function ofPart(number: number, summary: string, change: ChangeAnswer): FaultImplementation {
  return {
    number,
    on: "download",
    summary,
    apply: ({ answer, download }) =>
      answer.status === 206 && download ? change(answer, download) : undefined,
  };
}
