import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { SlackAnswer, SlackRequest } from '../slack/requests.ts';

/** Slack's largest payloads are messages of some 100 kB. */
const largestBody = 4 * 1024 * 1024;

/** `POST /slack/events`: commands, clicks and events where Slack calls us, instead of Socket Mode. */
export function createSlackRoutes(answer: (request: SlackRequest) => Promise<SlackAnswer>): Hono {
  const routes = new Hono();
  const limit = bodyLimit({
    maxSize: largestBody,
    onError: (c) => c.json({ error: 'The body is larger than 4 MB.' }, 413),
  });
  routes.post('/events', limit, async (c) => {
    const { status, body } = await answer({ headers: c.req.header(), body: await c.req.text() });
    return body === null ? c.body(null, status) : c.json(body as object, status);
  });
  routes.all('*', (c) => c.json({ error: 'Slack sends by POST to /slack/events.' }, 405, { allow: 'POST' }));
  return routes;
}
