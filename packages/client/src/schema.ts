/** The types of the description, as openapi-typescript writes them. There is nothing at run time. */
export type { components, operations, paths } from "@audit-logs/generated/audit-logs/schema";
