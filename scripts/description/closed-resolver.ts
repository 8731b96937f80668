import { BaseResolver, ResolveError, type Document, type Source } from "@redocly/openapi-core";

/**
 * Gives Redocly only the documents that were already read and checked, and no other file or URL.
 * Without it, bundling and linting would follow any reference, even one in an `x-*` extension or an
 * example.
 */
export class ClosedResolver extends BaseResolver {
  constructor(documents: Iterable<Document> = []) {
    super();
    for (const document of documents) {
      this.cache.set(document.source.absoluteRef, Promise.resolve(document));
    }
  }

  override loadExternalRef(reference: string): Promise<Source> {
    return Promise.reject(
      new ResolveError(new Error(`${reference} is not a part of the description.`)),
    );
  }
}
