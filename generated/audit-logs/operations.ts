// Written by `pnpm generate`. Not to be edited: correct the description in its overlay.yaml, or
// take in a new one with `pnpm spec:pull`, and generate again. sha256 of what this came from:
//   e466d2645d745d7239f701e73ccc93695381c23ddcb1f6dcff978cbce2a71620  spec/audit-logs/source.md
//   c41e75c3568b70d388de72c53f37da9f227216e919643bed405df5127a09ed98  spec/audit-logs/openapi.yaml
//   ee4ecd1277cc6a7d4f82de60b5d052b5d868f0cbecda204f8df03ca0986a20d9  spec/audit-logs/overlay.yaml
//   01d0099d1b5d3213a66f298fd57d45af363774af49c5c220e50aca615f58da45  generated/audit-logs/openapi.json
//   1684daddf1497053fc5d4ecbdce40743fc3ac5e06875ae57e039765ed564e5b7  the text below

export const servers = ["https://anaconda.com"] as const;

export const operations = {
  getExportJobStatus: {
    method: "get",
    path: "/api/audit-logs/export/{job_id}",
    parameters: {
      jobId: { in: "path", name: "job_id", required: true },
      orgName: { in: "header", name: "X-Org-Name", required: false },
      apiVersion: { in: "header", name: "X-API-Version", required: false, default: "v1" },
    },
    authentication: [[{ in: "header", name: "Authorization", prefix: "Bearer " }]],
    job: {
      property: "status",
      states: ["pending", "running", "completed", "failed"],
      succeeded: ["completed"],
      failed: ["failed"],
    },
  },
} as const;
