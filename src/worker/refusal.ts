import type { Problem } from '../lib/protocol';

/** Answers with a problem: as a document to programs, as a page to people. */
export function refusalResponse(request: Request, problem: Problem): Response {
	const wantsPage =
		request.headers.get('accept')?.includes('text/html') &&
		!new URL(request.url).pathname.startsWith('/api/');
	const headers = { 'cache-control': 'no-store' };
	return wantsPage
		? new Response(page(problem), {
				status: problem.status,
				headers: { ...headers, 'content-type': 'text/html; charset=utf-8' }
			})
		: Response.json(problem, {
				status: problem.status,
				headers: { ...headers, 'content-type': 'application/problem+json' }
			});
}

const escaped = (text: string) =>
	text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

function page({ title, detail, status }: Problem): string {
	return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)} · Signalbox</title>
<style>
	body { font: 16px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 15vh auto; padding: 0 1.5rem; }
	h1 { font-size: 1.4rem; } code { font-size: 0.9em; } p { opacity: 0.85; }
</style>
<h1>${escaped(title)}</h1>
<p>${escaped(detail)}</p>
<p>Signalbox is closed until it knows who is asking. To open it, protect this Worker with
Cloudflare Access and give people roles in the var <code>ROLES</code>, for example
<code>{"ana@example.com":["viewer","approver"],"group:ops":["viewer","operator"]}</code>.
On your own machine <code>npm start</code> needs none of this.</p>
<p><small>${status}</small></p>
</html>`;
}
