import { absorbed, add, either, remove, replace, set, type Kind } from "../change.ts";

const facts = (...servers: readonly string[]) => ({ getExportJobStatus: { servers } });
const url = "root.servers.0.url";
const [names, unusable] = [["server|servers"], "major"] as const;

export const servers: Kind = {
  kind: "Servers",
  changes: [
    absorbed("The server's host looks the same", "major", [set(url, "https://anacond\u0430.com")], {
      facts: facts("https://xn--anacond-8fg.com"),
    }),
    absorbed("The server has another host", "major", [set(url, "https://api.anaconda.com")], {
      facts: facts("https://api.anaconda.com"),
    }),
    absorbed(
      "A second server is new",
      "minor",
      [add("root.servers", { url: "https://eu.anaconda.com" })],
      {
        facts: facts("https://anaconda.com", "https://eu.anaconda.com"),
      },
    ),
    absorbed(
      "Another server stands first",
      "major",
      [set("root.servers", [{ url: "https://eu.anaconda.com" }, { url: "https://anaconda.com" }])],
      { facts: facts("https://eu.anaconda.com", "https://anaconda.com") },
    ),
    absorbed("The server has a path", "major", [set(url, "https://anaconda.com/v2")], {
      facts: facts("https://anaconda.com/v2"),
      calls: ({ requests }) => requests.some(({ url: sent }) => sent.startsWith("/v2/api/")),
    }),
    absorbed(
      "The server has a variable",
      "major",
      [
        set("root.servers.0", {
          url: "https://{region}.anaconda.com",
          variables: { region: { default: "us", enum: ["us", "eu"] } },
        }),
      ],
      { facts: facts("https://us.anaconda.com") },
    ),
    either("The server is relative", unusable, names, [set(url, "/")], { facts: facts() }),
    either("The server is http", unusable, names, [set(url, "http://anaconda.com")], {
      facts: facts(),
    }),
    either("The server is protocol-relative", unusable, names, [set(url, "//anaconda.com")], {
      facts: facts(),
    }),
    either(
      "The server has a user",
      unusable,
      names,
      [set(url, "https://user:secret@anaconda.com")],
      {
        facts: facts(),
      },
    ),
    either(
      "The server has a query",
      unusable,
      names,
      [set(url, "https://anaconda.com/?tenant=1")],
      {
        facts: facts(),
      },
    ),
    either("The server is ftp", unusable, names, [set(url, "ftp://anaconda.com")], {
      facts: facts(),
    }),
    either("There are no servers", unusable, names, [remove("root.servers")], { facts: facts() }),
    absorbed(
      "An operation has a server",
      "major",
      [set("status.servers", [{ url: "https://jobs.anaconda.com" }])],
      { facts: facts("https://jobs.anaconda.com") },
    ),
    absorbed(
      "A path has a server",
      "major",
      [set("statusPath.servers", [{ url: "https://jobs.anaconda.com" }])],
      { facts: facts("https://jobs.anaconda.com") },
    ),
    absorbed("The host is written in capitals", "none", [
      replace("https://anaconda.com\n", "https://Anaconda.com\n"),
    ]),
    absorbed("The server ends with a slash", "none", [set(url, "https://anaconda.com/")]),
    absorbed("The server names the port of https", "none", [set(url, "https://anaconda.com:443")]),
    absorbed("The text of the server changes", "none..patch", [
      set("root.servers.0.description", "Production"),
    ]),

    either("The server has a fragment", unusable, names, [set(url, "https://anaconda.com#api")], {
      facts: facts(),
    }),
    either("The server is a web socket", unusable, names, [set(url, "wss://anaconda.com")], {
      facts: facts(),
    }),
    either("The server has a private IP address", unusable, names, [set(url, "http://10.0.0.1")], {
      facts: facts(),
    }),
    either(
      "A server's variable has no default",
      unusable,
      ["region|variables|default"],
      [
        set("root.servers.0", {
          url: "https://{region}.anaconda.com",
          variables: { region: { enum: ["us"] } },
        }),
      ],
    ),
    either(
      "A server's variable is not described",
      unusable,
      ["region|variables|servers"],
      [set(url, "https://{region}.anaconda.com")],
    ),
    absorbed(
      "A server's variable has another default",
      "major",
      [set("root.servers.0.variables.region.default", "eu")],
      {
        before: [
          set("root.servers.0", {
            url: "https://{region}.anaconda.com",
            variables: { region: { default: "us" } },
          }),
        ],
        facts: facts("https://eu.anaconda.com"),
      },
    ),
    either(
      "An operation's server is relative",
      unusable,
      names,
      [set("status.servers", [{ url: "/v2" }])],
      {
        facts: facts(),
      },
    ),
    absorbed("A server is listed twice", "none..minor", [
      add("root.servers", { url: "https://anaconda.com" }),
    ]),
    absorbed("The server has a port", "major", [set(url, "https://anaconda.com:8443")], {
      facts: facts("https://anaconda.com:8443"),
    }),
    either("A list of an operation's servers is empty", "none..major", names, [
      set("status.servers", []),
    ]),
  ],
};
