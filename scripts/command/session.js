import { runProgram } from "./program.js";

/** The signals that end a process, and that a person or the system sends. */
export const signals = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);
// As a shell reports them: 128 plus the signal number.
const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };
/** How long a process may take to exit on SIGTERM before it is killed, in milliseconds. */
const gracePeriod = 5000;

/**
 * On a signal, ends all processes of a session and then this process. The session belongs to a program that
 * was spawned with `detached`, and includes its descendants, whatever their process groups.
 *
 * @param {import("node:child_process").ChildProcess} leader
 * @param {() => void} onSignal called first
 * @returns {() => void} removes the signal handlers
 */
export function endOnSignals(leader, onSignal) {
  /** @param {keyof typeof exitCodes} signal */
  const end = async (signal) => {
    onSignal();
    await endSession(leader);
    process.exit(exitCodes[signal]);
  };
  for (const signal of signals) process.once(signal, end);
  return () => {
    for (const signal of signals) process.off(signal, end);
  };
}

/**
 * Does work that should not end halfway. A signal meanwhile takes effect after it.
 *
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function holdSignals(work) {
  /** @type {NodeJS.Signals | undefined} */
  let held;
  /** @param {NodeJS.Signals} signal */
  const hold = (signal) => void (held = signal);
  for (const signal of signals) process.on(signal, hold);
  try {
    return await work();
  } finally {
    for (const signal of signals) process.off(signal, hold);
    if (held !== undefined) {
      process.kill(process.pid, held);
      // A dependency may have a listener, which then ends the process a little later.
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** @param {import("node:child_process").ChildProcess} leader */
async function endSession(leader) {
  if (leader.pid === undefined) return;
  const deadline = performance.now() + gracePeriod;
  for (let pids = await processesOf(leader.pid); pids.length > 0;) {
    const isOver = performance.now() > deadline;
    for (const pid of pids) kill(pid, isOver ? "SIGKILL" : "SIGTERM");
    await new Promise((resolve) => setTimeout(resolve, 100));
    pids = await processesOf(leader.pid);
  }
}

/**
 * Lists the processes of a session (POSIX: ps -o sess). Where sessions do not exist, only the leader.
 *
 * @param {number} session
 */
async function processesOf(session) {
  const none = { exitCode: 1, stdout: "" };
  const { exitCode, stdout } = await runProgram("ps", ["-A", "-o", "pid=,sess="]).catch(() => none);
  if (exitCode !== 0) return [session].filter((pid) => kill(pid, 0));
  return stdout
    .split("\n")
    .map((row) => row.trim().split(/\s+/u).map(Number))
    .flatMap(([pid, owner]) => (owner === session && pid !== undefined ? [pid] : []));
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals | 0} signal
 */
function kill(pid, signal) {
  try {
    return process.kill(pid, signal);
  } catch {
    // The process has already exited.
    return false;
  }
}
