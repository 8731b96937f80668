// The types of ./operations.ts, in the format of openapi-typescript.

interface Thing {
  id: string;
  name?: string;
}
interface ParsedResponse<Content> {
  headers: { [name: string]: unknown };
  content: Content;
}
interface Json<T> {
  "application/json": T;
}
interface Parameters {
  query?: never;
  header?: never;
  path?: never;
  cookie?: never;
}

export interface paths {
  "/things": {
    get: {
      parameters: Omit<Parameters, "query" | "header"> & {
        query?: {
          tag?: string[];
          ids?: number[];
          pipes?: string[];
          spaces?: string[];
          filter?: { [property: string]: unknown };
          range?: { from?: number; to?: number };
          where?: { name: string };
          raw?: string;
          limit?: number;
        };
        header?: { "X-Features"?: string[]; "X-Tenant"?: string | null };
      };
      responses: { 200: ParsedResponse<Json<Thing[]>>; 400: ParsedResponse<Json<{ why: string }>> };
    };
    post: {
      parameters: Omit<Parameters, "header"> & { header?: { "X-Tenant"?: string | null } };
      requestBody: { content: { "application/merge-patch+json": { name: string } } };
      responses: { 201: ParsedResponse<Json<Thing>>; 204: { headers: object; content?: never } };
    };
  };
  "/things/{thing-id}": {
    get: {
      parameters: Omit<Parameters, "header" | "path"> & {
        header?: { "X-Version"?: string };
        path: { "thing-id": string };
      };
      responses: { 200: ParsedResponse<Json<Thing>> };
    };
    delete: {
      parameters: Omit<Parameters, "path"> & { path: { "thing-id": string } };
      responses: { 204: { headers: object; content?: never } };
    };
    put: { parameters: Parameters; responses: { 200: ParsedResponse<Json<Thing>> } };
  };
  "/health": {
    get: {
      parameters: Parameters;
      responses: {
        200: ParsedResponse<Json<{ ok: boolean }> & { "text/plain": string }>;
        202: ParsedResponse<{ "text/csv": string }>;
      };
    };
  };
  "/log{parts}{form}": {
    get: {
      parameters: Omit<Parameters, "query" | "path"> & {
        query: { since: string };
        path: { parts: string[]; form: string };
      };
      responses: { 200: ParsedResponse<{ "application/x-ndjson": string }> };
    };
  };
  "/jobs/{id}": {
    get: {
      parameters: Omit<Parameters, "path"> & { path: { id: number } };
      responses: { 200: ParsedResponse<Json<{ state: string; progress?: number }>> };
    };
  };
}
