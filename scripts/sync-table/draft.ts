import { isDeepStrictEqual } from "node:util";
import { isObject, type Json } from "../description/tree.ts";

type Branch = Record<string, unknown> | unknown[];

const paths = {
  start: "/api/audit-logs/export",
  status: "/api/audit-logs/export/{job_id}",
  download: "/api/audit-logs/export/{job_id}/download",
  list: "/api/audit-logs",
  one: "/api/audit-logs/{audit_log_id}",
};

/** Short names of places that changes refer to. */
const places: Readonly<Record<string, readonly string[]>> = {
  root: [],
  start: ["paths", paths.start, "post"],
  status: ["paths", paths.status, "get"],
  download: ["paths", paths.download, "get"],
  list: ["paths", paths.list, "get"],
  one: ["paths", paths.one, "get"],
  statusPath: ["paths", paths.status],
  job: ["components", "schemas", "ExportJobResponse"],
  schemas: ["components", "schemas"],
  schemes: ["components", "securitySchemes"],
};

/** A description that can be edited. */
export class Draft {
  #root: Branch;

  constructor(description: Json) {
    // Copies values that YAML anchors share.
    const copy: unknown = JSON.parse(JSON.stringify(description));
    if (!isBranch(copy)) throw new Error("A description is an object");
    this.#root = copy;
  }

  get description(): Json {
    return JSON.parse(JSON.stringify(this.#root));
  }

  set(place: string, value: Json): void {
    const [parent, key] = this.#find(place);
    if (isDeepStrictEqual(read(parent, key), value)) throw new Error(`${place} is that already`);
    write(parent, key, structuredClone(value));
  }

  remove(place: string): void {
    const [parent, key] = this.#find(place);
    if (read(parent, key) === undefined) throw new Error(`${place} is not there`);
    if (Array.isArray(parent)) parent.splice(Number(key), 1);
    else delete parent[key];
  }

  rename(place: string, key: string): void {
    const [parent, old] = this.#find(place);
    if (Array.isArray(parent) || !(old in parent)) throw new Error(`${place} is not there`);
    const entries = Object.entries(parent);
    for (const [name] of entries) delete parent[name];
    for (const [name, value] of entries) write(parent, name === old ? key : name, value);
  }

  add(place: string, item: Json): void {
    const [parent, key] = this.#find(place);
    const list = read(parent, key) ?? [];
    if (!Array.isArray(list)) throw new Error(`${place} is not a list`);
    write(parent, key, [...list, structuredClone(item)]);
  }

  drop(place: string, item: Json): void {
    const [parent, key] = this.#find(place);
    const list = read(parent, key);
    const rest = Array.isArray(list)
      ? list.filter((candidate) => !isDeepStrictEqual(candidate, item))
      : [];
    if (!Array.isArray(list) || rest.length === list.length) {
      throw new Error(`${place} has no ${JSON.stringify(item)}`);
    }
    write(parent, key, rest);
  }

  rewrite(change: (value: Json) => Json): void {
    const walk = (value: Json): Json => {
      if (Array.isArray(value)) return value.map(walk);
      if (!isObject(value)) return value;
      const entries = Object.entries(value).map(([key, child]) => [key, walk(child)]);
      return change(Object.fromEntries(entries));
    };
    const changed = walk(this.description);
    if (!isBranch(changed) || Array.isArray(changed)) throw new Error("A description is an object");
    this.#root = { ...changed };
  }

  /** Finds the parent of a place, and its key there. A `~` in a key represents a full stop. */
  #find(place: string): [parent: Branch, key: string] {
    const [alias = "", ...rest] = place.split(".");
    const keys = [...(places[alias] ?? [alias]), ...rest].map((key) => key.replaceAll("~", "."));
    const last = keys.pop() ?? "";
    let parent = this.#root;
    for (const key of keys) {
      const child = read(parent, key);
      if (!isBranch(child)) throw new Error(`${place} has no ${key}`);
      parent = child;
    }
    return [parent, last];
  }
}

function isBranch(value: unknown): value is Branch {
  return typeof value === "object" && value !== null;
}

function read(parent: Branch, key: string): unknown {
  return Array.isArray(parent) ? parent[Number(key)] : parent[key];
}

function write(parent: Branch, key: string, value: unknown): void {
  if (Array.isArray(parent)) parent[Number(key)] = value;
  else parent[key] = value;
}
