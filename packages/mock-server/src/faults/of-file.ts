import type { Answer, RawAnswer } from "../answer.ts";
import type { Download } from "../download.ts";
import type { PlayedFault } from "./kind.ts";

type Spoil = (answer: Answer, download: Download) => Answer | RawAnswer;

/** Spoils a file or a part of it. */
export function ofFile(number: number, summary: string, spoil: Spoil): PlayedFault {
  return {
    number,
    on: "download",
    summary,
    apply: ({ answer, download }) => download && spoil(answer, download),
  };
}

/** Spoils the whole of a file that holds something. */
export function ofWhole(number: number, summary: string, spoil: Spoil): PlayedFault {
  return {
    number,
    on: "download",
    summary,
    apply: ({ answer, download }) =>
      answer.status === 200 && download?.body.length ? spoil(answer, download) : undefined,
  };
}

/** Spoils a part of a file: what resumes a download. */
export function ofPart(number: number, summary: string, spoil: Spoil): PlayedFault {
  return {
    number,
    on: "download",
    summary,
    apply: ({ answer, download }) =>
      answer.status === 206 && download ? spoil(answer, download) : undefined,
  };
}
