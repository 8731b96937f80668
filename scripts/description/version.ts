import { detectSpec } from "@redocly/openapi-core";
import { Stop } from "../command/problem.ts";
import type { JsonObject } from "./tree.ts";

/** Refuses by name what no overlay could make an OpenAPI description. */
export function checkIsOpenApi(file: string, description: JsonObject): void {
  const refuse = (place: string, fault: string, remedy: string): never => {
    throw new Stop({ file, place, fault, remedy });
  };
  if ("swagger" in description) {
    refuse(
      "#/swagger",
      `It is Swagger ${String(description["swagger"])}`,
      "Convert it to OpenAPI 3 first",
    );
  }
  if (!("openapi" in description)) {
    refuse(
      "#",
      'It has no "openapi" key, so it is no OpenAPI description',
      "Give an OpenAPI 3 description; the older docs format with path, method, request and response is not one",
    );
  }
}

/** Refuses by name what is no OpenAPI 3.0 or 3.1. */
export function checkVersion(file: string, description: JsonObject): void {
  const refuse = (fault: string, remedy: string): never => {
    throw new Stop({ file, place: "#/openapi", fault, remedy });
  };
  const { openapi } = description;
  if (typeof openapi !== "string") {
    refuse(
      `The version ${JSON.stringify(openapi)} is no string`,
      `Write it as "3.1.0", with an overlay action`,
    );
  }
  let version: string;
  try {
    version = detectSpec(description);
  } catch {
    version = "unknown";
  }
  if (version !== "oas3_0" && version !== "oas3_1") {
    refuse(
      `OpenAPI ${JSON.stringify(openapi)} is not supported`,
      "Give OpenAPI 3.0 or 3.1; openapi-typescript knows no other",
    );
  }
}
