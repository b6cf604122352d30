/** What the visitors of a load ask for (k6/load.ts): each must have been asked, and each is judged by itself. */
export const loadEndpoints: readonly string[] = [
  "POST /api/v1/records",
  "GET /api/v1/records",
  "GET /api/v1/records/{id}",
  "DELETE /api/v1/records/{id}",
  "POST /api/v1/tasks",
  "GET /api/v1/tasks",
  "PATCH /api/v1/tasks/{id}",
  "DELETE /api/v1/tasks/{id}",
];
