import type { Context, Request } from "openapi-backend";
import { jsonAnswer, type Answer } from "./answer.ts";
import type { BearerCheck } from "./bearer.ts";
import { readDescription, type Description } from "./description.ts";
import { statusOperationId, type ExportJob } from "./job.ts";
import { toValidationErrors } from "./validation-errors.ts";

/** What differs from server to server. */
export interface Stage {
  /** For each job a function that gives its next state. */
  readonly jobs: ReadonlyMap<string, () => ExportJob>;
  readonly isAccepted: BearerCheck;
}

/** The operations of a description; any number of servers can share it. */
export interface Api {
  readonly description: Description;
  answer(request: Request, stage: Stage): Promise<Answer>;
}

/** @throws Error if this is no description whose status operation can be played. */
export async function createApi(document: unknown): Promise<Api> {
  const description = await readDescription(document);
  const { api, successStatus, jobIdParameter } = description;

  /** A status that the description lists is answered as it says, or not at all. */
  function checked({ operation }: Context, status: number, body: unknown): Answer {
    const { errors } = api.validateResponse(body, operation, status);
    if (!errors) return jsonAnswer(status, body);
    const faults = errors.map(({ instancePath, message }) => `${instancePath} ${message}`.trim());
    return jsonAnswer(500, {
      detail: `${operation.operationId}: the description refuses this ${status}: ${faults.join("; ")}`,
    });
  }

  function allowedMethods(request: Request): readonly string[] {
    const methods = new Set(api.getOperations().map(({ method }) => method));
    return [...methods].filter((method) => api.matchOperation({ ...request, method }));
  }

  for (const [name, scheme] of Object.entries(api.definition.components?.securitySchemes ?? {})) {
    if (!("type" in scheme && scheme.type === "http" && /^bearer$/i.test(scheme.scheme))) {
      throw new Error(`Security scheme ${name}: only HTTP bearer tokens can be checked.`);
    }
    api.registerSecurityHandler(name, ({ request }, { isAccepted }: Stage) =>
      isAccepted(request.headers.authorization),
    );
  }

  api.register({
    [statusOperationId]: (context, { jobs }: Stage) => {
      const nextState = jobs.get(context.request.params[jobIdParameter]);
      return nextState
        ? checked(context, successStatus, nextState())
        : checked(context, 404, { detail: "Export job not found" });
    },
    validationFail: (context) =>
      checked(context, 422, { detail: toValidationErrors(context.validation.errors ?? []) }),
    unauthorizedHandler: (context) => {
      const answer = checked(context, 401, { detail: "Not authenticated" });
      return { ...answer, headers: { ...answer.headers, "WWW-Authenticate": "Bearer" } };
    },
    notFound: () => jsonAnswer(404, { detail: "Not Found" }),
    methodNotAllowed: ({ request }) =>
      jsonAnswer(
        405,
        { detail: "Method Not Allowed" },
        { Allow: allowedMethods(request).join(", ").toUpperCase() },
      ),
    notImplemented: ({ operation }) =>
      jsonAnswer(501, { detail: `${operation.operationId} is not played by this server` }),
  });

  return {
    description,
    async answer(request, stage) {
      try {
        return await api.handleRequest(request, stage);
      } catch (error) {
        // Thrown by openapi-backend for a path such as /%zz.
        if (error instanceof URIError) return jsonAnswer(400, { detail: "Malformed path" });
        throw error;
      }
    },
  };
}
