/** Whether a healthy server is there. Asked outside of the API client: it needs no session and nothing kept. */
export async function serverAnswers(): Promise<boolean> {
  try {
    const response = await fetch(new URL("/api/v1/health", window.location.origin), {
      cache: "no-store",
      signal: AbortSignal.timeout(4000),
    });
    return response.ok;
  } catch {
    return false;
  }
}
