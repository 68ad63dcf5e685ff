import { LOCALE } from '../lib/messages/locale';
import { signInText } from '../lib/messages/server/sign-in';
import type { Problem } from '../lib/protocol';

/** Answers with a problem: as HTML to a browser that opens a page, as JSON otherwise. */
export function refusalResponse(request: Request, problem: Problem): Response {
	const wantsPage =
		request.headers.get('accept')?.includes('text/html') &&
		!new URL(request.url).pathname.startsWith('/api/');
	const headers = { 'cache-control': 'no-store' };
	if (!wantsPage) {
		return Response.json(problem, {
			status: problem.status,
			headers: { ...headers, 'content-type': 'application/problem+json' }
		});
	}
	const nonce = crypto.randomUUID();
	return new Response(page(problem, nonce), {
		status: problem.status,
		headers: {
			...headers,
			'content-type': 'text/html; charset=utf-8',
			'content-security-policy': `default-src 'none'; style-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`
		}
	});
}

const escaped = (text: string) =>
	text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

/** What the placeholders of the text stand for. */
const CODE: Record<string, string> = {
	roles: 'ROLES',
	example: '{"ana@example.com":["viewer","approver"],"group:ops":["viewer","operator"]}',
	start: 'npm start'
};
const howToOpen = signInText.howToOpen.replace(
	/\{(\w+)\}/g,
	(_, name: string) => `<code>${escaped(CODE[name] ?? name)}</code>`
);

function page({ title, detail, status }: Problem, nonce: string): string {
	const help = status === 401 || status === 403 ? `<p>${howToOpen}</p>` : '';
	return `<!doctype html>
<html lang="${LOCALE}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${escaped(signInText.documentTitle(title))}</title>
<style nonce="${nonce}">
	body { font: 16px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 15vh auto; padding: 0 1.5rem; }
	h1 { font-size: 1.4rem; } code { font-size: 0.9em; } p { opacity: 0.85; }
</style>
<h1>${escaped(title)}</h1>
<p>${escaped(detail)}</p>
${help}
<p><small>${status}</small></p>
</html>`;
}
