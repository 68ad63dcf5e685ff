import MarkdownIt from 'markdown-it';

/** What a link may lead to: the web, a mail, or a page of ours. */
const SAFE_LINK = /^(https?:\/\/|mailto:|\/(?!\/)|#)/i;

const markdown = new MarkdownIt({ html: false, linkify: false, breaks: true });
// Pictures are fetched from wherever the text says: that would tell others who reads it, and when.
markdown.disable('image');
markdown.validateLink = (url) => SAFE_LINK.test(url.trim());
markdown.renderer.rules.link_open = (tokens, index, options, _env, renderer) => {
	tokens[index]?.attrSet('rel', 'noopener noreferrer nofollow');
	if (!/^\//.test(String(tokens[index]?.attrGet('href'))))
		tokens[index]?.attrSet('target', '_blank');
	return renderer.renderToken(tokens, index, options);
};
// A page has its headings already: those of a text begin below them.
markdown.core.ruler.push('lower-headings', ({ tokens }) => {
	for (const token of tokens) {
		if (/^heading_/.test(token.type)) token.tag = `h${Math.min(6, Number(token.tag.slice(1)) + 2)}`;
	}
});

/**
 * Markdown as HTML that is safe to show: raw HTML comes out as text, links lead to the web or to our
 * own pages only, and nothing is fetched.
 */
export function renderMarkdown(text: string): string {
	return markdown.render(text);
}
