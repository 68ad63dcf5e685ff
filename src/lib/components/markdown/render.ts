import MarkdownIt from 'markdown-it';

/** Allowed links: the web, email, or a page of Signalbox. */
const SAFE_LINK = /^(https?:\/\/|mailto:|\/(?!\/)|#)/i;

const markdown = new MarkdownIt({ html: false, linkify: false, breaks: true });
// Fetching a picture would tell its server who reads the text, and when.
markdown.disable('image');
markdown.validateLink = (url) => SAFE_LINK.test(url.trim());
markdown.renderer.rules.link_open = (tokens, index, options, _env, renderer) => {
	tokens[index]?.attrSet('rel', 'noopener noreferrer nofollow');
	if (!/^\//.test(String(tokens[index]?.attrGet('href'))))
		tokens[index]?.attrSet('target', '_blank');
	return renderer.renderToken(tokens, index, options);
};
// The headings of a text start below those of the page.
markdown.core.ruler.push('lower-headings', ({ tokens }) => {
	for (const token of tokens) {
		if (/^heading_/.test(token.type)) token.tag = `h${Math.min(6, Number(token.tag.slice(1)) + 2)}`;
	}
});

/** Markdown as safe HTML: raw HTML becomes text, unsafe links are dropped, and nothing is fetched. */
export function renderMarkdown(text: string): string {
	return markdown.render(text);
}
