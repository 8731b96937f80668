/** What all errors of a client have in common. A wrong argument is a `TypeError` instead. */
export class ClientError<State = unknown> extends Error {
  override readonly name: string = "ClientError";
  // What came from the server is private, so that no log prints it: URLs in it are as good as keys.
  #lastJob: State | undefined;

  /** While waiting for a job: its last known state, so that waiting can go on later. */
  get lastJob(): State | undefined {
    return this.#lastJob;
  }

  set lastJob(job: State) {
    this.#lastJob = job;
  }
}
