import type { Kind } from "../change.ts";
import { responses } from "./responses.ts";
import { authentication } from "./authentication.ts";
import { bodies } from "./bodies.ts";
import { names } from "./names.ts";
import { notation } from "./notation.ts";
import { operations } from "./operations.ts";
import { pages } from "./pages.ts";
import { parameters } from "./parameters.ts";
import { ranges } from "./ranges.ts";
import { servers } from "./servers.ts";
import { states } from "./states.ts";
import { statuses } from "./statuses.ts";
import { texts } from "./texts.ts";

export const kinds: readonly Kind[] = [
  responses,
  ranges,
  states,
  parameters,
  bodies,
  servers,
  authentication,
  statuses,
  operations,
  notation,
  names,
  texts,
  pages,
];
